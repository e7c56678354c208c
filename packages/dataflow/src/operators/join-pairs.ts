/* What must hold beside the keys of a join, of pairs of a batch's row and a kept row.
 *
 *   row i × kept rows that it may meet, row i + 1 × …  ─▶ condition (pair-condition.ts) ─▶ one answer a pair, in that order
 *
 * Pairs are made ahead, across rows, so that a condition costs one compiled loop for many rows. While rows of one side pass
 * none comes to the other; some of it may go, and the answers for those are passed over. */

import type { Batch, Column, LogicalType } from '#data';
import type { EvalContext, Expr } from '#expr';
import type { StateColumn } from '#state';
import { PairCondition } from './pair-condition.ts';

/** Pairs tried at a time. */
const pairsMax = 1024;

/** The kept rows of one side that rows of the other may meet. */
export interface Candidates {
  /** The columns of the kept rows, by slot. */
  readonly row: readonly StateColumn[];
  /** The first slot for row `i` of the run, and the one behind `slot`; -1: there is none. */
  first(i: number): number;
  next(i: number, slot: number): number;
}
/** Rows `from` … `from + count - 1` of a batch. */
interface Rows {
  readonly batch: Batch;
  readonly from: number;
  readonly count: number;
}

export class JoinPairs {
  readonly #condition: PairCondition;
  readonly #rows = new Int32Array(pairsMax);
  readonly #slots = new Int32Array(pairsMax);
  readonly #holds = new Uint8Array(pairsMax);
  #count = 0;
  #at = 0;
  #now = 0;

  constructor(
    condition: Expr,
    leftTypes: readonly LogicalType[],
    rightTypes: readonly LogicalType[],
    context: EvalContext,
  ) {
    this.#condition = new PairCondition(condition, leftTypes, rightTypes, context);
  }
  /** Before the first pair of a run, and where rows are gone on with. */
  begin(now: number): void {
    this.#count = 0;
    this.#at = 0;
    this.#now = now;
  }
  /** Whether the condition holds for row `i` of `rows` of input `side` and the kept row `slot`. Asked in order: rows
   *  forward, the candidates of each in theirs, none left out that is there. */
  holds(side: number, others: Candidates, rows: Rows, i: number, slot: number): boolean {
    for (;;) {
      if (this.#at === this.#count) this.#fill(side, others, rows, i, slot);
      const at = this.#at++;
      if (this.#rows[at] === rows.from + i && this.#slots[at] === slot) return this.#holds[at] === 1;
    }
  }

  #fill(side: number, others: Candidates, { batch, from, count }: Rows, first: number, slot: number): void {
    let n = 0;
    for (let i = first; i < count && n < pairsMax; i++) {
      for (let at = i === first ? slot : others.first(i); at >= 0 && n < pairsMax; at = others.next(i, at)) {
        this.#rows[n] = from + i;
        this.#slots[n++] = at;
      }
    }
    this.#evaluate(side, others.row, batch.columns, n);
    this.#count = n;
    this.#at = 0;
  }
  #evaluate(mine: number, row: readonly StateColumn[], columns: readonly Column[], count: number): void {
    this.#condition.test(
      (side, column, to) => {
        if (side === mine) to.shareRows(columns[column]!, this.#rows, count);
        else row[column]!.appendSlots(to, this.#slots, count);
      },
      count,
      this.#holds,
      this.#now,
    );
  }
}
