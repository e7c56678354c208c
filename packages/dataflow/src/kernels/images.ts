/* Results of kernels: exact numbers in a flat array, anything else in a column builder. */

import {
  columnBuilder,
  compareRanges,
  compareValues,
  readValue,
  type Column,
  type ColumnBuilder,
  type LogicalType,
  type Value,
} from '#data';
import type { StateColumn } from '#state';
import type { Images } from './kernel.ts';

/** BIGINT and DECIMAL: narrow numbers, with those that are wide beside them. */
export class ExactImages implements Images {
  values = new Float64Array(64);
  valid: Uint8Array | undefined;
  #wide: Map<number, bigint> | undefined;
  #size = 0;

  /** Room for `size` results, all of which will be set. */
  begin(size: number): void {
    if (this.values.length < size) this.values = new Float64Array(size);
    this.#wide = undefined;
    this.#size = size;
    this.valid = undefined;
  }
  setNull(at: number): void {
    this.valid ??= new Uint8Array(this.#size).fill(1);
    this.valid[at] = 0;
    this.values[at] = 0;
  }
  setBig(at: number, value: bigint): void {
    if (value >= -narrowMax && value <= narrowMax) this.values[at] = Number(value);
    else {
      this.#wide ??= new Map();
      this.#wide.set(at, value);
      this.values[at] = Number.NaN;
    }
  }
  markChanges(changed: Uint8Array, count: number): void {
    const { values, valid } = this;
    for (let i = 0; i < count; i++) {
      const before = values[i * 2]!;
      const after = values[i * 2 + 1]!;
      if (before === after && (valid === undefined || valid[i * 2] === valid[i * 2 + 1])) continue;
      if (!this.#isSameWide(i * 2, before, after)) changed[i] = 1;
    }
  }
  #isSameWide(at: number, before: number, after: number): boolean {
    if (!Number.isNaN(before) || !Number.isNaN(after)) return false;
    return this.#wide!.get(at) === this.#wide!.get(at + 1);
  }
  appendTo(builder: ColumnBuilder, picks: Int32Array, count: number): void {
    const column: Column = { layout: 'exact', wide: false, valid: this.valid, values: this.values };
    if (this.#wide === undefined) return builder.appendRows(column, picks, count);
    for (let i = 0; i < count; i++) {
      const wide = this.#wide.get(picks[i]!);
      if (wide === undefined) builder.appendFrom(column, picks[i]!);
      else builder.append(wide);
    }
  }
}
const narrowMax = BigInt(Number.MAX_SAFE_INTEGER);

/** DOUBLE and FLOAT, or what lies in an Int32Array. */
export class NumberImages implements Images {
  f64 = new Float64Array(64);
  valid: Uint8Array | undefined;
  readonly #isInteger: boolean;
  #i32 = new Int32Array(64);
  #size = 0;

  constructor(isInteger: boolean) {
    this.#isInteger = isInteger;
  }
  begin(size: number): void {
    if (this.f64.length < size) this.f64 = new Float64Array(size);
    this.#size = size;
    this.valid = undefined;
  }
  setNull(at: number): void {
    this.valid ??= new Uint8Array(this.#size).fill(1);
    this.valid[at] = 0;
    this.f64[at] = 0;
  }
  markChanges(changed: Uint8Array, count: number): void {
    const { f64, valid } = this;
    for (let i = 0; i < count; i++) {
      const [a, b] = [i * 2, i * 2 + 1];
      const isNull = valid?.[a] === 0;
      if (isNull !== (valid?.[b] === 0) || (!isNull && f64[a] !== f64[b])) changed[i] = 1;
    }
  }
  appendTo(builder: ColumnBuilder, picks: Int32Array, count: number): void {
    const { valid } = this;
    if (!this.#isInteger) return builder.appendRows({ layout: 'f64', valid, values: this.f64 }, picks, count);
    if (this.#i32.length < this.#size) this.#i32 = new Int32Array(this.f64.length);
    for (let i = 0; i < this.#size; i++) this.#i32[i] = this.f64[i]!;
    builder.appendRows({ layout: 'i32', valid, values: this.#i32 }, picks, count);
  }
}

/** Any type, appended one after the other. A value that comes twice in succession is kept once. */
export class ValueImages implements Images {
  readonly #type: LogicalType;
  readonly #builder: ColumnBuilder;
  #column: Column | undefined;
  /** By image: which value of the builder it is. */
  #at = new Int32Array(64);
  #size = 0;
  #rows = new Int32Array(64);

  constructor(type: LogicalType) {
    this.#type = type;
    this.#builder = columnBuilder(type, true);
  }
  markChanges(changed: Uint8Array, count: number): void {
    this.#column ??= this.#builder.build();
    for (let i = 0; i < count; i++) {
      const before = this.#at[i * 2]!;
      const after = this.#at[i * 2 + 1]!;
      // NaN is not what it was, even where it is kept once.
      const isOne = before === after && this.#column.layout !== 'f64';
      if (!isOne && !sameCell(this.#column, this.#type, before, after)) changed[i] = 1;
    }
  }
  begin(): void {
    if (this.#builder.size > 0) this.#builder.build();
    this.#column = undefined;
    this.#size = 0;
  }
  append(value: Value): void {
    this.#next(this.#builder.size);
    this.#builder.append(value);
  }
  appendNull(): void {
    this.#next(this.#builder.size);
    this.#builder.appendNull();
  }
  appendSlot(column: StateColumn, slot: number): void {
    this.#next(this.#builder.size);
    column.appendTo(this.#builder, slot);
  }
  /** The last image once more. */
  again(): void {
    this.#next(this.#at[this.#size - 1]!);
  }
  #next(value: number): void {
    if (this.#size === this.#at.length) {
      const more = new Int32Array(this.#size * 2);
      more.set(this.#at);
      this.#at = more;
    }
    this.#at[this.#size++] = value;
  }
  appendTo(builder: ColumnBuilder, picks: Int32Array, count: number): void {
    this.#column ??= this.#builder.build();
    if (this.#rows.length < count) this.#rows = new Int32Array(count);
    for (let i = 0; i < count; i++) this.#rows[i] = this.#at[picks[i]!]!;
    builder.appendRows(this.#column, this.#rows, count);
  }
}

/** Equal results in two rows of a column. */
function sameCell(column: Column, type: LogicalType, a: number, b: number): boolean {
  if (column.valid !== undefined && (column.valid[a] === 0 || column.valid[b] === 0))
    return column.valid[a] === column.valid[b];
  switch (column.layout) {
    case 'i32':
    case 'f64':
      return column.values[a] === column.values[b];
    case 'time':
      return (
        column.millis[a] === column.millis[b] &&
        (column.nanos === undefined || column.nanos[a] === column.nanos[b])
      );
    case 'bytes':
      return (
        column.lengths[a] === column.lengths[b] &&
        compareRanges(
          column.data,
          column.starts[a]!,
          column.lengths[a]!,
          column.data,
          column.starts[b]!,
          column.lengths[b]!,
        ) === 0
      );
    default:
      return compareValues(readValue(column, type, a), readValue(column, type, b)) === 0;
  }
}
