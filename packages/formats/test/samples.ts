/* What the tests of formats share: a format's decoder and encoder over text, in one line. */

import { parseOptions } from '#catalog';
import { BatchBuilder, type Field, type LogicalType, type Row } from '#data';
import { ByteWriter } from '#base';
import { findFormat, FormatOptions, formatSpecs } from '#formats';

export type Set = Readonly<Record<string, string>>;

export function optionsOf(format: string, set: Set = {}): FormatOptions {
  const descriptor = findFormat(format);
  const raw = Object.entries(set).map(([key, value]) => ({ key: `${format}.${key}`, value }));
  return new FormatOptions(
    parseOptions({ owner: 'a test', specs: formatSpecs(descriptor, `${format}.`) }, raw),
    `${format}.`,
  );
}

export const fields = (types: Readonly<Record<string, LogicalType>>): Field[] =>
  Object.entries(types).map(([name, type]) => ({ name, type }));

const bytesOf = (message: string | Uint8Array): Uint8Array =>
  typeof message === 'string' ? Buffer.from(message) : message;

/** The rows of one message. The message lies in the middle of other bytes, as it does in a record batch. */
export function decode(
  format: string,
  columns: readonly Field[],
  message: string | Uint8Array,
  set: Set = {},
): Row[] {
  const decoder = findFormat(format).decoder!(columns, optionsOf(format, set));
  const bytes = bytesOf(message);
  const data = Buffer.concat([Buffer.from('{"'), bytes, Buffer.from('"}]1')]);
  const rows: Row[] = [];
  decoder.decode(data, 2, 2 + bytes.length, (row) => rows.push(row));
  return rows;
}

/** The single cell that a message gives a column of `type`. */
export function cell(
  format: string,
  type: LogicalType,
  message: string | Uint8Array,
  set: Set = {},
): unknown {
  return decode(format, fields({ a: type }), message, set)[0]![0];
}

/** The message for a row. */
export function encode(format: string, columns: readonly Field[], row: Row, set: Set = {}): string {
  const builder = new BatchBuilder(columns.map((f) => f.type));
  builder.appendRow(row);
  const to = new ByteWriter();
  findFormat(format).encoder!(columns, optionsOf(format, set)).encode(builder.build().columns, 0, 0, to);
  return Buffer.from(to.finish()).toString();
}
