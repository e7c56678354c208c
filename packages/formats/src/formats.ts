/* The formats there are. A new one is a folder and a line here. */

import { didYouMean, UserError, type Span } from '#base';
import type { OptionSpec } from '#catalog';
import type { FormatDescriptor } from './format.ts';
import { avroConfluentFormat } from './avro-confluent/descriptor.ts';
import { avroFormat } from './avro/descriptor.ts';
import { canalJsonFormat } from './canal-json/descriptor.ts';
import { csvFormat } from './csv/descriptor.ts';
import { debeziumAvroFormat } from './debezium-avro-confluent/descriptor.ts';
import { debeziumJsonFormat } from './debezium-json/descriptor.ts';
import { jsonRegistryFormat } from './json-registry/descriptor.ts';
import { jsonFormat } from './json/descriptor.ts';
import { maxwellJsonFormat } from './maxwell-json/descriptor.ts';
import { oggJsonFormat } from './ogg-json/descriptor.ts';
import { parquetFormat } from './parquet/descriptor.ts';
import { protobufConfluentFormat } from './protobuf-confluent/descriptor.ts';
import { protobufFormat } from './protobuf/descriptor.ts';
import { rawFormat } from './raw/descriptor.ts';

const all: readonly FormatDescriptor[] = [
  avroFormat,
  avroConfluentFormat,
  protobufFormat,
  protobufConfluentFormat,
  csvFormat,
  jsonFormat,
  parquetFormat,
  rawFormat,
  jsonRegistryFormat,
  debeziumAvroFormat,
  debeziumJsonFormat,
  canalJsonFormat,
  maxwellJsonFormat,
  oggJsonFormat,
];

/** All formats by name. */
export const formats: ReadonlyMap<string, FormatDescriptor> = new Map(all.map((f) => [f.name, f]));

/** The format called `name`, as the table option at `at` says. Throws FMT1002. */
export function findFormat(name: string, at?: Span): FormatDescriptor {
  const format = formats.get(name);
  if (format !== undefined) return format;
  throw new UserError('FMT1002', {
    at,
    message: `no format '${name}'`,
    hint: didYouMean(name, formats.keys()),
  });
}

/** A format's options as a table declares them: prefix 'json.' for 'format', 'value.json.' for
 *  'value.format'. */
export function formatSpecs(format: FormatDescriptor, prefix: string): OptionSpec[] {
  return format.options.map((spec) => ({ ...spec, key: prefix + spec.key }));
}
/** The prefixes below which any key is taken, as a table declares them. */
export const formatPrefixes = (format: FormatDescriptor, prefix: string): string[] =>
  (format.prefixes ?? []).map((own) => prefix + own);
