/* Writes columns a value at a time: the general way to make rows that no generated code makes.
 * A builder grows as needed; `build` gives the arrays away and starts anew, so what was built is never written again. One
 * that takes turns writes the arrays of a build again behind the next one: for who knows that it is through by then. */

import { assert } from '#base';
import { narrowMax, wideAt, type Column } from './column.ts';
import { layoutOf, type LogicalType, type RowType } from './types.ts';
import { mapTypes, readValue } from './read.ts';
import type { Instant, MapValue, Value } from './values.ts';

export interface ColumnBuilder {
  readonly size: number;
  /** Bytes of variable-length data written since the last build. */
  readonly bytes: number;
  append(value: Value): void;
  appendNull(): void;
  /** Copies data[start, start + length), of strings (UTF-8) and bytes alone. */
  appendBytes(data: Uint8Array, start: number, length: number): void;
  /** Copies row `row` of a column of the same type. */
  appendFrom(column: Column, row: number): void;
  /** Copies the rows at `rows[0]` … `rows[count - 1]` of a column of the same type, in that order. */
  appendRows(column: Column, rows: Int32Array, count: number): void;
  /** The same, where a row of -1 is NULL. */
  appendRowsOrNulls(column: Column, rows: Int32Array, count: number): void;
  build(): Column;
}

const initialRows = 64;
/** So far back a row of bytes is looked for that comes again. */
const againMax = 3;
const mask64 = (1n << 64n) - 1n;

function grow<T extends Int32Array | Float64Array | Uint8Array | BigInt64Array>(old: T, size: number): T {
  const bigger = new (old.constructor as new (n: number) => T)(Math.max(size, old.length * 2));
  (bigger as Uint8Array).set(old as Uint8Array);
  return bigger;
}

type Numbers = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** Gives what the next column is written into: the array of the one before the last, or a new one. */
class Turns<T extends Numbers> {
  readonly #make: (length: number) => T;
  readonly #takesTurns: boolean;
  #last: T | undefined;

  constructor(make: (length: number) => T, takesTurns: boolean) {
    this.#make = make;
    this.#takesTurns = takesTurns;
  }
  /** `given`: the array that was just given away. */
  next(given: T, length: number): T {
    if (!this.#takesTurns) return this.#make(length);
    const next = this.#last ?? this.#make(length);
    this.#last = given;
    return next;
  }
}

/** Validity bytes that exist only once a null was met. */
class Validity {
  #bytes: Uint8Array | undefined;

  valid(row: number): void {
    if (this.#bytes === undefined) return;
    if (row >= this.#bytes.length) this.#bytes = grow(this.#bytes, row + 1);
    this.#bytes[row] = 1;
  }
  /** `count` rows from `row` on hold values. */
  validRows(row: number, count: number): void {
    if (this.#bytes === undefined) return;
    if (row + count > this.#bytes.length) this.#bytes = grow(this.#bytes, row + count);
    this.#bytes.fill(1, row, row + count);
  }
  null(row: number): void {
    if (this.#bytes === undefined)
      this.#bytes = new Uint8Array(Math.max(initialRows, row + 1)).fill(1, 0, row);
    if (row >= this.#bytes.length) this.#bytes = grow(this.#bytes, row + 1);
    this.#bytes[row] = 0;
  }
  take(): Uint8Array | undefined {
    const bytes = this.#bytes;
    this.#bytes = undefined;
    return bytes;
  }
}

function someNull(valid: Uint8Array, rows: Int32Array, count: number): boolean {
  for (let i = 0; i < count; i++) if (valid[rows[i]!] === 0) return true;
  return false;
}

abstract class Base implements ColumnBuilder {
  readonly type: LogicalType;
  /** Rows of the last column: the next one will be about as long. */
  protected capacity = initialRows;
  size = 0;
  bytes = 0;
  protected readonly validity = new Validity();

  constructor(type: LogicalType) {
    this.type = type;
  }
  append(value: Value): void {
    if (value === null) return this.appendNull();
    this.validity.valid(this.size);
    this.write(value);
    this.size++;
  }
  appendNull(): void {
    this.validity.null(this.size);
    this.writeNull();
    this.size++;
  }
  appendBytes(_data: Uint8Array, _start: number, _length: number): void {
    assert(false, 'only strings and bytes are made of bytes');
  }
  appendFrom(column: Column, row: number): void {
    if (column.valid !== undefined && column.valid[row] === 0) return this.appendNull();
    this.validity.valid(this.size);
    this.copy(column, row);
    this.size++;
  }
  appendRows(column: Column, rows: Int32Array, count: number): void {
    if (column.valid !== undefined && someNull(column.valid, rows, count)) {
      for (let i = 0; i < count; i++) this.appendFrom(column, rows[i]!);
      return;
    }
    this.validity.validRows(this.size, count);
    this.copyRows(column, rows, count);
  }
  appendRowsOrNulls(column: Column, rows: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      if (rows[i]! < 0) this.appendNull();
      else this.appendFrom(column, rows[i]!);
    }
  }
  /** Copies rows none of which is NULL, and counts them. */
  protected copyRows(column: Column, rows: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      this.copy(column, rows[i]!);
      this.size++;
    }
  }
  build(): Column {
    this.capacity = Math.max(initialRows, this.size);
    const column = this.finish(this.validity.take());
    this.size = 0;
    this.bytes = 0;
    return column;
  }
  protected abstract write(value: Exclude<Value, null>): void;
  protected abstract writeNull(): void;
  protected copy(column: Column, row: number): void {
    this.write(readValue(column, this.type, row) as Exclude<Value, null>);
  }
  protected abstract finish(valid: Uint8Array | undefined): Column;
}

class I32Builder extends Base {
  #values = new Int32Array(initialRows);
  readonly #turns: Turns<Int32Array<ArrayBuffer>>;
  constructor(type: LogicalType, takesTurns: boolean) {
    super(type);
    this.#turns = new Turns((n) => new Int32Array(n), takesTurns);
  }
  #set(value: number): void {
    if (this.size >= this.#values.length) this.#values = grow(this.#values, this.size + 1);
    this.#values[this.size] = value;
  }
  protected write(value: Exclude<Value, null>): void {
    this.#set(typeof value === 'boolean' ? (value ? 1 : 0) : (value as number));
  }
  protected writeNull(): void {
    this.#set(0);
  }
  protected override copy(column: Column, row: number): void {
    assert(column.layout === 'i32', 'an i32 column');
    this.#set(column.values[row]!);
  }
  protected override copyRows(column: Column, rows: Int32Array, count: number): void {
    assert(column.layout === 'i32', 'an i32 column');
    const from = column.values;
    const size = this.size + count;
    if (size > this.#values.length) this.#values = grow(this.#values, size);
    const to = this.#values;
    for (let i = 0, at = this.size; i < count; i++) to[at++] = from[rows[i]!]!;
    this.size = size;
  }
  protected finish(valid: Uint8Array | undefined): Column {
    const values = this.#values;
    this.#values = this.#turns.next(values, this.capacity);
    return { layout: 'i32', valid, values };
  }
}

class F64Builder extends Base {
  #values = new Float64Array(initialRows);
  readonly #turns: Turns<Float64Array<ArrayBuffer>>;
  constructor(type: LogicalType, takesTurns: boolean) {
    super(type);
    this.#turns = new Turns((n) => new Float64Array(n), takesTurns);
  }
  protected write(value: Exclude<Value, null>): void {
    if (this.size >= this.#values.length) this.#values = grow(this.#values, this.size + 1);
    this.#values[this.size] = value as number;
  }
  protected writeNull(): void {
    this.write(0);
  }
  protected override copy(column: Column, row: number): void {
    assert(column.layout === 'f64', 'an f64 column');
    this.write(column.values[row]!);
  }
  protected override copyRows(column: Column, rows: Int32Array, count: number): void {
    assert(column.layout === 'f64', 'an f64 column');
    const from = column.values;
    const size = this.size + count;
    if (size > this.#values.length) this.#values = grow(this.#values, size);
    const to = this.#values;
    for (let i = 0, at = this.size; i < count; i++) to[at++] = from[rows[i]!]!;
    this.size = size;
  }
  protected finish(valid: Uint8Array | undefined): Column {
    const values = this.#values;
    this.#values = this.#turns.next(values, this.capacity);
    return { layout: 'f64', valid, values };
  }
}

/** Narrow until a value does not fit, wide from then on, for the whole column. */
class ExactBuilder extends Base {
  readonly #lanes: 1 | 2;
  #narrow: Float64Array<ArrayBuffer> | undefined = new Float64Array(initialRows);
  #wide: BigInt64Array | undefined;
  readonly #turns: Turns<Float64Array<ArrayBuffer>>;

  constructor(type: LogicalType, takesTurns: boolean) {
    super(type);
    this.#turns = new Turns((n) => new Float64Array(n), takesTurns);
    this.#lanes = type.kind === 'DECIMAL' ? 2 : 1;
  }
  #setNarrow(value: number): void {
    let narrow = this.#narrow!;
    if (this.size >= narrow.length) this.#narrow = narrow = grow(narrow, this.size + 1);
    narrow[this.size] = value;
  }
  #setWide(value: bigint): void {
    if (this.#wide === undefined) this.#widen();
    let wide = this.#wide!;
    const at = this.size * this.#lanes;
    if (at + 2 > wide.length) this.#wide = wide = grow(wide, at + 2);
    wide[at] = BigInt.asIntN(64, value & mask64);
    if (this.#lanes === 2) wide[at + 1] = value >> 64n;
  }
  #widen(): void {
    const narrow = this.#narrow!;
    const wide = new BigInt64Array(narrow.length * this.#lanes);
    for (let i = 0; i < this.size; i++) {
      const value = BigInt(narrow[i]!);
      wide[i * this.#lanes] = value;
      if (this.#lanes === 2) wide[i * 2 + 1] = value >> 64n;
    }
    this.#narrow = undefined;
    this.#wide = wide;
  }
  protected write(value: Exclude<Value, null>): void {
    const v = value as bigint;
    if (this.#wide === undefined && v >= -9007199254740991n && v <= 9007199254740991n)
      this.#setNarrow(Number(v));
    else this.#setWide(v);
  }
  protected writeNull(): void {
    if (this.#wide === undefined) this.#setNarrow(0);
    else this.#setWide(0n);
  }
  protected override copy(column: Column, row: number): void {
    assert(column.layout === 'exact', 'an exact column');
    if (column.wide) return this.write(wideAt(column, row));
    if (this.#wide === undefined) this.#setNarrow(column.values[row]!);
    else this.#setWide(BigInt(column.values[row]!));
  }
  protected override copyRows(column: Column, rows: Int32Array, count: number): void {
    assert(column.layout === 'exact', 'an exact column');
    if (column.wide || this.#wide !== undefined) return super.copyRows(column, rows, count);
    const from = column.values;
    const size = this.size + count;
    if (size > this.#narrow!.length) this.#narrow = grow(this.#narrow!, size);
    const to = this.#narrow!;
    for (let i = 0, at = this.size; i < count; i++) to[at++] = from[rows[i]!]!;
    this.size = size;
  }
  protected finish(valid: Uint8Array | undefined): Column {
    const column: Column =
      this.#wide === undefined
        ? { layout: 'exact', wide: false, valid, values: this.#narrow! }
        : { layout: 'exact', wide: true, valid, lanes: this.#lanes, values: this.#wide };
    this.#narrow =
      this.#narrow === undefined
        ? new Float64Array(this.capacity)
        : this.#turns.next(this.#narrow, this.capacity);
    this.#wide = undefined;
    return column;
  }
}

class TimeBuilder extends Base {
  #millis = new Float64Array(initialRows);
  #nanos: Int32Array | undefined;
  readonly #turns: Turns<Float64Array<ArrayBuffer>>;
  constructor(type: LogicalType, takesTurns: boolean) {
    super(type);
    this.#turns = new Turns((n) => new Float64Array(n), takesTurns);
  }
  #set(ms: number, ns: number): void {
    if (this.size >= this.#millis.length) this.#millis = grow(this.#millis, this.size + 1);
    this.#millis[this.size] = ms;
    if (ns !== 0 && this.#nanos === undefined) this.#nanos = new Int32Array(this.#millis.length);
    if (this.#nanos !== undefined) {
      if (this.size >= this.#nanos.length) this.#nanos = grow(this.#nanos, this.#millis.length);
      this.#nanos[this.size] = ns;
    }
  }
  protected write(value: Exclude<Value, null>): void {
    const v = value as Instant;
    this.#set(v.ms, v.ns);
  }
  protected writeNull(): void {
    this.#set(0, 0);
  }
  protected override copy(column: Column, row: number): void {
    assert(column.layout === 'time', 'a time column');
    this.#set(column.millis[row]!, column.nanos === undefined ? 0 : column.nanos[row]!);
  }
  protected override copyRows(column: Column, rows: Int32Array, count: number): void {
    assert(column.layout === 'time', 'a time column');
    if (column.nanos !== undefined || this.#nanos !== undefined) return super.copyRows(column, rows, count);
    const from = column.millis;
    const size = this.size + count;
    if (size > this.#millis.length) this.#millis = grow(this.#millis, size);
    const to = this.#millis;
    for (let i = 0, at = this.size; i < count; i++) to[at++] = from[rows[i]!]!;
    this.size = size;
  }
  protected finish(valid: Uint8Array | undefined): Column {
    const column: Column = { layout: 'time', valid, millis: this.#millis, nanos: this.#nanos };
    this.#millis = this.#turns.next(this.#millis, this.capacity);
    this.#nanos = undefined;
    return column;
  }
}

class BytesBuilder extends Base {
  #starts = new Int32Array(initialRows);
  #lengths = new Int32Array(initialRows);
  #data = Buffer.allocUnsafe(1024);
  #used = 0;
  readonly #startTurns: Turns<Int32Array<ArrayBuffer>>;
  readonly #lengthTurns: Turns<Int32Array<ArrayBuffer>>;
  readonly #dataTurns: Turns<Buffer<ArrayBuffer>>;
  constructor(type: LogicalType, takesTurns: boolean) {
    super(type);
    this.#startTurns = new Turns((n) => new Int32Array(n), takesTurns);
    this.#lengthTurns = new Turns((n) => new Int32Array(n), takesTurns);
    this.#dataTurns = new Turns((n) => Buffer.allocUnsafe(n), takesTurns);
  }
  #reserve(length: number): number {
    if (this.size >= this.#starts.length) {
      this.#starts = grow(this.#starts, this.size + 1);
      this.#lengths = grow(this.#lengths, this.size + 1);
    }
    if (this.#used + length > this.#data.length) {
      const bigger = Buffer.allocUnsafe(Math.max(this.#used + length, this.#data.length * 2));
      bigger.set(this.#data.subarray(0, this.#used));
      this.#data = bigger;
    }
    return this.#used;
  }
  #commit(length: number): void {
    this.#starts[this.size] = this.#used;
    this.#lengths[this.size] = length;
    this.#used += length;
    this.bytes += length;
  }
  protected write(value: Exclude<Value, null>): void {
    if (typeof value === 'string') {
      const at = this.#reserve(value.length * 3);
      this.#commit(this.#data.write(value, at, 'utf8'));
    } else {
      const bytes = value as Uint8Array;
      // Reserved first: that may replace the buffer.
      const at = this.#reserve(bytes.length);
      this.#data.set(bytes, at);
      this.#commit(bytes.length);
    }
  }
  override appendBytes(data: Uint8Array, start: number, length: number): void {
    const at = this.#reserve(length);
    this.#data.set(data.subarray(start, start + length), at);
    this.#commit(length);
    this.validity.valid(this.size);
    this.size++;
  }
  protected writeNull(): void {
    this.#reserve(0);
    this.#commit(0);
  }
  protected override copy(column: Column, row: number): void {
    assert(column.layout === 'bytes', 'a bytes column');
    this.#put(column.data, column.starts[row]!, column.lengths[row]!);
  }
  /** Bytes of a row that came shortly before are kept once: changes of a ranking move rows from place to place. */
  protected override copyRows(column: Column, rows: Int32Array, count: number): void {
    assert(column.layout === 'bytes', 'a bytes column');
    const { data, starts, lengths } = column;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const most = i < againMax ? i : againMax;
      let back = 1;
      while (back <= most && row !== rows[i - back]) back++;
      if (back <= most) this.#again(back);
      else this.#put(data, starts[row]!, lengths[row]!);
      this.size++;
    }
  }
  #again(back: number): void {
    this.#reserve(0);
    this.#starts[this.size] = this.#starts[this.size - back]!;
    this.#lengths[this.size] = this.#lengths[this.size - back]!;
  }
  #put(data: Uint8Array, start: number, length: number): void {
    const at = this.#reserve(length);
    if (length < 24) for (let i = 0; i < length; i++) this.#data[at + i] = data[start + i]!;
    else this.#data.set(data.subarray(start, start + length), at);
    this.#commit(length);
  }
  protected finish(valid: Uint8Array | undefined): Column {
    const column: Column = {
      layout: 'bytes',
      valid,
      starts: this.#starts,
      lengths: this.#lengths,
      data: this.#data,
    };
    this.#starts = this.#startTurns.next(this.#starts, this.capacity);
    this.#lengths = this.#lengthTurns.next(this.#lengths, this.capacity);
    this.#data = this.#dataTurns.next(this.#data, Math.max(1024, this.#used));
    this.#used = 0;
    return column;
  }
}

class RowBuilder extends Base {
  readonly #fields: ColumnBuilder[];
  constructor(type: RowType, takesTurns: boolean) {
    super(type);
    this.#fields = type.fields.map((f) => columnBuilder(f.type, takesTurns));
  }
  protected write(value: Exclude<Value, null>): void {
    this.#fields.forEach((f, i) => {
      f.append((value as Value[])[i]!);
    });
  }
  protected writeNull(): void {
    for (const f of this.#fields) f.appendNull();
  }
  protected override copy(column: Column, row: number): void {
    assert(column.layout === 'row', 'a row column');
    this.#fields.forEach((f, i) => {
      f.appendFrom(column.fields[i]!, row);
    });
  }
  protected override copyRows(column: Column, rows: Int32Array, count: number): void {
    assert(column.layout === 'row', 'a row column');
    this.#fields.forEach((f, i) => {
      f.appendRows(column.fields[i]!, rows, count);
    });
    this.size += count;
  }
  protected finish(valid: Uint8Array | undefined): Column {
    return { layout: 'row', valid, fields: this.#fields.map((f) => f.build()) };
  }
}

/** ARRAY with one child, MAP and MULTISET with two. */
class NestedBuilder extends Base {
  readonly #children: ColumnBuilder[];
  readonly #isMap: boolean;
  #starts = new Int32Array(initialRows);
  #lengths = new Int32Array(initialRows);
  constructor(type: LogicalType) {
    super(type);
    this.#isMap = type.kind !== 'ARRAY';
    this.#children =
      type.kind === 'ARRAY' ? [columnBuilder(type.element)] : mapTypes(type).map((t) => columnBuilder(t));
  }
  #open(length: number): void {
    if (this.size >= this.#starts.length) {
      this.#starts = grow(this.#starts, this.size + 1);
      this.#lengths = grow(this.#lengths, this.size + 1);
    }
    this.#starts[this.size] = this.#children[0]!.size;
    this.#lengths[this.size] = length;
  }
  protected write(value: Exclude<Value, null>): void {
    if (this.#isMap) {
      const { entries } = value as MapValue;
      this.#open(entries.length);
      for (const [k, v] of entries) {
        this.#children[0]!.append(k);
        this.#children[1]!.append(v);
      }
    } else {
      this.#open((value as Value[]).length);
      for (const v of value as Value[]) this.#children[0]!.append(v);
    }
  }
  protected writeNull(): void {
    this.#open(0);
  }
  protected override copy(column: Column, row: number): void {
    assert(column.layout === 'list' || column.layout === 'map', 'a nested column');
    const start = column.starts[row]!;
    const length = column.lengths[row]!;
    this.#open(length);
    const sources = column.layout === 'list' ? [column.element] : [column.keys, column.values];
    for (let i = 0; i < length; i++)
      this.#children.forEach((c, k) => {
        c.appendFrom(sources[k]!, start + i);
      });
  }
  protected finish(valid: Uint8Array | undefined): Column {
    const [starts, lengths] = [this.#starts, this.#lengths];
    this.#starts = new Int32Array(this.capacity);
    this.#lengths = new Int32Array(this.capacity);
    if (!this.#isMap) return { layout: 'list', valid, starts, lengths, element: this.#children[0]!.build() };
    return {
      layout: 'map',
      valid,
      starts,
      lengths,
      keys: this.#children[0]!.build(),
      values: this.#children[1]!.build(),
    };
  }
}

/** A builder for columns of `type`. `takesTurns`: what a build gave is written again behind the next build. */
export function columnBuilder(type: LogicalType, takesTurns = false): ColumnBuilder {
  switch (layoutOf(type)) {
    case 'i32':
      return new I32Builder(type, takesTurns);
    case 'f64':
      return new F64Builder(type, takesTurns);
    case 'exact':
      return new ExactBuilder(type, takesTurns);
    case 'time':
      return new TimeBuilder(type, takesTurns);
    case 'bytes':
      return new BytesBuilder(type, takesTurns);
    case 'row':
      return new RowBuilder(type as RowType, takesTurns);
    case 'list':
    case 'map':
      return new NestedBuilder(type);
  }
}

/** Whether a bigint can lie in a narrow column. */
export const fitsNarrow = (value: bigint): boolean =>
  value >= -BigInt(narrowMax) && value <= BigInt(narrowMax);
