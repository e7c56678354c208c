/* The options of the parquet format, as Flink 2.3 has them. */

import type { OptionSpec } from '#catalog';

export const compressions = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI'] as const;
export const timeUnits = ['millis', 'micros', 'nanos'] as const;

export const parquetOptionSpecs: readonly OptionSpec[] = [
  {
    key: 'utc-timezone',
    type: 'boolean',
    default: 'false',
    doc: 'Timestamps of rows are in UTC, as those of files; false: in the zone of this process.',
  },
  {
    key: 'write.int64.timestamp',
    type: 'boolean',
    default: 'false',
    doc: 'Timestamps are written as INT64; false: as INT96.',
  },
  {
    key: 'timestamp.time.unit',
    type: 'enum',
    values: timeUnits,
    default: 'micros',
    doc: 'What timestamps written as INT64 count.',
  },
  {
    key: 'compression',
    type: 'string',
    default: 'SNAPPY',
    doc: `How pages are compressed: ${compressions.join(', ')}, in any case.`,
  },
  {
    key: 'block.size',
    type: 'string',
    default: '16777216',
    doc: 'About how many bytes of rows, not compressed, make a row group; 128 mb in Flink.',
  },
  { key: 'page.size', type: 'string', default: '1048576', doc: 'About how many bytes make a page.' },
  {
    key: 'enable.dictionary',
    type: 'boolean',
    default: 'true',
    doc: 'Columns whose values come again are written with a dictionary.',
  },
  {
    key: 'batch-size',
    type: 'int',
    default: '2048',
    doc: 'Accepted for Flink; batches are as long as everywhere here.',
  },
];
