/* Flink's ConstraintEnforcer: NULL in a NOT NULL column fails the job, behind the rows before it, or drops the row where
 * 'table.exec.sink.not-null-enforcer' says so, or reports it where the table has a policy for bad rows. */

import { UserError } from '#base';
import { changeKind, gatherBatch, type Batch } from '#data';
import { shownRow, type EvalContext } from '#expr';
import type { SinkPlan } from '#job';
import type { BadRows } from './bad-rows.ts';

export interface Enforced {
  /** The rows that may be written. */
  readonly batch: Batch;
  /** What the row behind them fails with. */
  readonly failure: UserError | undefined;
}

export class NotNullEnforcer {
  readonly #plan: SinkPlan;
  readonly #context: EvalContext;
  readonly #dropped: (rows: number) => void;
  readonly #badRows: BadRows | undefined;

  /** `dropped` hears how many rows were left out without a report. */
  constructor(
    plan: SinkPlan,
    context: EvalContext,
    to: { readonly dropped: (rows: number) => void; readonly badRows: BadRows | undefined },
  ) {
    this.#plan = plan;
    this.#context = context;
    this.#dropped = to.dropped;
    this.#badRows = to.badRows?.takesErrors === true ? to.badRows : undefined;
  }
  enforce(batch: Batch): Enforced {
    const { notNull, dropNulls, outputTypes } = this.#plan;
    // Nearly always there is nothing to find: columns are looked through one by one, not row by row.
    if (notNull.every((index) => !hasNull(batch, index))) return { batch, failure: undefined };
    const keep: number[] = [];
    let dropped = 0;
    for (let row = 0; row < batch.rows; row++) {
      const index = notNull.find((i) => this.#breaks(batch, i, row));
      if (index === undefined) keep.push(row);
      else if (dropNulls) dropped++;
      else if (this.#badRows !== undefined)
        this.#badRows.row('constraint', batch, this.#plan.fields, row, this.#error(batch, index, row));
      else return { batch: gatherBatch(batch, outputTypes, keep), failure: this.#error(batch, index, row) };
    }
    if (keep.length === batch.rows) return { batch, failure: undefined };
    if (dropped > 0) this.#dropped(dropped);
    return { batch: gatherBatch(batch, outputTypes, keep), failure: undefined };
  }
  #breaks({ columns, kinds }: Batch, index: number, row: number): boolean {
    const { valid } = columns[index]!;
    if (valid === undefined || valid[row] !== 0) return false;
    // A key-only delete carries nothing but its key.
    return kinds === undefined || kinds[row] !== changeKind.delete || this.#plan.key.includes(index);
  }
  #error(batch: Batch, index: number, row: number): UserError {
    const { fields, table, places, outputTypes } = this.#plan;
    return new UserError('DATA1002', {
      at: places[index],
      message: `Column '${fields[index]!.name}' is NOT NULL, however, a null value is being written into it.`,
      hint: `It is a column of "${table.path.object}", and the row was ${shownRow(batch, outputTypes, row, this.#context)}. You can set job configuration 'table.exec.sink.not-null-enforcer' = 'DROP' to suppress this exception and drop such records silently.`,
    });
  }
}

function hasNull({ columns, rows }: Batch, index: number): boolean {
  const at = columns[index]!.valid?.indexOf(0) ?? -1;
  return at >= 0 && at < rows;
}
