/* Some rows of a batch in one stretch of memory, for another instance or another thread: whoever reads them views the
 * arrays in place.
 *
 *   rows, marks, kinds ─ column: layout, validity, values ─ … nested columns hold the elements of their rows alone
 *
 * Little-endian; arrays begin at multiples of eight, so a frame is a number of 8-byte words. A frame is written again and
 * again: what was viewed in it must be through by then. Values that no row refers to are left behind. */

import { assert, BugError } from '#base';
import { noMarks, type Batch, type Marks } from './batch.ts';
import type { Column } from './column.ts';
import { copyRange, viewOf } from './ranges.ts';

/** Which rows: indexes into the batch; undefined: the first ones. */
type Rows = Int32Array | undefined;

const layouts = ['i32', 'f64', 'narrow', 'wide', 'time', 'bytes', 'row', 'list', 'map'] as const;
const layoutName = (column: Column): (typeof layouts)[number] =>
  column.layout === 'exact' ? (column.wide ? 'wide' : 'narrow') : column.layout;

const firstBytes = 1 << 16;

export class BatchFrame {
  #data = new ArrayBuffer(firstBytes);
  #size = 0;

  /** Writes `count` rows of the batch, those at `rows` or its first ones, with these marks among them. */
  write({ columns, kinds }: Pick<Batch, 'columns' | 'kinds'>, rows: Rows, count: number, marks: Marks): void {
    this.#size = 0;
    this.#integers(count, columns.length, kinds === undefined ? 0 : 1, marks.count);
    if (kinds !== undefined) this.#u8s(kinds, rows, count);
    this.#i32s(marks.at, undefined, marks.count);
    this.#f64s(marks.watermark, undefined, marks.count);
    for (const column of columns) this.#column(column, rows, count);
  }
  /** What was written, as words. Valid until the next `write`. */
  get words(): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#data, 0, (this.#size + 7) >> 3);
  }
  /** What was written, as a batch whose arrays lie in the frame. */
  view(): Batch {
    return viewBatch(this.words);
  }

  #reserve(length: number): number {
    const at = (this.#size + 7) & ~7;
    if (at + length > this.#data.byteLength) {
      const bigger = new ArrayBuffer(Math.max((at + length + 7) & ~7, this.#data.byteLength * 2));
      new Uint8Array(bigger).set(new Uint8Array(this.#data, 0, this.#size));
      this.#data = bigger;
    }
    this.#size = at + length;
    return at;
  }
  #integers(...values: number[]): void {
    this.#i32s(Int32Array.from(values), undefined, values.length);
  }
  #u8s(values: Uint8Array, rows: Rows, count: number): void {
    const at = this.#reserve(count);
    const to = new Uint8Array(this.#data, at, count);
    if (rows === undefined) to.set(values.subarray(0, count));
    else for (let i = 0; i < count; i++) to[i] = values[rows[i]!]!;
  }
  #i32s(values: Int32Array, rows: Rows, count: number): Int32Array {
    const at = this.#reserve(count * 4);
    const to = new Int32Array(this.#data, at, count);
    if (rows === undefined) to.set(values.subarray(0, count));
    else for (let i = 0; i < count; i++) to[i] = values[rows[i]!]!;
    return to;
  }
  #f64s(values: Float64Array, rows: Rows, count: number): void {
    const at = this.#reserve(count * 8);
    const to = new Float64Array(this.#data, at, count);
    if (rows === undefined) to.set(values.subarray(0, count));
    else for (let i = 0; i < count; i++) to[i] = values[rows[i]!]!;
  }
  #i64s(values: BigInt64Array, rows: Rows, count: number, lanes: number): void {
    const at = this.#reserve(count * lanes * 8);
    const to = new BigInt64Array(this.#data, at, count * lanes);
    if (rows === undefined) to.set(values.subarray(0, count * lanes));
    else
      for (let i = 0; i < count; i++)
        for (let lane = 0; lane < lanes; lane++) to[i * lanes + lane] = values[rows[i]! * lanes + lane]!;
  }

  #column(column: Column, rows: Rows, count: number): void {
    this.#integers(layouts.indexOf(layoutName(column)), column.valid === undefined ? 0 : 1);
    if (column.valid !== undefined) this.#u8s(column.valid, rows, count);
    switch (column.layout) {
      case 'i32':
        this.#i32s(column.values, rows, count);
        return;
      case 'f64':
        return this.#f64s(column.values, rows, count);
      case 'exact':
        if (!column.wide) return this.#f64s(column.values, rows, count);
        this.#integers(column.lanes);
        return this.#i64s(column.values, rows, count, column.lanes);
      case 'time':
        this.#f64s(column.millis, rows, count);
        this.#integers(column.nanos === undefined ? 0 : 1);
        if (column.nanos !== undefined) this.#i32s(column.nanos, rows, count);
        return;
      case 'bytes':
        return this.#slices(column, rows, count);
      case 'row':
        this.#integers(column.fields.length);
        for (const field of column.fields) this.#column(field, rows, count);
        return;
      case 'list':
        return this.#nested(column, [column.element], rows, count);
      case 'map':
        return this.#nested(column, [column.keys, column.values], rows, count);
    }
  }
  /** Lengths of the rows' ranges, and their sum; what lies at a null row is arbitrary and counts as empty. */
  #lengths({ valid, lengths }: Ranges, rows: Rows, count: number): number {
    const at = this.#reserve(count * 4);
    const to = new Int32Array(this.#data, at, count);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const row = rows === undefined ? i : rows[i]!;
      const length = valid !== undefined && valid[row] === 0 ? 0 : lengths[row]!;
      to[i] = length;
      sum += length;
    }
    return sum;
  }
  #slices(column: Extract<Column, { layout: 'bytes' }>, rows: Rows, count: number): void {
    const head = this.#reserve(4);
    const lengthsAt = (this.#size + 7) & ~7;
    const sum = this.#lengths(column, rows, count);
    const at = this.#reserve(sum);
    new Int32Array(this.#data, head, 1)[0] = sum;
    const lengths = new Int32Array(this.#data, lengthsAt, count);
    const to = new DataView(this.#data, at, sum);
    const { data, starts } = column;
    const bytes = viewOf(data);
    for (let i = 0, next = 0; i < count; i++) {
      const length = lengths[i]!;
      const start = starts[rows === undefined ? i : rows[i]!]!;
      copyRange(to, next, bytes, start, length);
      next += length;
    }
  }
  #nested(column: Ranges, children: readonly Column[], rows: Rows, count: number): void {
    const head = this.#reserve(4);
    const lengthsAt = (this.#size + 7) & ~7;
    const sum = this.#lengths(column, rows, count);
    new Int32Array(this.#data, head, 1)[0] = sum;
    const lengths = new Int32Array(this.#data, lengthsAt, count);
    const elements = new Int32Array(sum);
    for (let i = 0, next = 0; i < count; i++) {
      const start = column.starts[rows === undefined ? i : rows[i]!]!;
      for (let k = 0; k < lengths[i]!; k++) elements[next++] = start + k;
    }
    for (const child of children) this.#column(child, elements, sum);
  }
}
type Ranges = Pick<Extract<Column, { layout: 'bytes' }>, 'valid' | 'starts' | 'lengths'>;

class Reader {
  readonly #words: Float64Array<ArrayBuffer>;
  #at = 0;

  constructor(words: Float64Array<ArrayBuffer>) {
    this.#words = words;
  }
  /** Where the next array begins in the buffer. */
  #take(length: number): number {
    const at = (this.#at + 7) & ~7;
    assert(at + length <= this.#words.byteLength, 'a batch of bytes is whole');
    this.#at = at + length;
    return this.#words.byteOffset + at;
  }
  bytes(count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#words.buffer, this.#take(count), count);
  }
  i32s(count: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#words.buffer, this.#take(count * 4), count);
  }
  f64s(count: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#words.buffer, this.#take(count * 8), count);
  }
  i64s(count: number): BigInt64Array<ArrayBuffer> {
    return new BigInt64Array(this.#words.buffer, this.#take(count * 8), count);
  }
}

/** The batch that a frame's words hold. Its arrays lie in them. */
export function viewBatch(words: Float64Array<ArrayBuffer>): Batch {
  const from = new Reader(words);
  const [rows, columnCount, hasKinds, markCount] = from.i32s(4) as unknown as number[];
  const kinds = hasKinds === 1 ? from.bytes(rows!) : undefined;
  const at = from.i32s(markCount!);
  const watermark = from.f64s(markCount!);
  const marks = markCount === 0 ? noMarks : { count: markCount!, at, watermark };
  const columns = Array.from({ length: columnCount! }, () => readColumn(from, rows!));
  return { rows: rows!, columns, kinds, marks };
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
    case 'bytes': {
      const size = from.i32s(1)[0]!;
      const { starts, lengths } = readRanges(from, rows);
      return { layout: 'bytes', valid, starts, lengths, data: from.bytes(size) };
    }
    case 'row': {
      const fields = Array.from({ length: from.i32s(1)[0]! }, () => readColumn(from, rows));
      return { layout: 'row', valid, fields };
    }
    case 'list': {
      const size = from.i32s(1)[0]!;
      return { layout: 'list', valid, ...readRanges(from, rows), element: readColumn(from, size) };
    }
    case 'map': {
      const size = from.i32s(1)[0]!;
      const ranges = readRanges(from, rows);
      const keys = readColumn(from, size);
      return { layout: 'map', valid, ...ranges, keys, values: readColumn(from, size) };
    }
    default:
      throw new BugError(`a batch of bytes has no layout ${layout}`);
  }
}
/** Ranges lie one behind the other. */
function readRanges(from: Reader, rows: number): Pick<Ranges, 'starts' | 'lengths'> {
  const lengths = from.i32s(rows);
  const starts = new Int32Array(rows);
  for (let i = 1; i < rows; i++) starts[i] = starts[i - 1]! + lengths[i - 1]!;
  return { starts, lengths };
}
