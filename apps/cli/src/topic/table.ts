/* A topic as a table of the engine: how records are read and written with or without a schema. */

import { UserError } from '#base';

export interface RecordFlags {
  /** Columns of the value: 'id INT, at TIMESTAMP(3)'; none: the value as text. */
  readonly schema?: string;
  readonly format?: string;
}
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** CREATE TABLE for reading (with partition, offset, timestamp, headers) or writing. */
export function topicTable(
  topic: string,
  properties: ReadonlyMap<string, string>,
  flags: RecordFlags,
  extra: Readonly<Record<string, string>>,
  metadata: boolean,
): string {
  if (flags.schema === undefined && flags.format !== undefined && flags.format !== 'raw')
    throw new UserError('CLI1006', {
      message: `--format ${flags.format} needs --schema`,
      hint: `e.g. --schema 'id INT, name STRING'`,
    });
  const columns = [
    ...(metadata
      ? [
          '`partition` INT METADATA VIRTUAL',
          '`offset` BIGINT METADATA VIRTUAL',
          '`timestamp` TIMESTAMP_LTZ(3) METADATA VIRTUAL',
          '`headers` MAP<STRING, BYTES> METADATA VIRTUAL',
        ]
      : []),
    '`$key` STRING',
    flags.schema ?? '`value` STRING',
  ];
  const options = {
    connector: 'kafka',
    topic,
    'key.format': 'raw',
    'key.fields': '$key',
    'value.format': flags.schema === undefined ? 'raw' : (flags.format ?? 'json'),
    'value.fields-include': 'EXCEPT_KEY',
    ...Object.fromEntries([...properties].map(([key, value]) => [`properties.${key}`, value])),
    ...extra,
  };
  const pairs = Object.entries(options).map(([key, value]) => `${quoted(key)} = ${quoted(value)}`);
  return `CREATE TABLE records (${columns.join(', ')}) WITH (${pairs.join(', ')})`;
}
