/* What an operator on runs emits: rows into column builders, and which rows of the run they came from, so that marks stand
 * behind what their row gave. */

import { limits } from '#base';
import { BatchBuilder, type ColumnBuilder, type LogicalType } from '#data';

export class RunOutput {
  readonly builder: BatchBuilder;
  readonly columns: readonly ColumnBuilder[];
  /** By row of the run: how many rows were in the output once that row was through. Written by operators that emit many
   *  rows at once; `endKnown` says for how many rows of the run. */
  ends = new Int32Array(limits.batchRowsMax);
  endKnown = 0;
  /** Processing time of the call. */
  now = 0;

  constructor(types: readonly LogicalType[]) {
    // A batch is through before the next is emitted (I9): its arrays are filled again behind that one.
    this.builder = new BatchBuilder(types, true);
    this.columns = this.builder.columns;
  }
  /** Rows that may still be emitted before `full`. */
  get room(): number {
    return limits.batchRowsMax - this.builder.rows;
  }
  /** The operator should return as soon as it can stop cleanly. */
  get full(): boolean {
    return this.builder.full;
  }
  endRow(kind: number): void {
    this.builder.endRow(kind);
  }
  /** The next row of the run gave what was emitted so far. */
  through(): void {
    this.ends[this.endKnown++] = this.builder.rows;
  }
  /** Makes room for the ends of `count` rows. */
  beginRun(count: number): void {
    if (this.ends.length < count) this.ends = new Int32Array(count);
    this.endKnown = 0;
  }
}
