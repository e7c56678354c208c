/* What must hold of two rows beside their keys: pairs are gathered into a batch of their own, of the columns alone that the
 * condition reads, and the compiled condition runs over it.
 *
 *   pairs ─▶ columns of both sides that are read ─▶ condition ─▶ one answer a pair */

import { BatchBuilder, notNull, types, type ColumnBuilder, type LogicalType } from '#data';
import {
  columnsOf,
  instantiateCalc,
  mapColumns,
  planCalc,
  type CalcProgram,
  type EvalContext,
  type Expr,
} from '#expr';
import type { OwnedTable } from '#state';

/** Appends the cells of one column of the pairs, in their order: of side 0 or 1, a column by its index on that side. */
export type Gather = (side: number, column: number, to: ColumnBuilder) => void;

export class PairCondition {
  readonly #program: CalcProgram;
  readonly #context: EvalContext;
  readonly #builder: BatchBuilder;
  /** Of each column that is read: its side and its place there. */
  readonly #reads: readonly { readonly side: number; readonly column: number }[];
  #now = 0;

  /** `condition` is over the columns of the left rows and, behind them, those of the right ones. */
  constructor(
    condition: Expr,
    leftTypes: readonly LogicalType[],
    rightTypes: readonly LogicalType[],
    context: EvalContext,
  ) {
    const read = [...columnsOf(condition)].sort((a, b) => a - b);
    const width = leftTypes.length;
    this.#reads = read.map((i) => (i < width ? { side: 0, column: i } : { side: 1, column: i - width }));
    const inputTypes = read.map((i) => (i < width ? leftTypes[i]! : rightTypes[i - width]!));
    const moved = mapColumns(isTrue(condition), (c) => ({ ...c, index: read.indexOf(c.index) }));
    this.#program = instantiateCalc(planCalc({ inputTypes, where: undefined, project: [moved] }), true);
    this.#context = { ...context, now: () => this.#now };
    this.#builder = new BatchBuilder(inputTypes, true);
  }
  /** Whether it holds for each of `count` pairs: 1 or 0 into `holds`. */
  test(gather: Gather, count: number, holds: Uint8Array, now: number): void {
    this.#now = now;
    this.#reads.forEach(({ side, column }, i) => {
      gather(side, column, this.#builder.columns[i]!);
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
        holds[done + i] = answer!.valid?.[i] === 0 ? 0 : answer!.values[i]!;
      done = next;
    }
  }
  /** The same for pairs of rows that are both kept. */
  testKept(
    lefts: OwnedTable,
    rights: OwnedTable,
    pairs: { readonly lefts: Int32Array; readonly rights: Int32Array; readonly count: number },
    holds: Uint8Array,
    now: number,
  ): void {
    this.test(
      (side, column, to) => {
        if (side === 0) lefts.row[column]!.appendSlots(to, pairs.lefts, pairs.count);
        else rights.row[column]!.appendSlots(to, pairs.rights, pairs.count);
      },
      pairs.count,
      holds,
      now,
    );
  }
}

/** Unknown is not true. */
const isTrue = (condition: Expr): Expr =>
  condition.type.nullable
    ? { kind: 'call', fn: 'IS TRUE', args: [condition], flags: [], type: notNull(types.BOOLEAN) }
    : condition;
