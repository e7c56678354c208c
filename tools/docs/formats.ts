/* Option tables of the formats, in the order of their sections in docs/formats.md. */

import { formats } from '#formats';
import { pageWithOptions } from './option-tables.ts';

const sections = [
  'json',
  'csv',
  'raw',
  'avro',
  'parquet',
  'avro-confluent',
  'protobuf',
  'protobuf-confluent',
  'json-registry',
  'debezium-avro-confluent',
  'debezium-json',
  'canal-json',
  'maxwell-json',
  'ogg-json',
];

export function formatsDoc(): string {
  const missing = [...formats.keys()].filter((name) => !sections.includes(name));
  if (missing.length > 0) throw new Error(`docs/formats.md has no section for ${missing.join(', ')}`);
  return pageWithOptions(
    'docs/formats.md',
    sections.map((name) => formats.get(name)?.options ?? []),
  );
}
