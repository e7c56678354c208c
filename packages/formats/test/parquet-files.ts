/* Whole Parquet files in memory: written from rows, and read. */

import { parseOptions } from '#catalog';
import { BatchBuilder, type Field, type Row } from '#data';
import { FormatOptions, formatSpecs } from '../src/index.ts';
import { parquetFormat } from '../src/parquet/descriptor.ts';

const file = parquetFormat.columnFile!;

export function parquetOptions(options: Readonly<Record<string, string>> = {}): FormatOptions {
  const schema = { owner: 'test', specs: formatSpecs(parquetFormat, 'parquet.') };
  const given = Object.entries(options).map(([key, value]) => ({
    key: `parquet.${key}`,
    value,
    at: undefined,
  }));
  return new FormatOptions(parseOptions(schema, given as never), 'parquet.');
}
const footerOf = (bytes: Uint8Array): Uint8Array => {
  const tail = bytes.subarray(Math.max(0, bytes.length - file.tailBytes));
  return bytes.slice(bytes.length - file.footerBytes(tail, bytes.length));
};
export const parquetColumns = (bytes: Uint8Array): readonly Field[] => file.columns(footerOf(bytes)).fields;

/** As whoever reads files does it: ranges first, then rows. */
export function readParquet(
  bytes: Uint8Array,
  fields: readonly Field[] = parquetColumns(bytes),
  options: Readonly<Record<string, string>> = { 'utc-timezone': 'true' },
): Row[] {
  const rows: Row[] = [];
  for (const group of file.reader(fields, parquetOptions(options)).open(footerOf(bytes), bytes.length)) {
    group.ranges.forEach(({ start, end }, i) => {
      group.take(i, bytes.slice(start, end));
    });
    for (let row = 0; row < group.rows; row++) rows.push(group.next());
  }
  return rows;
}

export function writeParquet(
  fields: readonly Field[],
  rows: readonly Row[],
  options: Readonly<Record<string, string>> = { 'utc-timezone': 'true' },
  groupRows = Infinity,
): Uint8Array {
  const writer = file.writer(fields, parquetOptions(options));
  const builder = new BatchBuilder(fields.map((f) => f.type));
  for (const row of rows) builder.appendRow(row);
  const { columns } = builder.build();
  const parts: Uint8Array[] = [];
  let open = 0;
  for (let row = 0; row < rows.length; row++) {
    writer.add(columns, row);
    if (++open < groupRows && !writer.groupIsFull) continue;
    parts.push(writer.endGroup());
    open = 0;
  }
  if (open > 0) parts.push(writer.endGroup());
  parts.push(writer.end());
  return new Uint8Array(Buffer.concat(parts));
}
