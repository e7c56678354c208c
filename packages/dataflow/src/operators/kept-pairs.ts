/* What must hold beside the keys of two rows that are both kept: pairs are gathered into a batch of their own, and the compiled
 * condition runs over it.
 *
 *   left 1 × right 1, left 1 × right 2, …  ─▶ columns of both sides ─▶ condition ─▶ one answer a pair
 *
 * Pairs of a window's key are tried many at a time, ahead of where they are asked for: nothing comes to a window while it
 * goes out. */

import { BatchBuilder, notNull, types, type LogicalType } from '#data';
import { instantiateCalc, planCalc, type CalcProgram, type EvalContext, type Expr } from '#expr';
import type { OwnedTable } from '#state';

/** Pairs tried at a time. */
const pairsMax = 1024;

/** The condition over rows of two tables. */
export class KeptCondition {
  readonly #program: CalcProgram;
  readonly #context: EvalContext;
  readonly #builder: BatchBuilder;
  #now = 0;

  constructor(condition: Expr, inputTypes: readonly LogicalType[], context: EvalContext) {
    const { type } = condition;
    // Unknown is not true.
    const isTrue: Expr = type.nullable
      ? { kind: 'call', fn: 'IS TRUE', args: [condition], flags: [], type: notNull(types.BOOLEAN) }
      : condition;
    this.#program = instantiateCalc(planCalc({ inputTypes, where: undefined, project: [isTrue] }), true);
    this.#context = { ...context, now: () => this.#now };
    this.#builder = new BatchBuilder(inputTypes);
  }
  /** Whether it holds for each of the pairs: 1 or 0 into `holds`. */
  test(
    lefts: OwnedTable,
    rights: OwnedTable,
    pairs: { readonly lefts: Int32Array; readonly rights: Int32Array; readonly count: number },
    holds: Uint8Array,
    now: number,
  ): void {
    const { count } = pairs;
    this.#now = now;
    const builders = this.#builder.columns;
    lefts.row.forEach((column, c) => {
      column.appendSlots(builders[c]!, pairs.lefts, count);
    });
    rights.row.forEach((column, c) => {
      column.appendSlots(builders[lefts.row.length + c]!, pairs.rights, count);
    });
    this.#builder.endRows(count);
    const batch = this.#builder.build();
    for (let done = 0; done < count; ) {
      const { batch: answers, next } = this.#program.run(batch, done, this.#context);
      const [answer] = answers.columns as readonly {
        readonly values: Int32Array;
        readonly valid: Uint8Array | undefined;
      }[];
      for (let i = 0; i < next - done; i++)
        holds[done + i] = answer!.valid?.[i] === 0 ? 0 : answer!.values[i]!;
      done = next;
    }
  }
}

/** The condition for all pairs of the rows of one key. */
export class KeptPairs {
  readonly #condition: KeptCondition;
  readonly #lefts = new Int32Array(pairsMax);
  readonly #rights = new Int32Array(pairsMax);
  readonly #holds = new Uint8Array(pairsMax);
  #count = 0;
  #at = 0;
  #now = 0;

  constructor(condition: Expr, inputTypes: readonly LogicalType[], context: EvalContext) {
    this.#condition = new KeptCondition(condition, inputTypes, context);
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
    this.#condition.test(lefts, rights, pairs, this.#holds, this.#now);
    this.#count = n;
    this.#at = 0;
  }
}
