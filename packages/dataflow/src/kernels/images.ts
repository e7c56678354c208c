/* Results of kernels: exact numbers in a flat array, anything else in a column builder. */

import { columnBuilder, type Column, type ColumnBuilder, type LogicalType, type Value } from '#data';
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
  }
  appendTo(builder: ColumnBuilder, picks: Int32Array, count: number): void {
    const { valid } = this;
    if (!this.#isInteger) return builder.appendRows({ layout: 'f64', valid, values: this.f64 }, picks, count);
    if (this.#i32.length < this.#size) this.#i32 = new Int32Array(this.f64.length);
    for (let i = 0; i < this.#size; i++) this.#i32[i] = this.f64[i]!;
    builder.appendRows({ layout: 'i32', valid, values: this.#i32 }, picks, count);
  }
}

/** Any type, appended one after the other. */
export class ValueImages implements Images {
  readonly #builder: ColumnBuilder;
  #column: Column | undefined;

  constructor(type: LogicalType) {
    this.#builder = columnBuilder(type);
  }
  begin(): void {
    if (this.#builder.size > 0) this.#builder.build();
    this.#column = undefined;
  }
  append(value: Value): void {
    this.#builder.append(value);
  }
  appendNull(): void {
    this.#builder.appendNull();
  }
  appendSlot(column: StateColumn, slot: number): void {
    column.appendTo(this.#builder, slot);
  }
  appendTo(builder: ColumnBuilder, picks: Int32Array, count: number): void {
    this.#column ??= this.#builder.build();
    builder.appendRows(this.#column, picks, count);
  }
}
