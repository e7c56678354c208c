/* The text form of COPY: a row a line, cells between tabs, NULL as \N, and backslashes before what would be
 * taken for any of these. Rows go from columns to bytes, and from lines to values. */

import { assert } from '#base';
import { readValue, wideAt, type Column, type Field, type LogicalType, type Value } from '#data';
import type { ByteWriter } from '#base';
import { decimalToPlain, timeToText, type CellWriter } from '#formats';
import { approximateText, dateText, fromText, timestampText, toText } from './text.ts';

const tab = 9;
export const backslash = 92;

/** Appends one row's cells for columns of these types, the end of the line excluded. */
export function rowWriter(
  types: readonly LogicalType[],
): (columns: readonly Column[], row: number, to: ByteWriter) => void {
  const writers = types.map(cellWriter);
  return (columns, row, to) => {
    for (let i = 0; i < writers.length; i++) {
      if (i > 0) to.byte(tab);
      const column = columns[i]!;
      if (column.valid !== undefined && column.valid[row] === 0) to.ascii('\\N');
      else writers[i]!(column, row, to);
    }
  };
}

/** Appends cells that are not NULL. */
export function cellWriter(type: LogicalType): CellWriter {
  switch (type.kind) {
    case 'BOOLEAN':
      return ints((v) => (v === 0 ? 'f' : 't'));
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
      return ints(String);
    case 'DATE':
      return ints(dateText);
    case 'TIME':
      return ints((v) => timeToText(v));
    case 'FLOAT':
    case 'DOUBLE':
      return (column, row, to) => {
        assert(column.layout === 'f64', 'an f64 column');
        to.ascii(approximateText(column.values[row]!));
      };
    case 'BIGINT':
      return exactWriter(0);
    case 'DECIMAL':
      return exactWriter(type.scale);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return (column, row, to) => {
        assert(column.layout === 'time', 'a time column');
        to.ascii(
          timestampText(
            column.millis[row]!,
            column.nanos === undefined ? 0 : column.nanos[row]!,
            type.kind === 'TIMESTAMP_LTZ',
          ),
        );
      };
    case 'CHAR':
    case 'VARCHAR':
      return writeString;
    default: {
      const text = toText(type);
      return (column, row, to) => {
        to.text(escapeCell(text(readValue(column, type, row) as Exclude<Value, null>)));
      };
    }
  }
}

function ints(print: (value: number) => string): CellWriter {
  return (column, row, to) => {
    assert(column.layout === 'i32', 'an i32 column');
    to.ascii(print(column.values[row]!));
  };
}

function exactWriter(scale: number): CellWriter {
  return (column, row, to) => {
    assert(column.layout === 'exact', 'an exact column');
    if (!column.wide && scale === 0) to.ascii(String(column.values[row]!));
    else if (!column.wide) to.ascii(narrowDecimal(column.values[row]!, scale));
    else to.ascii(decimalToPlain(wideAt(column, row), scale));
  };
}

function narrowDecimal(unscaled: number, scale: number): string {
  const digits = String(Math.abs(unscaled)).padStart(scale + 1, '0');
  return `${unscaled < 0 ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function writeString(column: Column, row: number, to: ByteWriter): void {
  assert(column.layout === 'bytes', 'a bytes column');
  const { data } = column;
  const start = column.starts[row]!;
  const end = start + column.lengths[row]!;
  let plain = start;
  for (let i = start; i < end; i++) {
    const c = data[i]!;
    if (c !== backslash && (c > 13 || c < 8)) continue;
    to.bytes(data, plain, i);
    to.byte(backslash);
    to.byte(escapes[c] ?? c);
    plain = i + 1;
  }
  to.bytes(data, plain, end);
}

/** The letter behind the backslash, by the byte that it stands for. */
export const escapes: Readonly<Record<number, number>> = {
  8: 98,
  9: 116,
  10: 110,
  11: 118,
  12: 102,
  13: 114,
  92: 92,
};
const letters: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };

const escapeCell = (text: string): string =>
  text.replace(/[\b-\r\\]/g, (c) => `\\${String.fromCharCode(escapes[c.charCodeAt(0)]!)}`);

/** A cell that is not NULL as the text that it stands for. */
export const unescapeCell = (cell: string): string =>
  cell.includes('\\') ? cell.replace(/\\(.)/gs, (_, c: string) => letters[c] ?? c) : cell;

/** The cells of a line of `columns`, its newline excluded; null for NULL. */
export function lineCells(line: string, columns: number): (string | null)[] {
  if (columns === 0) return [];
  const cells = line.split('\t');
  assert(cells.length === columns, 'a line has as many cells as columns were asked for');
  return cells.map((cell) => (cell === '\\N' ? null : unescapeCell(cell)));
}
/** Reads the cells of one line. */
export function lineReader(fields: readonly Field[]): (line: string) => Value[] {
  const readers = fields.map((f) => fromText(f.type, f.name));
  return (line) =>
    lineCells(line, readers.length).map((cell, i) => (cell === null ? null : readers[i]!(cell)));
}
