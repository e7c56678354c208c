/* The options of the avro formats, as Flink 2.3 has them. */

import type { OptionSpec } from '#catalog';

export const legacyTimesSpec: OptionSpec = {
  key: 'timestamp_mapping.legacy',
  type: 'boolean',
  default: 'true',
  doc: 'TIMESTAMP is timestamp-millis, as in Flink before 1.19; false: TIMESTAMP is local-timestamp, TIMESTAMP_LTZ is timestamp.',
};
export const avroOptionSpecs: readonly OptionSpec[] = [
  {
    key: 'encoding',
    type: 'enum',
    values: ['binary', 'json'],
    default: 'binary',
    doc: 'How a message is written: in bytes, or as JSON. Files are always binary.',
  },
  {
    key: 'codec',
    type: 'enum',
    values: ['null', 'deflate', 'snappy', 'zstandard', 'bzip2', 'xz'],
    default: 'snappy',
    doc: 'How blocks of files that are written are compressed; xz is only read.',
  },
  legacyTimesSpec,
];
