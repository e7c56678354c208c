/* Builds batches row by row: cells through `columns`, then `endRow`; marks as they come. */

import { limits } from '#base';
import { becomesIdle, noMarks, type Batch, type Marks } from './batch.ts';
import { columnBuilder, type ColumnBuilder } from './builder.ts';
import type { Column } from './column.ts';
import type { LogicalType } from './types.ts';
import type { Row } from './values.ts';

export class BatchBuilder {
  readonly columns: readonly ColumnBuilder[];
  rows = 0;
  #kinds: Uint8Array | undefined;
  #marksAt: number[] = [];
  #marks: number[] = [];

  constructor(types: readonly LogicalType[]) {
    this.columns = types.map(columnBuilder);
  }

  /** Closes the row whose cells were appended to `columns`. */
  endRow(kind = 0): void {
    if (kind !== 0 && this.#kinds === undefined) this.#kinds = new Uint8Array(Math.max(64, this.rows + 1));
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
    if (this.#marksAt.at(-1) === this.rows && !becomesIdle(this.#marks.at(-1)!, watermark))
      this.#marks[this.#marks.length - 1] = watermark;
    else {
      this.#marksAt.push(this.rows);
      this.#marks.push(watermark);
    }
  }
  get empty(): boolean {
    return this.rows === 0 && this.#marks.length === 0;
  }
  /** True when the batch should go out: enough rows, marks or bytes. */
  get full(): boolean {
    if (this.rows >= limits.batchRowsMax || this.#marks.length > limits.batchRowsMax) return true;
    let bytes = 0;
    for (const column of this.columns) bytes += column.bytes;
    return bytes >= limits.batchBytesMax;
  }
  build(): Batch {
    const marks: Marks =
      this.#marks.length === 0
        ? noMarks
        : {
            count: this.#marks.length,
            at: Int32Array.from(this.#marksAt),
            watermark: Float64Array.from(this.#marks),
          };
    const batch: Batch = {
      rows: this.rows,
      columns: this.columns.map((c) => c.build()),
      kinds: this.#kinds,
      marks,
    };
    this.rows = 0;
    this.#kinds = undefined;
    this.#marksAt = [];
    this.#marks = [];
    return batch;
  }
}

/** Columns without rows for a stream of these types. */
export function emptyColumns(types: readonly LogicalType[]): Column[] {
  return types.map((type) => columnBuilder(type).build());
}
