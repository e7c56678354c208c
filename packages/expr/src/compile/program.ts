/* Turns a plan into a program that runs over batches.
 *
 *   batch rows [from, …) ─▶ narrow loop ─▶ output batch, up to the first row that does not fit, fails, or fills it
 *                            └▶ wide loop, when the narrow one took no row
 *
 * Keeps nothing between calls. Promises: rows before a failing one go out first, then the next call fails (I2).
 */

import { LRUCache } from '#base';
import {
  columnBuilder,
  layoutOf,
  type Batch,
  type BytesColumn,
  type Column,
  type ColumnBuilder,
  type LogicalType,
  type RowOrigin,
} from '#data';
import type { EvalContext } from '../context.ts';
import { functionOf } from '../functions/table.ts';
import type { Body } from '../functions/entry.ts';
import { columnAt, gatherColumn, gatherKinds, moveMarks, sliceColumn } from './columns.ts';
import * as helpers from './helpers.ts';
import { freshArrays, reusedArrays, type ArrayPool } from './pool.ts';
import { located } from './locate.ts';
import { isBuilt, planCalc, type CalcInput, type CalcPlan } from './plan.ts';

export interface CalcProgram {
  /** The generated narrow function (the wide one where there is no narrow): EXPLAIN CODEGEN prints it. */
  readonly source: string;
  readonly sourceWide: string;
  /** Evaluates rows [from, to), to the batch's end by default, and returns the surviving rows in fresh columns, with
   *  their kinds, and the marks moved to the rows that went out before them. `next` is the first row not taken: it is
   *  short of `to` where the representation changes or the output is full; call again from there. Throws UserError
   *  DATA3xxx at `from`. */
  run(batch: Batch, from: number, context: EvalContext, to?: number): CalcResult;
}
export interface CalcResult {
  readonly batch: Batch;
  readonly next: number;
  /** Of the rows that came in those that survived, `batch.rows` of them; undefined: all. Until the next run. */
  readonly selected: Int32Array | undefined;
}

interface Target {
  readonly values?: Int32Array | Float64Array;
  readonly nanos?: Int32Array;
  readonly valid?: Uint8Array;
  readonly builder?: ColumnBuilder;
  readonly starts?: Int32Array;
  readonly lengths?: Int32Array;
}
interface State {
  rows: number;
  next: number;
}
type Loop = (
  s: readonly (Column | undefined)[],
  from: number,
  to: number,
  sel: Int32Array,
  o: readonly (Target | undefined)[],
  f: readonly Body[],
  state: State,
) => void;

const helperNames = Object.keys(helpers);
const helperValues = Object.values(helpers);

type Maker = (...args: unknown[]) => Loop;
/** Loops by source: a job that is like one before, or starts again, goes on with code that was optimized already. */
const makers = new LRUCache<string, Maker>(256);

function instantiate(source: string, plan: CalcPlan): Loop {
  let make = makers.get(source);
  if (make === undefined) {
    make = new Function('k', 'types', ...helperNames, `'use strict';\nreturn ${source};`) as Maker;
    makers.set(source, make);
  }
  return make(plan.constants, plan.sourceTypes, ...helperValues);
}

function makeTarget(type: LogicalType, rows: number, pool: ArrayPool): Target {
  const valid = pool.u8(rows);
  switch (layoutOf(type)) {
    case 'i32':
      return { valid, values: pool.i32(rows) };
    case 'time':
      return {
        valid,
        values: pool.f64(rows),
        nanos: new Int32Array((type as { precision: number }).precision > 3 ? rows : 0),
      };
    default:
      return { valid, values: pool.f64(rows) };
  }
}

function finishTarget(target: Target, type: LogicalType, rows: number): Column {
  if (target.builder !== undefined) return target.builder.build();
  const written = target.valid!;
  const valid = written.subarray(0, rows).includes(0) ? written : undefined;
  switch (layoutOf(type)) {
    case 'i32':
      return { layout: 'i32', valid, values: target.values as Int32Array };
    case 'f64':
      return { layout: 'f64', valid, values: target.values as Float64Array };
    case 'exact':
      return { layout: 'exact', wide: false, valid, values: target.values as Float64Array };
    default:
      return {
        layout: 'time',
        valid,
        millis: target.values as Float64Array,
        nanos: target.nanos!.subarray(0, rows).some((ns) => ns !== 0) ? target.nanos : undefined,
      };
  }
}

/** Parts of a source's texts: its bytes are shared. */
function finishSlice({ valid, starts, lengths }: Target, source: BytesColumn, rows: number): Column {
  const nulls = valid!.subarray(0, rows).includes(0);
  return {
    layout: 'bytes',
    valid: nulls ? valid : undefined,
    starts: starts!,
    lengths: lengths!,
    data: source.data,
  };
}

class Program implements CalcProgram {
  readonly source: string;
  readonly sourceWide: string;
  readonly #plan: CalcPlan;
  readonly #pool: ArrayPool;
  readonly #narrow: Loop | undefined;
  readonly #full: Loop | undefined;
  #wide: Loop | undefined;
  /** By output, of the narrow loop and of the wide one: kept where arrays are used again. */
  readonly #builders: readonly [(ColumnBuilder | undefined)[], (ColumnBuilder | undefined)[]] | undefined;
  #bodies: readonly Body[] = [];
  #bodiesOf: EvalContext | undefined;

  constructor(plan: CalcPlan, reuse: boolean) {
    this.#plan = plan;
    this.#pool = reuse ? reusedArrays() : freshArrays;
    this.#builders = reuse ? [[], []] : undefined;
    this.source = plan.source ?? plan.sourceWide;
    this.sourceWide = plan.sourceWide;
    this.#narrow = plan.source === undefined ? undefined : instantiate(plan.source, plan);
    this.#full = plan.sourceFull === undefined ? undefined : instantiate(plan.sourceFull, plan);
  }
  run(batch: Batch, from: number, context: EvalContext, to = batch.rows): CalcResult {
    const sources = this.#plan.sources.map((path) => columnAt(batch, path));
    const fits = this.#plan.narrowSources.every((i) => (sources[i] as { wide: boolean }).wide === false);
    if (this.#narrow !== undefined && fits) {
      const full = this.#full !== undefined && sources.every((s) => s.valid === undefined);
      const loop = full ? this.#full! : this.#narrow;
      const result = this.#run(loop, false, batch, sources, from, to, context);
      if (result.next > from || to === from) return result;
    }
    this.#wide ??= instantiate(this.sourceWide, this.#plan);
    return this.#run(this.#wide, true, batch, sources, from, to, context);
  }
  #run(
    loop: Loop,
    wide: boolean,
    batch: Batch,
    sources: readonly Column[],
    from: number,
    to: number,
    context: EvalContext,
  ): CalcResult {
    const { outputs, filtered } = this.#plan;
    const pool = this.#pool;
    pool.reset();
    const size = to - from;
    const targets = outputs.map((o, i): Target | undefined => {
      if (o.kind === 'slice')
        return { valid: pool.u8(size), starts: pool.i32(size), lengths: pool.i32(size) };
      if (o.kind !== 'computed') return undefined;
      return isBuilt(o.type, wide)
        ? { builder: this.#builder(i, o.type, wide) }
        : makeTarget(o.type, size, pool);
    });
    const selected = pool.i32(filtered ? size : 0);
    const state: State = { rows: 0, next: from };
    try {
      loop(sources, from, to, selected, targets, this.#bodiesFor(context), state);
    } catch (error) {
      if (state.next === from) throw located(error, this.#plan.input, batch, from, context);
    }
    const { rows, next } = state;
    const all = rows === next - from;
    const take = (column: Column): Column =>
      all ? sliceColumn(column, from, next) : gatherColumn(column, selected, rows, pool);
    const columns = outputs.map((o, i) =>
      o.kind === 'source'
        ? take(sources[o.source]!)
        : o.kind === 'slice'
          ? finishSlice(targets[i]!, sources[o.source] as BytesColumn, rows)
          : finishTarget(targets[i]!, o.type, rows),
    );
    const kinds =
      batch.kinds === undefined
        ? undefined
        : all
          ? batch.kinds.subarray(from, next)
          : gatherKinds(batch.kinds, selected, rows, pool);
    const marks =
      all && from === 0 && next === batch.rows
        ? batch.marks
        : moveMarks(batch.marks, from, next, all ? undefined : selected, rows, pool);
    const { origin: known } = batch;
    const origin = known && ((row: number): RowOrigin => known(all ? from + row : selected[row]!));
    return { batch: { rows, columns, kinds, marks, origin }, next, selected: all ? undefined : selected };
  }
  /** Empty: a row is stored once all of it is computed. */
  #builder(output: number, type: LogicalType, wide: boolean): ColumnBuilder {
    if (this.#builders === undefined) return columnBuilder(type);
    return (this.#builders[wide ? 1 : 0][output] ??= columnBuilder(type, true));
  }
  #bodiesFor(context: EvalContext): readonly Body[] {
    if (this.#bodiesOf !== context) {
      this.#bodies = this.#plan.calls.map((call) => functionOf(call).body!(call, context));
      this.#bodiesOf = context;
    }
    return this.#bodies;
  }
}

/** A program from its plan, in this thread. */
export function instantiateCalc(plan: CalcPlan, reuse = false): CalcProgram {
  return new Program(plan, reuse);
}

/** Compiles a filter and a projection, ready to run. */
export function compileCalc(input: CalcInput): CalcProgram {
  return instantiateCalc(planCalc(input));
}

/** Event times of rows: ms of a timestamp expression, NaN where it is NULL. */
export type RowTimes = (batch: Batch, from: number, to: number, out: Float64Array) => void;

/** Compiles a rowtime or watermark expression (a timestamp): fills out[from … to). */
export function compileWatermark(
  inputTypes: readonly LogicalType[],
  expr: CalcInput['project'][number],
  context: EvalContext,
): RowTimes {
  // What a run gives is read before the next.
  const program = instantiateCalc(planCalc({ inputTypes, where: undefined, project: [expr] }), true);
  return (batch, from, to, out) => {
    for (let at = from; at < to; ) {
      const { batch: times, next } = program.run(batch, at, context, to);
      const column = times.columns[0]!;
      if (column.layout !== 'time') throw new TypeError('a watermark is a timestamp');
      for (let i = 0; i < times.rows; i++) {
        out[at + i] = column.valid !== undefined && column.valid[i] === 0 ? Number.NaN : column.millis[i]!;
      }
      at = next;
    }
  };
}
