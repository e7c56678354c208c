/* The distinct values of one argument, shared by all calls with it: a value counts in when it first appears and out when
 * its last occurrence goes, for each FILTER by itself.
 *
 *   rows ─▶ the row of (slot, value) ─▶ a count per filter ─▶ ops of each call: skip but for the first and the last
 */

import { columnBuilder, type Column, type LogicalType } from '#data';
import type { F64Cells, OwnedTable, StateScope, Table } from '#state';
import { op } from './kernel.ts';
import { readableRows } from './readable.ts';

export class DistinctSet {
  readonly #values: OwnedTable;
  readonly #types: readonly LogicalType[];
  /** One a filter. */
  readonly #counts: readonly F64Cells[];
  #slots = new Int32Array(64);
  #zeros: Int32Array = new Int32Array(16);
  #zeroCount = 0;
  readonly #emptied: number[] = [];

  constructor(
    scope: StateScope,
    table: Table,
    name: string,
    argTypes: readonly LogicalType[],
    filters: readonly string[],
  ) {
    this.#types = argTypes;
    const cells = Object.fromEntries(filters.map((filter) => [`count${filter}`, 'f64' as const]));
    this.#values = scope.owned(table, { name, row: argTypes, cells, find: argTypes.map((_, i) => i) });
    this.#counts = filters.map((filter) => this.#values.f64(`count${filter}`));
  }

  /** `ops[f]` says of each row what filter f makes of it; on return, what the calls with this filter are to do. */
  apply(
    slots: Int32Array,
    args: readonly Column[],
    from: number,
    count: number,
    ops: readonly Uint8Array[],
  ): void {
    if (this.#slots.length < count) this.#slots = new Int32Array(count);
    this.#values.upsertRows(slots, args, from, count, this.#slots);
    for (let i = 0; i < count; i++) if (this.#slots[i]! >= 0) this.#values.touch(this.#slots[i]!);
    let counted = 0;
    // A value is counted by no filter when each of them left it out, or took it back.
    let mayBeZero = false;
    // Between two openings of groups each filter counts in a loop of its own.
    for (let i = 0; i <= count; i++) {
      if (i < count && (ops[0]![i]! & op.opens) === 0) continue;
      let isCounted = false;
      for (let f = 0; f < ops.length; f++)
        if (this.#count(counted, i, ops[f]!, this.#counts[f]!.values)) isCounted = true;
      if (!isCounted) mayBeZero = true;
      if (i < count && this.#holds(slots[i]!)) {
        this.#zero(slots[i]!);
        mayBeZero = true;
      }
      counted = i;
    }
    if (mayBeZero) this.#dropZeros(count);
  }
  /** Whether the slot has values of a group that it stood for before. */
  #holds(owner: number): boolean {
    for (let row = this.#values.first(owner); row >= 0; row = this.#values.next(row))
      for (const counts of this.#counts) if (counts.values[row] !== 0) return true;
    return false;
  }
  /** A group that died and comes again begins without values; so does one that lived too long. */
  #zero(owner: number): void {
    for (let row = this.#values.first(owner); row >= 0; row = this.#values.next(row)) {
      this.#values.touch(row);
      for (const counts of this.#counts) counts.values[row] = 0;
    }
    this.#emptied.push(owner);
  }
  /** True when it counted each row in. */
  #count(from: number, to: number, ops: Uint8Array, counts: Float64Array): boolean {
    const rows = this.#slots;
    let all = true;
    for (let i = from; i < to; i++) {
      const what = ops[i]!;
      const row = rows[i]!;
      if ((what & op.skip) !== 0) {
        all = false;
        continue;
      }
      if ((what & op.retract) === 0) {
        if (counts[row]!++ !== 0) ops[i] = what | op.skip;
      } else {
        all = false;
        if (--counts[row]! !== 0) ops[i] = what | op.skip;
      }
    }
    return all;
  }
  /** Values that no filter counts any more go at the end of the run. */
  #dropZeros(count: number): void {
    this.#zeroCount = 0;
    if (this.#zeros.length < count) this.#zeros = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const row = this.#slots[i]!;
      if (row >= 0 && this.#counts.every((c) => c.values[row] === 0)) this.#zeros[this.#zeroCount++] = row;
    }
    for (const owner of this.#emptied.splice(0))
      for (let row = this.#values.first(owner), next = row; row >= 0; row = next) {
        next = this.#values.next(row);
        if (this.#counts.every((c) => c.values[row] === 0)) this.#values.remove(row);
      }
    for (let i = 0; i < this.#zeroCount; i++)
      if (this.#values.isLive(this.#zeros[i]!)) this.#values.remove(this.#zeros[i]!);
  }

  /** Adds the values that another set has at `from` to those at `into`. Calls `fresh` for each filter with the values
   *  that were not there before, as columns. */
  merge(
    into: number,
    from: number,
    source: DistinctSet,
    fresh: (filter: number, columns: readonly Column[], count: number) => void,
  ): void {
    const other = source.#values;
    const builders = this.#counts.map(() => this.#types.map((type) => columnBuilder(type)));
    for (const { slot: at, columns, row } of readableRows(this.#values, other, from)) {
      const mine = this.#values.upsertRow(into, columns, row);
      this.#values.touch(mine);
      this.#counts.forEach((counts, f) => {
        const theirs = source.#counts[f]!.values[at]!;
        if (theirs !== 0 && counts.values[mine] === 0)
          builders[f]!.forEach((builder, c) => {
            builder.appendFrom(columns[c]!, row);
          });
        counts.values[mine]! += theirs;
      });
    }
    builders.forEach((columns, f) => {
      const count = columns[0]?.size ?? 0;
      if (count > 0)
        fresh(
          f,
          columns.map((b) => b.build()),
          count,
        );
    });
  }
  reset(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#values.removeAll(slots[i]!);
  }
}
