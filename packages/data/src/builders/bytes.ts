/* Text and binary: bytes behind one another, or where they lie already in the column that they came from. */

import { assert } from '#base';
import type { Column } from '../column.ts';
import { copyRange, viewOf } from '../ranges.ts';
import type { LogicalType } from '../types.ts';
import type { Value } from '../values.ts';
import { Base, grow, initialRows, Turns } from './base.ts';

/** So far back a row is looked for that comes again. */
const againMax = 3;

export class BytesBuilder extends Base {
  #starts = new Int32Array(initialRows);
  #lengths = new Int32Array(initialRows);
  #data = Buffer.allocUnsafe(1024);
  #view = viewOf(this.#data);
  #used = 0;
  /** Where the bytes of all rows are, when they are not in `#data`. */
  #shared: Uint8Array | undefined;
  /** The text that was written last, and where: constants and dates come row by row. */
  #text: string | undefined;
  #textAt = 0;
  #textLength = 0;
  readonly #startTurns: Turns<Int32Array<ArrayBuffer>>;
  readonly #lengthTurns: Turns<Int32Array<ArrayBuffer>>;
  readonly #dataTurns: Turns<Buffer<ArrayBuffer>>;

  constructor(type: LogicalType, takesTurns: boolean) {
    super(type);
    this.#startTurns = new Turns((n) => new Int32Array(n), takesTurns);
    this.#lengthTurns = new Turns((n) => new Int32Array(n), takesTurns);
    this.#dataTurns = new Turns((n) => Buffer.allocUnsafe(n), takesTurns);
  }
  #reserveRows(count: number): void {
    const size = this.size + count;
    if (size <= this.#starts.length) return;
    this.#starts = grow(this.#starts, size);
    this.#lengths = grow(this.#lengths, size);
  }
  /** Where a row of so many bytes begins. */
  #reserve(length: number): number {
    this.#own();
    this.#reserveRows(1);
    this.#reserveBytes(length);
    return this.#used;
  }
  #reserveBytes(length: number): void {
    const size = this.#used + length;
    if (size <= this.#data.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(size, this.#data.length * 2));
    bigger.set(this.#data.subarray(0, this.#used));
    this.#data = bigger;
    this.#view = viewOf(bigger);
  }
  #commit(length: number): void {
    this.#starts[this.size] = this.#used;
    this.#lengths[this.size] = length;
    this.#used += length;
    this.bytes += length;
  }
  protected write(value: Exclude<Value, null>): void {
    if (typeof value === 'string') {
      if (value !== this.#text) return this.#writeText(value);
      this.#reserve(0);
      this.#starts[this.size] = this.#textAt;
      this.#lengths[this.size] = this.#textLength;
    } else {
      const bytes = value as Uint8Array;
      // Reserved first: that may replace the buffer.
      const at = this.#reserve(bytes.length);
      this.#data.set(bytes, at);
      this.#commit(bytes.length);
    }
  }
  #writeText(text: string): void {
    this.#text = text;
    this.#textAt = this.#reserve(text.length * 3);
    this.#textLength = this.#data.write(text, this.#textAt, 'utf8');
    this.#commit(this.#textLength);
  }
  override appendBytes(data: Uint8Array, start: number, length: number): void {
    this.#put(data, start, length);
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
  #put(data: Uint8Array, start: number, length: number): void {
    const at = this.#reserve(length);
    copyRange(this.#view, at, viewOf(data), start, length);
    this.#commit(length);
  }
  /** Bytes of a row that came shortly before are kept once: changes of a ranking move rows from place to place. */
  protected override copyRows(column: Column, rows: Int32Array, count: number): void {
    assert(column.layout === 'bytes', 'a bytes column');
    this.#own();
    this.#reserveRows(count);
    const { data, starts, lengths } = column;
    const from = viewOf(data);
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const most = i < againMax ? i : againMax;
      let back = 1;
      while (back <= most && row !== rows[i - back]) back++;
      if (back <= most) this.#again(back);
      else {
        const length = lengths[row]!;
        this.#reserveBytes(length);
        copyRange(this.#view, this.#used, from, starts[row]!, length);
        this.#commit(length);
      }
      this.size++;
    }
  }
  #again(back: number): void {
    this.#starts[this.size] = this.#starts[this.size - back]!;
    this.#lengths[this.size] = this.#lengths[this.size - back]!;
  }
  override shareRows(column: Column, rows: Int32Array, count: number): void {
    assert(column.layout === 'bytes', 'a bytes column');
    if (this.size === 0) this.#shared = column.data;
    else if (this.#shared !== column.data) return this.appendRows(column, rows, count);
    this.#reserveRows(count);
    const { valid, starts, lengths } = column;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const isNull = valid !== undefined && valid[row] === 0;
      if (isNull) this.validity.null(this.size);
      else this.validity.valid(this.size);
      const length = isNull ? 0 : lengths[row]!;
      this.#starts[this.size] = starts[row]!;
      this.#lengths[this.size] = length;
      if (i === 0 || row !== rows[i - 1]) this.bytes += length;
      this.size++;
    }
  }
  /** Copies what is shared. */
  #own(): void {
    const shared = this.#shared;
    if (shared === undefined) return;
    this.#shared = undefined;
    const from = viewOf(shared);
    for (let row = 0; row < this.size; row++) {
      const length = this.#lengths[row]!;
      this.#reserveBytes(length);
      copyRange(this.#view, this.#used, from, this.#starts[row]!, length);
      this.#starts[row] = this.#used;
      this.#used += length;
    }
  }
  protected finish(valid: Uint8Array | undefined): Column {
    const column: Column = {
      layout: 'bytes',
      valid,
      starts: this.#starts,
      lengths: this.#lengths,
      data: this.#shared ?? this.#data,
    };
    this.#starts = this.#startTurns.next(this.#starts, this.capacity);
    this.#lengths = this.#lengthTurns.next(this.#lengths, this.capacity);
    if (this.#shared === undefined) {
      this.#data = this.#dataTurns.next(this.#data, Math.max(1024, this.#used));
      this.#view = viewOf(this.#data);
    }
    this.#shared = undefined;
    this.#text = undefined;
    this.#used = 0;
    return column;
  }
}
