/* The protobuf format: messages of a type that a .proto file defines. */

import { insertOnly } from '#catalog';
import type { FormatDescriptor } from '../format.ts';
import { ProtoDecoder } from './decoder.ts';
import { ProtoEncoder } from './encoder.ts';
import { messageOfOptions } from './find-message.ts';
import { protobufOptionSpecs } from './options.ts';
import { rowsOfMessage } from './rows-of-message.ts';

const name = 'protobuf';

export const protobufFormat: FormatDescriptor = {
  name,
  options: protobufOptionSpecs,
  changelog: insertOnly,
  columns: (options) => ({ fields: rowsOfMessage(messageOfOptions(options)), options: {} }),
  decoder: (fields, options) =>
    new ProtoDecoder(messageOfOptions(options), fields, {
      format: name,
      skipsMalformed: options.boolean('ignore-parse-errors'),
      defaults: options.boolean('read-default-values'),
    }),
  encoder: (fields, options) =>
    new ProtoEncoder(messageOfOptions(options), fields, {
      format: name,
      nullText: options.string('write-null-string-literal') ?? '',
    }),
};
