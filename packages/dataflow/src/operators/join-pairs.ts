/* What must hold beside the keys of a join: pairs of a batch's row and a kept row are gathered into a batch of their own,
 * and the compiled condition runs over it.
 *
 *   row i × slots of its key, row i + 1 × …  ─▶ columns of both sides ─▶ condition ─▶ one answer a pair, in that order
 *
 * Pairs are made ahead, across rows, so that a condition costs one compiled loop for many rows. The kept rows of the other
 * side do not change while rows of this side pass. */

import { BatchBuilder, notNull, types, type Batch, type Column, type LogicalType } from '#data';
import { instantiateCalc, planCalc, type CalcProgram, type EvalContext, type Expr } from '#expr';
import type { JoinSide } from './join-side.ts';

/** Pairs tried at a time. */
const pairsMax = 1024;

export class JoinPairs {
  readonly #program: CalcProgram;
  readonly #context: EvalContext;
  readonly #builder: BatchBuilder;
  readonly #leftWidth: number;
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
    const inputTypes = [...leftTypes, ...rightTypes];
    this.#program = instantiateCalc(
      planCalc({ inputTypes, where: undefined, project: [isTrue(condition)] }),
      true,
    );
    this.#context = { ...context, now: () => this.#now };
    this.#builder = new BatchBuilder(inputTypes);
    this.#leftWidth = leftTypes.length;
  }
  /** Before the first pair of a run, and where rows are gone on with. */
  begin(now: number): void {
    this.#count = 0;
    this.#at = 0;
    this.#now = now;
  }
  /** Whether the condition holds for row `i` of the run and the kept row `slot`. Asked in order: rows forward, the kept
   *  rows of each in theirs, none left out. */
  holds(
    side: number,
    other: JoinSide,
    keys: Int32Array,
    run: { batch: Batch; from: number; count: number },
    i: number,
    slot: number,
  ): boolean {
    if (this.#at === this.#count) this.#fill(side, other, keys, run, i, slot);
    return this.#holds[this.#at++] === 1;
  }

  #fill(
    side: number,
    { rows }: JoinSide,
    keys: Int32Array,
    { batch, from, count }: { batch: Batch; from: number; count: number },
    first: number,
    slot: number,
  ): void {
    let n = 0;
    for (let i = first; i < count && n < pairsMax; i++) {
      const key = keys[i]!;
      if (key < 0) continue;
      for (let at = i === first ? slot : rows.first(key); at >= 0 && n < pairsMax; at = rows.next(at)) {
        if (!rows.fresh(at)) continue;
        this.#rows[n] = from + i;
        this.#slots[n++] = at;
      }
    }
    this.#evaluate(side, rows, batch.columns, n);
    this.#count = n;
    this.#at = 0;
  }
  #evaluate(side: number, rows: JoinSide['rows'], columns: readonly Column[], count: number): void {
    const builders = this.#builder.columns;
    const [mineAt, theirsAt] = side === 0 ? [0, this.#leftWidth] : [this.#leftWidth, 0];
    columns.forEach((column, c) => {
      builders[mineAt + c]!.appendRows(column, this.#rows, count);
    });
    rows.row.forEach((column, c) => {
      column.appendSlots(builders[theirsAt + c]!, this.#slots, count);
    });
    this.#builder.endRows(count);
    const pairs = this.#builder.build();
    for (let done = 0; done < count; ) {
      const { batch, next } = this.#program.run(pairs, done, this.#context);
      const [answer] = batch.columns as readonly {
        readonly values: Int32Array;
        readonly valid: Uint8Array | undefined;
      }[];
      for (let i = 0; i < next - done; i++)
        this.#holds[done + i] = answer!.valid?.[i] === 0 ? 0 : answer!.values[i]!;
      done = next;
    }
  }
}

/** Unknown is not true. */
const isTrue = (condition: Expr): Expr =>
  condition.type.nullable
    ? { kind: 'call', fn: 'IS TRUE', args: [condition], flags: [], type: notNull(types.BOOLEAN) }
    : condition;
