/* Writes columns a value at a time: the general way to make rows that no generated code makes.
 * A builder grows as needed; `build` gives the arrays away and starts anew, so what was built is never written again. One
 * that takes turns writes the arrays of a build again behind the next one: for who knows that it is through by then. */

import { assert } from '#base';
import type { Column } from '../column.ts';
import type { LogicalType } from '../types.ts';
import { readValue } from '../read.ts';
import type { Value } from '../values.ts';

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
  /** As `appendRows`, of a column that stays as it is until what is built here is through: bytes may be left where they
   *  lie. */
  shareRows(column: Column, rows: Int32Array, count: number): void;
  build(): Column;
}

export const initialRows = 64;

export function grow<T extends Int32Array | Float64Array | Uint8Array | BigInt64Array>(
  old: T,
  size: number,
): T {
  const bigger = new (old.constructor as new (n: number) => T)(Math.max(size, old.length * 2));
  (bigger as Uint8Array).set(old as Uint8Array);
  return bigger;
}

type Numbers = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** Gives what the next column is written into: the array of the one before the last, or a new one. */
export class Turns<T extends Numbers> {
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

export abstract class Base implements ColumnBuilder {
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
  shareRows(column: Column, rows: Int32Array, count: number): void {
    this.appendRows(column, rows, count);
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
