/* Batches made of some rows of another: what filters, enforcers and exchanges outside generated code use. */

import { BatchBuilder } from './batch-builder.ts';
import type { Batch } from './batch.ts';
import type { LogicalType } from './types.ts';

/** The rows of `batch` at `indexes`, in that order, with kinds and where they came from; marks are kept at their place among
 *  the rows left. */
export function gatherBatch(batch: Batch, types: readonly LogicalType[], indexes: readonly number[]): Batch {
  const builder = new BatchBuilder(types);
  const { marks } = batch;
  let m = 0;
  const markUpTo = (row: number): void => {
    while (m < marks.count && marks.at[m]! <= row) builder.mark(marks.watermark[m++]!);
  };
  for (const row of indexes) {
    markUpTo(row);
    builder.appendFrom(batch.columns, row, batch.kinds === undefined ? 0 : batch.kinds[row]!);
  }
  markUpTo(batch.rows);
  const { origin } = batch;
  return { ...builder.build(), origin: origin && ((row) => origin(indexes[row]!)) };
}
