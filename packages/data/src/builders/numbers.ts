/* Columns of numbers and times. */

import { assert } from '#base';
import { wideAt, type Column } from '../column.ts';
import type { LogicalType } from '../types.ts';
import type { Instant, Value } from '../values.ts';
import { Base, grow, initialRows, Turns } from './base.ts';

const mask64 = (1n << 64n) - 1n;

export class I32Builder extends Base {
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

export class F64Builder extends Base {
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
export class ExactBuilder extends Base {
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

export class TimeBuilder extends Base {
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
