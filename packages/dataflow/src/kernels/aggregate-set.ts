/* All calls of one aggregation over the slots of one table: kernels, and in front of them FILTER and DISTINCT.
 *
 *   ops of the run ─▶ FILTER: skip ─▶ DISTINCT: skip what was counted ─▶ kernel
 */

import type { Column, ColumnBuilder } from '#data';
import type { AggregateCall } from '#expr';
import type { StateScope, Table } from '#state';
import { DistinctSet } from './distinct-set.ts';
import { op, type Kernel } from './kernel.ts';
import { partialTypes, type PartialKernel } from './partials.ts';
import { makeKernel } from './table.ts';

interface Planned {
  readonly call: AggregateCall;
  readonly kernel: Kernel;
  /** Into `#ops`; -1: the run's own. */
  readonly ops: number;
}
/** A shared set before it is declared. */
interface PlannedSet {
  readonly args: readonly number[];
  readonly call: AggregateCall;
  readonly ops: number[];
  readonly filters: string[];
}
/** Calls with the same DISTINCT argument, and the filters among them. */
interface SharedSet {
  readonly args: readonly number[];
  readonly set: DistinctSet;
  /** Into `#ops`, one a filter. */
  readonly ops: readonly number[];
}

export class AggregateSet {
  readonly kernels: readonly Kernel[];
  readonly #planned: readonly Planned[];
  readonly #sets: readonly SharedSet[];
  /** Which column filters the rows of these ops, and undefined where DISTINCT alone does. */
  readonly #filters: (number | undefined)[] = [];
  #ops: Uint8Array[] = [];
  readonly #zero = new Uint8Array(64);

  constructor(scope: StateScope, table: Table, calls: readonly AggregateCall[], retract: boolean) {
    const sets = new Map<string, PlannedSet>();
    this.#planned = calls.map((call, i): Planned => {
      const ops = this.#opsOf(call, sets);
      const kernel = makeKernel({ call, retract, table, scope, name: call.name ?? `${i}:${call.fn}` });
      return { call, kernel, ops };
    });
    this.#sets = [...sets.values()].map(({ args, call, ops, filters }, i) => ({
      args,
      ops,
      set: new DistinctSet(scope, table, distinctName(call, i), call.argTypes, filters),
    }));
    this.kernels = this.#planned.map((p) => p.kernel);
    this.#ops = this.#filters.map(() => new Uint8Array(64));
  }
  /** The ops that a call reads: shared by calls of one filter, and of one DISTINCT argument. */
  #opsOf(call: AggregateCall, sets: Map<string, PlannedSet>): number {
    const { args, distinct, filter } = call;
    if (!distinct) {
      if (filter === undefined) return -1;
      return this.#filters.push(filter) - 1;
    }
    const key = args.join(',');
    const set = sets.get(key) ?? { args, call, ops: [], filters: [] };
    sets.set(key, set);
    const known = set.ops.find((o) => this.#filters[o] === filter);
    if (known !== undefined) return known;
    const ops = this.#filters.push(filter) - 1;
    set.ops.push(ops);
    set.filters.push(filterName(call, set.filters.length));
    return ops;
  }

  /** Rows `from` … `from + count - 1` of `columns`, which are the aggregation's input. With `changed`, the kernels leave
   *  images. */
  add(
    slots: Int32Array,
    ops: Uint8Array,
    columns: readonly Column[],
    from: number,
    count: number,
    changed: Uint8Array | undefined,
  ): void {
    this.#filter(ops, columns, from, count);
    for (const { args, set, ops: own } of this.#sets)
      set.apply(
        slots,
        args.map((a) => columns[a]!),
        from,
        count,
        own.map((o) => this.#ops[o]!),
      );
    let unmarked = changed;
    for (const { call, kernel, ops: own } of this.#planned) {
      const args = call.args.map((a) => columns[a]!);
      kernel.add({ slots, ops: own < 0 ? ops : this.#ops[own]!, args, from, count }, changed !== undefined);
      if (unmarked === undefined) continue;
      kernel.images.markChanges(unmarked, count);
      // Mostly a COUNT(*) comes first, and changes with every row.
      if (isAllChanged(unmarked, count)) unmarked = undefined;
    }
  }
  #filter(ops: Uint8Array, columns: readonly Column[], from: number, count: number): void {
    this.#filters.forEach((filter, o) => {
      let own = this.#ops[o]!;
      if (own.length < count) own = this.#ops[o] = new Uint8Array(count);
      own.set(ops.subarray(0, count));
      if (filter === undefined) return;
      const { values, valid } = columns[filter] as { values: Int32Array; valid: Uint8Array | undefined };
      // `values` are 0 and 1; without a branch.
      if (valid === undefined) for (let i = 0; i < count; i++) own[i]! |= (values[from + i]! ^ 1) * op.skip;
      else
        for (let i = 0; i < count; i++) own[i]! |= ((values[from + i]! & valid[from + i]! & 1) ^ 1) * op.skip;
    });
  }

  merge(into: Int32Array, from: Int32Array, count: number, source: AggregateSet): void {
    for (const [i, { call, kernel }] of this.#planned.entries())
      if (!call.distinct) kernel.merge(into, from, count, source.#planned[i]!.kernel);
    if (this.#sets.length === 0) return;
    for (let i = 0; i < count; i++) this.#mergeSets(into[i]!, from[i]!, source);
  }
  /** A value that is on both sides counts once: only those new to this side reach the kernels. */
  #mergeSets(into: number, from: number, source: AggregateSet): void {
    this.#sets.forEach(({ set, ops }, s) => {
      set.merge(into, from, source.#sets[s]!.set, (f, args, count) => {
        const slots = new Int32Array(count).fill(into);
        const zero = this.#zero.length >= count ? this.#zero : new Uint8Array(count);
        for (const { call, kernel, ops: own } of this.#planned)
          if (call.distinct && own === ops[f]) kernel.add({ slots, ops: zero, args, from: 0, count }, false);
      });
    });
  }
  /** What these slots hold as partial columns, those of one call behind another's. All calls have such. */
  appendPartials(builders: readonly ColumnBuilder[], first: number, slots: Int32Array, count: number): void {
    let at = first;
    for (const { call, kernel } of this.#planned) {
      (kernel as PartialKernel).appendPartials(builders, at, slots, count);
      at += partialTypes(call)!.length;
    }
  }
  /** Adds rows `from` … `from + count - 1` of partial columns, which begin with column `first`. */
  addPartials(
    slots: Int32Array,
    columns: readonly Column[],
    first: number,
    from: number,
    count: number,
  ): void {
    let at = first;
    for (const { call, kernel } of this.#planned) {
      const end = at + partialTypes(call)!.length;
      (kernel as PartialKernel).addPartials({ slots, columns: columns.slice(at, end), from, count });
      at = end;
    }
  }
  reset(slots: Int32Array, count: number): void {
    for (const kernel of this.kernels) kernel.reset(slots, count);
    for (const { set } of this.#sets) set.reset(slots, count);
  }
  /** The results of these slots into one builder a call. */
  appendResults(builders: readonly ColumnBuilder[], first: number, slots: Int32Array, count: number): void {
    const picks = identity(count);
    this.kernels.forEach((kernel, i) => {
      kernel.result(slots, count);
      kernel.images.appendTo(builders[first + i]!, picks, count);
    });
  }
}

function isAllChanged(changed: Uint8Array, count: number): boolean {
  let i = 0;
  while (i < count && changed[i] === 1) i++;
  return i === count;
}

/** Of the arguments, which all calls of the set share. */
const distinctName = ({ name }: AggregateCall, i: number): string =>
  name === undefined ? `distinct${i}` : name.replace(/^[^(]*/, '').replace(/ FILTER .*$/, '');

/** Of its filter: empty where it has none. */
const filterName = ({ name }: AggregateCall, i: number): string =>
  name === undefined ? String(i) : (/ FILTER .*$/.exec(name)?.[0] ?? '');

let numbers = new Int32Array(0);
/** 0, 1, 2, … */
export function identity(count: number): Int32Array {
  if (numbers.length < count) numbers = Int32Array.from({ length: Math.max(4096, count) }, (_, i) => i);
  return numbers;
}
