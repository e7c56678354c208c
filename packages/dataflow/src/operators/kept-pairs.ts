/* What must hold beside the keys of two rows that are both kept.
 *
 *   left 1 × right 1, left 1 × right 2, …  ─▶ condition (pair-condition.ts) ─▶ one answer a pair
 *
 * Pairs of a window's key are tried many at a time, ahead of where they are asked for: nothing comes to a window while it
 * goes out. */

import type { LogicalType } from '#data';
import type { EvalContext, Expr } from '#expr';
import type { OwnedTable } from '#state';
import { PairCondition } from './pair-condition.ts';

/** Pairs tried at a time. */
const pairsMax = 1024;

/** The condition for all pairs of the rows of one key. */
export class KeptPairs {
  readonly #condition: PairCondition;
  readonly #lefts = new Int32Array(pairsMax);
  readonly #rights = new Int32Array(pairsMax);
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
  /** Before the first pair of a key. */
  begin(now: number): void {
    this.#count = 0;
    this.#at = 0;
    this.#now = now;
  }
  /** Asked in order: left rows forward, for each the right ones forward; some may be left out. */
  holds(lefts: OwnedTable, rights: OwnedTable, key: number, left: number, right: number): boolean {
    for (;;) {
      if (this.#at === this.#count) this.#fill(lefts, rights, key, left, right);
      const at = this.#at++;
      if (this.#lefts[at] === left && this.#rights[at] === right) return this.#holds[at] === 1;
    }
  }
  #fill(lefts: OwnedTable, rights: OwnedTable, key: number, left: number, right: number): void {
    let n = 0;
    for (let l = left; l >= 0 && n < pairsMax; l = lefts.next(l)) {
      for (let r = l === left ? right : rights.first(key); r >= 0 && n < pairsMax; r = rights.next(r)) {
        this.#lefts[n] = l;
        this.#rights[n++] = r;
      }
    }
    const pairs = { lefts: this.#lefts, rights: this.#rights, count: n };
    this.#condition.testKept(lefts, rights, pairs, this.#holds, this.#now);
    this.#count = n;
    this.#at = 0;
  }
}
