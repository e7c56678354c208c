/* What conditions and measures read of a match: its parts, by the rows that it covers.
 *
 *   rows of a match    number 7  8  9  10        counts [A 1, B 2, C 1]
 *                             A  B  B  C         LAST(B.v, 1) is of row 8
 *
 * A match covers rows without a gap, and its variables take them in the order of the pattern. So which rows a variable has
 * follows from where the match begins and how many rows each took.
 * Keeps: nothing; aggregates are computed over the rows each time, in tables that are no part of the state. */

import { columnBuilder, instant, readValue, type Row, type Value } from '#data';
import { columnsOf, evaluate, type EvalContext, type Expr } from '#expr';
import { anyVariable, type MatchPart, type MatchSpec } from '#job';
import type { KeyedTable, Slices, StateScope } from '#state';
import { AggregateSet } from '../kernels/aggregate-set.ts';
import { op } from '../kernels/kernel.ts';
import type { RunSetup } from './table.ts';

/** Rows that a match covers; or one that is not whole yet, with the row in hand as its last. */
export interface Covered {
  /** The number of its first row. */
  readonly start: number;
  /** Rows by variable. */
  readonly counts: readonly number[];
}

interface Accumulator {
  readonly table: KeyedTable;
  readonly set: AggregateSet;
}
type AggregatePart = Extract<MatchPart, { kind: 'aggregate' }>;

/** An expression over the parts, and which of them it reads. */
interface Reading {
  readonly expr: Expr;
  readonly parts: readonly number[];
}
const reading = (expr: Expr): Reading => ({ expr, parts: [...columnsOf(expr)] });

export class MatchValues {
  readonly #parts: readonly MatchPart[];
  readonly #conditions: readonly (Reading | undefined)[];
  readonly #measures: readonly Reading[];
  readonly #evaluation: EvalContext;
  /** By part; undefined where it is a column. */
  readonly #accumulators: Slices<readonly (Accumulator | undefined)[]>;
  /** The row of a number, of the partition in hand. */
  readonly #rowOf: (number: number) => Row;

  constructor(spec: MatchSpec, { store, evaluation }: RunSetup, rowOf: (number: number) => Row) {
    this.#parts = spec.parts;
    this.#conditions = spec.conditions.map((c) => c && reading(c));
    this.#measures = spec.measures.map(reading);
    this.#evaluation = evaluation;
    this.#rowOf = rowOf;
    this.#accumulators = store.slices('aggregates', (scope) =>
      spec.parts.map((part, i) => (part.kind === 'aggregate' ? accumulator(scope, part, i) : undefined)),
    );
  }

  /** Whether the condition of a variable holds, the row in hand being its last. */
  holds(variable: number, covered: Covered): boolean {
    const condition = this.#conditions[variable];
    return condition === undefined || this.#value(condition, covered, NaN) === true;
  }
  /** `timeMs`: the event time that let the match go out. */
  measures(covered: Covered, timeMs: number): Value[] {
    return this.#measures.map((m) => this.#value(m, covered, timeMs));
  }
  #value({ expr, parts }: Reading, covered: Covered, timeMs: number): Value {
    const row: Value[] = new Array<Value>(this.#parts.length).fill(null);
    for (const at of parts) row[at] = this.#part(at, covered, timeMs);
    return evaluate(expr, row, this.#evaluation);
  }
  #part(at: number, covered: Covered, timeMs: number): Value {
    const part = this.#parts[at]!;
    if (part.kind === 'rowtime') return instant(timeMs);
    const { first, count } = rowsOf(part.variable, covered);
    if (part.kind === 'aggregate') return this.#aggregate(at, part, first, count);
    if (part.offset >= count) return null;
    const row = part.from === 'first' ? first + part.offset : first + count - 1 - part.offset;
    return this.#rowOf(row)[part.column]!;
  }
  #aggregate(at: number, part: AggregatePart, first: number, count: number): Value {
    const { type } = part;
    const exprs = argumentsOf(part);
    const { table, set } = this.#accumulators.scratch()[at]!;
    const slot = table.upsertRow([], 0);
    const slots = new Int32Array(count).fill(slot);
    const ops = new Uint8Array(count);
    if (count > 0) ops[0] = op.opens;
    const args = exprs.map((e) => columnBuilder(e.type));
    for (let i = 0; i < count; i++) {
      const row = this.#rowOf(first + i);
      args.forEach((builder, a) => {
        builder.append(evaluate(exprs[a]!, row, this.#evaluation));
      });
    }
    if (count > 0)
      set.add(
        slots,
        ops,
        args.map((b) => b.build()),
        0,
        count,
        undefined,
      );
    const result = columnBuilder(type);
    set.appendResults([result], 0, Int32Array.of(slot), 1);
    return readValue(result.build(), type, 0);
  }
}

const argumentsOf = ({ arg, more = [] }: AggregatePart): readonly Expr[] =>
  arg === undefined ? [] : [arg, ...more];

function accumulator(scope: StateScope, part: AggregatePart, at: number): Accumulator {
  const { fn, type } = part;
  const exprs = argumentsOf(part);
  const table = scope.keyed({ name: `part ${at}`, key: [] });
  const call = {
    fn,
    args: exprs.map((_, i) => i),
    argTypes: exprs.map((e) => e.type),
    distinct: false,
    filter: undefined,
    type,
  };
  return { table, set: new AggregateSet(scope, table, [call], false) };
}

/** Rows of a variable, or of all. */
function rowsOf(variable: number, { start, counts }: Covered): { first: number; count: number } {
  if (variable === anyVariable) return { first: start, count: counts.reduce((sum, n) => sum + n, 0) };
  let first = start;
  for (let v = 0; v < variable && v < counts.length; v++) first += counts[v]!;
  return { first, count: counts[variable] ?? 0 };
}
