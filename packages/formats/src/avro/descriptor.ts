/* The avro format: messages that are one record and nothing else; the schema is the one that the table's columns give. */

import { insertOnly } from '#catalog';
import type { FormatDescriptor } from '../format.ts';
import type { FormatOptions } from '../format-options.ts';
import { avroContainer } from './container/container.ts';
import { AvroDecoder } from './decoder.ts';
import { AvroEncoder } from './encoder.ts';
import { AvroJsonDecoder, AvroJsonEncoder } from './json-encoding.ts';
import { avroOptionSpecs } from './options.ts';
import { createAvroScanner } from './scan/scanner.ts';
import { schemaOfRows, type AvroMapping } from './schema-of-rows.ts';

const name = 'avro';
const mapping = (options: FormatOptions): AvroMapping => ({
  format: name,
  legacyTimes: options.boolean('timestamp_mapping.legacy'),
});

const isJson = (options: FormatOptions): boolean => options.enum('encoding') === 'json';

export const avroFormat: FormatDescriptor = {
  name,
  options: avroOptionSpecs,
  changelog: insertOnly,
  decoder: (fields, options, record = fields) => {
    const schema = schemaOfRows(record, mapping(options));
    const binary = new AvroDecoder(schema, fields, name);
    return isJson(options) ? new AvroJsonDecoder(schema, binary) : binary;
  },
  encoder: (fields, options) => {
    const schema = schemaOfRows(fields, mapping(options));
    const binary = new AvroEncoder(schema, fields, name);
    return isJson(options) ? new AvroJsonEncoder(schema, binary) : binary;
  },
  scanner: (spec) => {
    const writer = schemaOfRows(spec.record, mapping(spec.options));
    return isJson(spec.options)
      ? undefined
      : createAvroScanner(spec, new AvroDecoder(writer, spec.fields, name), { writer });
  },
  container: avroContainer((fields, options) => schemaOfRows(fields, mapping(options))),
};
