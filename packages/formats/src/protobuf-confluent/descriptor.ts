/* The protobuf-confluent format: Protobuf with the id of its schema in front, as Confluent's serializers write it. */

import { present, toMillraceError, UserError } from '#base';
import { insertOnly, type OptionSpec } from '#catalog';
import type { Field } from '#data';
import { ProtoSchema, type ParsedSchema } from '#schemas';
import type { FormatDescriptor } from '../format.ts';
import type { FormatOptions } from '../format-options.ts';
import type { ProtoDecoderOptions } from '../protobuf/decoder.ts';
import { findMessage } from '../protobuf/find-message.ts';
import { MessageTypes, type MessageType } from '../protobuf/message-type.ts';
import { protobufOptionSpecs } from '../protobuf/options.ts';
import { rowsOfMessage } from '../protobuf/rows-of-message.ts';
import { createProtoScanner } from '../protobuf/scan/scanner.ts';
import { registryOptionSpecs, registryPropertiesPrefix, registrySettings } from '../registry/options.ts';
import { ProtobufConfluentDecoder } from './decoder.ts';
import { ProtobufConfluentEncoder } from './encoder.ts';
import { messageToRead } from './own-message.ts';
import { protoOfRows, rowMessage } from './schema-of-rows.ts';

const name = 'protobuf-confluent';
const ofFile = new Set(['message-class-name', 'schema-file']);

const specs: readonly OptionSpec[] = [
  ...registryOptionSpecs,
  {
    key: 'schema',
    type: 'string',
    doc: 'The .proto text to write with, by default the one that the columns give; when reading, fields are then the same by number.',
  },
  {
    key: 'message-name',
    type: 'string',
    doc: 'The message that rows are, of the schema to write with and of one that columns come from; by default its first.',
  },
  ...protobufOptionSpecs.filter((spec) => !ofFile.has(spec.key)),
];

function ownSchema(
  fields: readonly Field[],
  options: FormatOptions,
): { readonly schema: ProtoSchema; readonly message: MessageType } {
  const text = options.string('schema');
  if (text === undefined) {
    const schema = ProtoSchema.parse(protoOfRows(fields, name), []);
    const message = present(new MessageTypes(schema.types).named(rowMessage), 'the message of the columns');
    return { schema, message };
  }
  let schema: ProtoSchema;
  try {
    schema = ProtoSchema.parse(text, []);
  } catch (thrown) {
    const { message, hint } = toMillraceError(thrown);
    throw options.refuse('schema', message, hint);
  }
  if (options.has('message-name')) return { schema, message: findMessage(schema, options, 'message-name') };
  const first = schema.name === undefined ? undefined : new MessageTypes(schema.types).named(schema.name);
  if (first === undefined) throw options.refuse('schema', 'found a file without messages');
  return { schema, message: first };
}

/** Of the option `schema`, where the table has one. */
const ownMessage = (fields: readonly Field[], options: FormatOptions): MessageType | undefined =>
  options.has('schema') ? ownSchema(fields, options).message : undefined;

/** Of the subject's schema: the message that the table names, or the first. Throws FMT1006. */
function messageOf(options: FormatOptions, schema: ParsedSchema | undefined): MessageType {
  if (!(schema instanceof ProtoSchema))
    throw new UserError('FMT1006', {
      message: `the subject's schema is of type ${schema?.type ?? 'none'}, not PROTOBUF`,
    });
  if (options.has('message-name')) return findMessage(schema, options, 'message-name');
  const first = schema.name === undefined ? undefined : new MessageTypes(schema.types).named(schema.name);
  if (first === undefined) throw new UserError('FMT1006', { message: "the subject's schema has no message" });
  return first;
}

const reading = (options: FormatOptions): ProtoDecoderOptions => ({
  format: name,
  skipsMalformed: options.boolean('ignore-parse-errors'),
  defaults: options.boolean('read-default-values'),
});

export const protobufConfluentFormat: FormatDescriptor = {
  name,
  options: specs,
  prefixes: [registryPropertiesPrefix],
  changelog: insertOnly,
  registry: registrySettings,
  columns: (options, schema) => {
    const message = messageToRead(messageOf(options, schema), ownMessage([], options));
    return { fields: rowsOfMessage(message), options: {} };
  },
  decoder: (fields, options) =>
    new ProtobufConfluentDecoder(fields, reading(options), ownMessage(fields, options)),
  scanner: (spec) => {
    const own = ownMessage(spec.fields, spec.options);
    const decoder = new ProtobufConfluentDecoder(spec.fields, reading(spec.options), own);
    return createProtoScanner(spec, decoder, { toRead: (written) => messageToRead(written, own) });
  },
  encoder: (fields, options) => {
    const { schema, message } = ownSchema(fields, options);
    const nullText = options.string('write-null-string-literal') ?? '';
    return new ProtobufConfluentEncoder(schema, message, fields, { format: name, nullText });
  },
};
