/* The avro-confluent format: Avro with the id of its schema in front, as Confluent's serializers write it. */

import { insertOnly, type OptionSpec } from '#catalog';
import type { FormatDescriptor } from '../format.ts';
import type { FormatOptions } from '../format-options.ts';
import { avroRoot, columnsOfAvro } from '../avro/columns.ts';
import { readerSchemaText, withOwnNames } from '../avro/resolved-schema.ts';
import { legacyTimesSpec } from '../avro/options.ts';
import { createAvroScanner } from '../avro/scan/scanner.ts';
import { schemaOfRows } from '../avro/schema-of-rows.ts';
import { registryOptionSpecs, registryPropertiesPrefix, registrySettings } from '../registry/options.ts';
import { AvroConfluentDecoder } from './decoder.ts';
import { AvroConfluentEncoder } from './encoder.ts';
import { schemaOption, schemaSpec } from './schema-option.ts';

const name = 'avro-confluent';
const specs: readonly OptionSpec[] = [...registryOptionSpecs, schemaSpec, legacyTimesSpec];
const mapping = (options: FormatOptions) => ({
  format: name,
  legacyTimes: options.boolean('timestamp_mapping.legacy'),
});

export const avroConfluentFormat: FormatDescriptor = {
  name,
  options: specs,
  prefixes: [registryPropertiesPrefix],
  changelog: insertOnly,
  registry: registrySettings,
  columns: (options, schema) => {
    const { fields, options: own } = columnsOfAvro(avroRoot(schema), options);
    const reader = schemaOption(options);
    if (reader !== undefined) return { fields: withOwnNames(fields, reader), options: own };
    const text = readerSchemaText(schema);
    return { fields, options: text === undefined ? own : { ...own, schema: text } };
  },
  decoder: (fields, options) => new AvroConfluentDecoder(fields, name, schemaOption(options)),
  scanner: (spec) => {
    const reader = schemaOption(spec.options);
    return createAvroScanner(spec, new AvroConfluentDecoder(spec.fields, name, reader), { reader });
  },
  encoder: (fields, options) =>
    new AvroConfluentEncoder(schemaOption(options) ?? schemaOfRows(fields, mapping(options)), fields, name),
};
