/* Builds batches row by row: cells through `columns`, then `endRow`; marks as they come. */

import { limits } from '#base';
import { becomesIdle, noMarks, type Batch, type Marks } from './batch.ts';
import { columnBuilder, type ColumnBuilder } from './builder.ts';
import type { Column } from './column.ts';
import { layoutOf, type LogicalType } from './types.ts';
import type { Row } from './values.ts';

export class BatchBuilder {
  readonly columns: readonly ColumnBuilder[];
  /** Those whose cells differ in size. */
  readonly #sized: readonly ColumnBuilder[];
  rows = 0;
  #kinds: Uint8Array | undefined;
  #markCount = 0;
  #marksAt = new Int32Array(16);
  #marks = new Float64Array(16);

  readonly #takesTurns: boolean;
  /** Of the batch before the last, and of the last. */
  #spareKinds: Uint8Array | undefined;
  #lastKinds: Uint8Array | undefined;

  /** `takesTurns`: the arrays of a batch are written again once the next one is built. */
  constructor(types: readonly LogicalType[], takesTurns = false) {
    this.columns = types.map((type) => columnBuilder(type, takesTurns));
    this.#takesTurns = takesTurns;
    this.#sized = this.columns.filter((_, i) => layoutOf(types[i]!) === 'bytes');
  }

  /** Closes the row whose cells were appended to `columns`. */
  endRow(kind = 0): void {
    if (kind !== 0 && this.#kinds === undefined) this.#kinds = this.#newKinds(this.rows + 1);
    if (this.#kinds !== undefined) {
      if (this.rows >= this.#kinds.length) {
        const bigger = new Uint8Array(this.#kinds.length * 2);
        bigger.set(this.#kinds);
        this.#kinds = bigger;
      }
      this.#kinds[this.rows] = kind;
    }
    this.rows++;
  }
  /** Closes `count` rows whose cells were appended, all of them inserts or each of its kind. */
  endRows(count: number, kinds?: Uint8Array): void {
    if (kinds === undefined && this.#kinds === undefined) {
      this.rows += count;
      return;
    }
    if (this.#kinds === undefined) this.#kinds = this.#newKinds(this.rows + count);
    else if (this.rows + count > this.#kinds.length) {
      const bigger = new Uint8Array(Math.max(this.rows + count, this.#kinds.length * 2));
      bigger.set(this.#kinds);
      this.#kinds = bigger;
    }
    if (kinds === undefined) this.#kinds.fill(0, this.rows, this.rows + count);
    else this.#kinds.set(kinds.subarray(0, count), this.rows);
    this.rows += count;
  }
  /** For as many rows; those so far are inserts. */
  #newKinds(size: number): Uint8Array {
    const kept = this.#spareKinds;
    this.#spareKinds = undefined;
    if (kept === undefined || kept.length < size) return new Uint8Array(Math.max(64, size));
    return kept.fill(0, 0, this.rows);
  }
  appendRow(row: Row, kind = 0): void {
    for (let i = 0; i < this.columns.length; i++) this.columns[i]!.append(row[i]!);
    this.endRow(kind);
  }
  /** Copies a row of columns of the same types. */
  appendFrom(columns: readonly Column[], row: number, kind = 0): void {
    for (let i = 0; i < this.columns.length; i++) this.columns[i]!.appendFrom(columns[i]!, row);
    this.endRow(kind);
  }
  /** The watermark after the rows appended so far; NaN for idle. */
  mark(watermark: number): void {
    this.markAt(this.rows, watermark);
  }
  /** The watermark after the first `at` rows, not in front of an earlier mark. */
  markAt(at: number, watermark: number): void {
    const last = this.#markCount - 1;
    if (last >= 0 && this.#marksAt[last] === at && !becomesIdle(this.#marks[last]!, watermark)) {
      this.#marks[last] = watermark;
      return;
    }
    if (this.#markCount === this.#marks.length) {
      const marksAt = new Int32Array(this.#markCount * 2);
      marksAt.set(this.#marksAt);
      this.#marksAt = marksAt;
      const marks = new Float64Array(this.#markCount * 2);
      marks.set(this.#marks);
      this.#marks = marks;
    }
    this.#marksAt[this.#markCount] = at;
    this.#marks[this.#markCount++] = watermark;
  }
  get empty(): boolean {
    return this.rows === 0 && this.#markCount === 0;
  }
  /** True when the batch should go out: enough rows, marks or bytes. */
  get full(): boolean {
    if (this.rows >= limits.batchRowsMax || this.#markCount > limits.batchRowsMax) return true;
    let bytes = 0;
    for (let i = 0; i < this.#sized.length; i++) bytes += this.#sized[i]!.bytes;
    return bytes >= limits.batchBytesMax;
  }
  build(): Batch {
    const marks: Marks =
      this.#markCount === 0
        ? noMarks
        : {
            count: this.#markCount,
            at: this.#marksAt.slice(0, this.#markCount),
            watermark: this.#marks.slice(0, this.#markCount),
          };
    const batch: Batch = {
      rows: this.rows,
      columns: this.columns.map((c) => c.build()),
      kinds: this.#kinds,
      marks,
    };
    if (this.#takesTurns) {
      this.#spareKinds = this.#lastKinds;
      this.#lastKinds = this.#kinds;
    }
    this.rows = 0;
    this.#kinds = undefined;
    this.#markCount = 0;
    return batch;
  }
}

/** Columns without rows for a stream of these types. */
export function emptyColumns(types: readonly LogicalType[]): Column[] {
  return types.map((type) => columnBuilder(type).build());
}

/** A row as columns of one cell each. */
export function rowColumns(types: readonly LogicalType[], row: Row): Column[] {
  return types.map((type, i) => {
    const builder = columnBuilder(type);
    builder.append(row[i]!);
    return builder.build();
  });
}
/** A row of NULLs as columns of one cell each. */
export function nullColumns(types: readonly LogicalType[]): Column[] {
  return types.map((type) => {
    const builder = columnBuilder(type);
    builder.appendNull();
    return builder.build();
  });
}
