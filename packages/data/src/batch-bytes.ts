/* A batch as bytes, for another thread or a file: rows and marks as they are, columns by layout.
 *
 *   rows, marks, kinds ─ column: layout, validity, values ─ … nested columns hold as many elements as their rows refer to
 *
 * Little-endian; arrays begin at multiples of eight, so that whoever reads them could view them in place. Values that no
 * row refers to are left behind: texts of a slice, elements of rows that were filtered out. */

import { assert, BugError } from '#base';
import { noMarks, type Batch } from './batch.ts';
import type { Column } from './column.ts';

type Numbers = Uint8Array | Int32Array | Float64Array | BigInt64Array;

class Writer {
  #data = new Uint8Array(4096);
  #size = 0;

  #reserve(length: number): number {
    const at = (this.#size + 7) & ~7;
    if (at + length > this.#data.length) {
      const bigger = new Uint8Array(Math.max(at + length, this.#data.length * 2));
      bigger.set(this.#data.subarray(0, this.#size));
      this.#data = bigger;
    }
    this.#size = at + length;
    return at;
  }
  /** The first `count` elements. */
  numbers(values: Numbers, count: number): void {
    const length = count * values.BYTES_PER_ELEMENT;
    const at = this.#reserve(length);
    this.#data.set(new Uint8Array(values.buffer, values.byteOffset, length), at);
  }
  integers(...values: number[]): void {
    this.numbers(Int32Array.from(values), values.length);
  }
  finish(): Uint8Array<ArrayBuffer> {
    return this.#data.slice(0, this.#size);
  }
}

class Reader {
  readonly #data: Uint8Array<ArrayBuffer>;
  #at = 0;

  /** `data` in a buffer of its own, so that arrays lie aligned in it. */
  constructor(data: Uint8Array) {
    this.#data = data.byteOffset % 8 === 0 ? (data as Uint8Array<ArrayBuffer>) : data.slice();
  }
  #take(length: number): number {
    const at = (this.#at + 7) & ~7;
    assert(at + length <= this.#data.length, 'a batch of bytes is whole');
    this.#at = at + length;
    return at;
  }
  bytes(count: number): Uint8Array<ArrayBuffer> {
    const at = this.#take(count);
    return this.#data.slice(at, at + count);
  }
  #copy(length: number): ArrayBuffer {
    return this.bytes(length).buffer;
  }
  i32s(count: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#copy(count * 4));
  }
  f64s(count: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#copy(count * 8));
  }
  i64s(count: number): BigInt64Array<ArrayBuffer> {
    return new BigInt64Array(this.#copy(count * 8));
  }
}

const layouts = ['i32', 'f64', 'narrow', 'wide', 'time', 'bytes', 'row', 'list', 'map'] as const;
const layoutName = (column: Column): (typeof layouts)[number] =>
  column.layout === 'exact' ? (column.wide ? 'wide' : 'narrow') : column.layout;

function writeColumn(to: Writer, column: Column, rows: number): void {
  to.integers(layouts.indexOf(layoutName(column)), column.valid === undefined ? 0 : 1);
  if (column.valid !== undefined) to.numbers(column.valid, rows);
  switch (column.layout) {
    case 'i32':
    case 'f64':
      return to.numbers(column.values, rows);
    case 'exact':
      if (!column.wide) return to.numbers(column.values, rows);
      to.integers(column.lanes);
      return to.numbers(column.values, rows * column.lanes);
    case 'time':
      to.numbers(column.millis, rows);
      to.integers(column.nanos === undefined ? 0 : 1);
      if (column.nanos !== undefined) to.numbers(column.nanos, rows);
      return;
    case 'bytes':
      return writeSlices(to, column, rows);
    case 'row':
      to.integers(column.fields.length);
      for (const field of column.fields) writeColumn(to, field, rows);
      return;
    case 'list':
      return writeNested(to, column, [column.element], rows);
    case 'map':
      return writeNested(to, column, [column.keys, column.values], rows);
  }
}
type Ranges = Pick<Extract<Column, { layout: 'bytes' }>, 'valid' | 'starts' | 'lengths'>;

/** The lengths of rows that hold something; what lies at a null row is arbitrary. */
function lengthsOf({ valid, lengths }: Ranges, rows: number): Int32Array {
  const used = lengths.slice(0, rows);
  if (valid !== undefined) for (let i = 0; i < rows; i++) if (valid[i] === 0) used[i] = 0;
  return used;
}
function writeSlices(to: Writer, column: Extract<Column, { layout: 'bytes' }>, rows: number): void {
  const lengths = lengthsOf(column, rows);
  const data = new Uint8Array(lengths.reduce((sum, n) => sum + n, 0));
  for (let i = 0, at = 0; i < rows; at += lengths[i++]!)
    data.set(column.data.subarray(column.starts[i]!, column.starts[i]! + lengths[i]!), at);
  to.integers(data.length);
  to.numbers(lengths, rows);
  to.numbers(data, data.length);
}
function writeNested(to: Writer, column: Ranges, children: readonly Column[], rows: number): void {
  const lengths = lengthsOf(column, rows);
  const end = lengths.reduce((most, n, i) => (n > 0 ? Math.max(most, column.starts[i]! + n) : most), 0);
  to.integers(end);
  to.numbers(column.starts, rows);
  to.numbers(lengths, rows);
  for (const child of children) writeColumn(to, child, end);
}

function readColumn(from: Reader, rows: number): Column {
  const [layout, hasValid] = from.i32s(2);
  const valid = hasValid === 1 ? from.bytes(rows) : undefined;
  const name = layouts[layout!];
  switch (name) {
    case 'i32':
      return { layout: 'i32', valid, values: from.i32s(rows) };
    case 'f64':
      return { layout: 'f64', valid, values: from.f64s(rows) };
    case 'narrow':
      return { layout: 'exact', wide: false, valid, values: from.f64s(rows) };
    case 'wide': {
      const lanes = from.i32s(1)[0] as 1 | 2;
      return { layout: 'exact', wide: true, valid, lanes, values: from.i64s(rows * lanes) };
    }
    case 'time': {
      const millis = from.f64s(rows);
      const nanos = from.i32s(1)[0] === 1 ? from.i32s(rows) : undefined;
      return { layout: 'time', valid, millis, nanos };
    }
    case 'bytes':
      return readSlices(from, valid, rows);
    case 'row': {
      const fields = Array.from({ length: from.i32s(1)[0]! }, () => readColumn(from, rows));
      return { layout: 'row', valid, fields };
    }
    case 'list': {
      const { end, starts, lengths } = readRanges(from, rows);
      return { layout: 'list', valid, starts, lengths, element: readColumn(from, end) };
    }
    case 'map': {
      const { end, starts, lengths } = readRanges(from, rows);
      const keys = readColumn(from, end);
      return { layout: 'map', valid, starts, lengths, keys, values: readColumn(from, end) };
    }
    default:
      throw new BugError(`a batch of bytes has no layout ${layout}`);
  }
}
function readSlices(from: Reader, valid: Uint8Array | undefined, rows: number): Column {
  const size = from.i32s(1)[0]!;
  const lengths = from.i32s(rows);
  const data = from.bytes(size);
  const starts = new Int32Array(rows);
  for (let i = 1; i < rows; i++) starts[i] = starts[i - 1]! + lengths[i - 1]!;
  return { layout: 'bytes', valid, starts, lengths, data };
}
function readRanges(
  from: Reader,
  rows: number,
): { readonly end: number; readonly starts: Int32Array; readonly lengths: Int32Array } {
  return { end: from.i32s(1)[0]!, starts: from.i32s(rows), lengths: from.i32s(rows) };
}

/** The batch as bytes of its own. */
export function encodeBatch({ rows, columns, kinds, marks }: Batch): Uint8Array<ArrayBuffer> {
  const to = new Writer();
  to.integers(rows, columns.length, kinds === undefined ? 0 : 1, marks.count);
  if (kinds !== undefined) to.numbers(kinds, rows);
  to.numbers(marks.at, marks.count);
  to.numbers(marks.watermark, marks.count);
  for (const column of columns) writeColumn(to, column, rows);
  return to.finish();
}
/** What `encodeBatch` was given. Shares nothing with `bytes`. */
export function decodeBatch(bytes: Uint8Array): Batch {
  const from = new Reader(bytes);
  const [rows, columnCount, hasKinds, markCount] = from.i32s(4) as unknown as [
    number,
    number,
    number,
    number,
  ];
  const kinds = hasKinds === 1 ? from.bytes(rows) : undefined;
  const at = from.i32s(markCount);
  const watermark = from.f64s(markCount);
  const marks = markCount === 0 ? noMarks : { count: markCount, at, watermark };
  return { rows, columns: Array.from({ length: columnCount }, () => readColumn(from, rows)), kinds, marks };
}
