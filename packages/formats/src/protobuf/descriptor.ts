/* The protobuf format: messages of a type that a .proto file defines. */

import { insertOnly } from '#catalog';
import type { FormatDescriptor } from '../format.ts';
import type { FormatOptions } from '../format-options.ts';
import { ProtoDecoder, type ProtoDecoderOptions } from './decoder.ts';
import { ProtoEncoder } from './encoder.ts';
import { messageOfOptions } from './find-message.ts';
import { protobufOptionSpecs } from './options.ts';
import { rowsOfMessage } from './rows-of-message.ts';
import { createProtoScanner } from './scan/scanner.ts';

const name = 'protobuf';

const reading = (options: FormatOptions): ProtoDecoderOptions => ({
  format: name,
  skipsMalformed: options.boolean('ignore-parse-errors'),
  defaults: options.boolean('read-default-values'),
});

export const protobufFormat: FormatDescriptor = {
  name,
  options: protobufOptionSpecs,
  changelog: insertOnly,
  columns: (options) => ({ fields: rowsOfMessage(messageOfOptions(options)), options: {} }),
  decoder: (fields, options) => new ProtoDecoder(messageOfOptions(options), fields, reading(options)),
  scanner: (spec) => {
    const message = messageOfOptions(spec.options);
    return createProtoScanner(spec, new ProtoDecoder(message, spec.fields, reading(spec.options)), {
      message,
    });
  },
  encoder: (fields, options) =>
    new ProtoEncoder(messageOfOptions(options), fields, {
      format: name,
      nullText: options.string('write-null-string-literal') ?? '',
    }),
};
