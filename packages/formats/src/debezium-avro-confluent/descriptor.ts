/* The debezium-avro-confluent format: changes as Debezium writes them with Confluent's Avro converter. */

import { allChanges } from '#catalog';
import type { AvroType, RecordType } from '#schemas';
import type { FormatDescriptor } from '../format.ts';
import { schemaOption, schemaSpec } from '../avro-confluent/schema-option.ts';
import { avroRoot, columnsOfAvro } from '../avro/columns.ts';
import { legacyTimesSpec } from '../avro/options.ts';
import { schemaOfRows } from '../avro/schema-of-rows.ts';
import { registryOptionSpecs, registryPropertiesPrefix, registrySettings } from '../registry/options.ts';
import { DebeziumAvroDecoder } from './decoder.ts';
import { DebeziumAvroEncoder } from './encoder.ts';
import { envelopeOf, rowOfEnvelope } from './envelope.ts';

const name = 'debezium-avro-confluent';

/** An envelope may be null to Flink: it registers, and writes, a union of both. */
const orNull = (record: RecordType): AvroType => ({
  kind: 'union',
  branches: [{ kind: 'null', properties: new Map() }, record],
  properties: new Map(),
});

export const debeziumAvroFormat: FormatDescriptor = {
  name,
  options: [...registryOptionSpecs, schemaSpec, legacyTimesSpec],
  prefixes: [registryPropertiesPrefix],
  changelog: allChanges,
  registry: registrySettings,
  columns: (options, schema) => columnsOfAvro(rowOfEnvelope(avroRoot(schema)), options),
  decoder: (fields, options) => new DebeziumAvroDecoder(fields, name, schemaOption(options)),
  encoder: (fields, options) => {
    const legacyTimes = options.boolean('timestamp_mapping.legacy');
    const record = schemaOfRows(envelopeOf(fields), { format: name, legacyTimes });
    return new DebeziumAvroEncoder(schemaOption(options) ?? orNull(record), fields, name);
  },
};
