/* The results of all calls at each row of a whole partition, over a frame that moves along with the row.
 *
 *   row i ─▶ its frame [first, last] ─▶ rows behind the last one come in, rows before the first one leave ─▶ result
 *
 * Keeps: nothing; the accumulators lie in a table of one slot and are as new behind each partition. */

import { assert } from '#base';
import { columnBuilder, type Column, type ColumnBuilder, type LogicalType, type Value } from '#data';
import type { OverCall } from '#expr';
import type { OverFinalSpec } from '#job';
import type { KeyedTable, OwnedTable } from '#state';
import { AggregateSet } from '../kernels/aggregate-set.ts';
import { op } from '../kernels/kernel.ts';
import type { RunSetup } from './table.ts';

/** Positions of a partition's rows: of each the first and the last of those equal to it in the order. */
interface Peers {
  readonly firsts: Int32Array;
  readonly lasts: Int32Array;
  /** How many different rows there are up to each. */
  readonly distinct: Int32Array;
}
type Edges = readonly [first: number, last: number];

const own = new Set([
  'ROW_NUMBER',
  'RANK',
  'DENSE_RANK',
  'PERCENT_RANK',
  'CUME_DIST',
  'NTILE',
  'LAG',
  'LEAD',
]);

export class PartitionFrames {
  readonly #spec: OverFinalSpec;
  readonly #types: readonly LogicalType[];
  readonly #rows: OwnedTable;
  readonly #table: KeyedTable;
  readonly #aggregates: AggregateSet;
  /** Those of the calls that are aggregates. */
  readonly #aggregated: readonly number[];

  constructor(spec: OverFinalSpec, setup: RunSetup, rows: OwnedTable) {
    this.#spec = spec;
    this.#types = setup.inputTypes[0]!;
    this.#rows = rows;
    this.#table = setup.store.keyed({ name: 'frame', key: [] });
    this.#aggregated = spec.calls.flatMap((c, i) => (own.has(c.fn) ? [] : [i]));
    const calls = this.#aggregated.map((i) => spec.calls[i]!);
    const leaves = spec.frame.from !== -Infinity;
    this.#aggregates = new AggregateSet(setup.store, this.#table, calls, leaves);
  }
  order(partition: number): Int32Array {
    const slots = new Int32Array(this.#rows.count(partition));
    let at = this.#rows.first(partition);
    for (let i = 0; i < slots.length; i++, at = this.#rows.next(at)) slots[i] = at;
    return slots;
  }
  /** A column a call, by position. */
  results(slots: Int32Array): readonly Column[] {
    const peers = this.#peers(slots);
    const builders = this.#spec.calls.map((c) => columnBuilder(c.type));
    this.#spec.calls.forEach((call, i) => {
      if (own.has(call.fn))
        for (let at = 0; at < slots.length; at++) this.#own(call, slots, at, peers, builders[i]!);
    });
    if (this.#aggregated.length > 0) this.#aggregate(slots, peers, builders);
    return builders.map((b) => b.build());
  }

  #peers(slots: Int32Array): Peers {
    const count = slots.length;
    const firsts = new Int32Array(count);
    const lasts = new Int32Array(count);
    const distinct = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const same = i > 0 && this.#equal(slots[i - 1]!, slots[i]!);
      firsts[i] = same ? firsts[i - 1]! : i;
      distinct[i] = (i > 0 ? distinct[i - 1]! : 0) + (same ? 0 : 1);
    }
    for (let i = count - 1; i >= 0; i--) lasts[i] = firsts[i + 1] === firsts[i] ? lasts[i + 1]! : i;
    return { firsts, lasts, distinct };
  }
  #equal(a: number, b: number): boolean {
    return this.#spec.keys.every(({ column }) => {
      const values = this.#rows.row[column]!;
      return values.equalsSlot(a, values, b);
    });
  }

  #own(call: OverCall, slots: Int32Array, at: number, peers: Peers, to: ColumnBuilder): void {
    const count = slots.length;
    switch (call.fn) {
      case 'ROW_NUMBER':
        return to.append(BigInt(at + 1));
      case 'RANK':
        return to.append(BigInt(peers.firsts[at]! + 1));
      case 'DENSE_RANK':
        return to.append(BigInt(peers.distinct[at]!));
      case 'PERCENT_RANK':
        return to.append(count === 1 ? 0 : peers.firsts[at]! / (count - 1));
      case 'CUME_DIST':
        return to.append((peers.lasts[at]! + 1) / count);
      case 'NTILE':
        return to.append(tileOf(at, count, call.parameter!));
      default:
        return this.#neighbour(call, slots, at, to);
    }
  }
  #neighbour(call: OverCall, slots: Int32Array, at: number, to: ColumnBuilder): void {
    const [value, fallback] = call.args;
    const other = at + (call.fn === 'LAG' ? -call.parameter! : call.parameter!);
    const [column, slot] =
      other >= 0 && other < slots.length ? [value, slots[other]!] : [fallback, slots[at]!];
    if (column === undefined) to.appendNull();
    else this.#rows.row[column]!.appendTo(to, slot);
  }

  #aggregate(slots: Int32Array, peers: Peers, builders: readonly ColumnBuilder[]): void {
    const one = new Int32Array(slots.length).fill(this.#table.upsertRow([], 0));
    const comes = new Uint8Array(slots.length);
    const leaves = new Uint8Array(slots.length).fill(op.retract);
    const columns = this.#types.map((type, c) => this.#gathered(type, c, slots));
    const results = this.#aggregated.map((i) => builders[i]!);
    this.#aggregates.reset(one, 1);
    let [from, to] = [0, -1];
    for (let at = 0; at < slots.length; at++) {
      const [first, last] = this.#edges(slots, at, peers);
      // Only what was in may leave: an empty frame moves along.
      const upTo = Math.max(to, last);
      if (upTo > to) this.#aggregates.add(one, comes, columns, to + 1, upTo - to, undefined);
      to = upTo;
      const begin = Math.min(Math.max(from, first), to + 1);
      if (begin > from) this.#aggregates.add(one, leaves, columns, from, begin - from, undefined);
      from = begin;
      this.#aggregates.appendResults(results, 0, one, 1);
    }
    this.#aggregates.reset(one, 1);
  }
  /** A column of the rows; empty where no call reads it. */
  #gathered(type: LogicalType, index: number, slots: Int32Array): Column {
    const builder = columnBuilder(type);
    const read = this.#spec.calls.some((c) => c.args.includes(index));
    if (read) this.#rows.row[index]!.appendSlots(builder, slots, slots.length);
    return builder.build();
  }

  /** The frame of a row: empty where the last is before the first. */
  #edges(slots: Int32Array, at: number, peers: Peers): Edges {
    const { unit, from, to } = this.#spec.frame;
    const end = slots.length - 1;
    if (unit === 'rows') return [Math.max(0, at + from), Math.min(end, at + to)];
    const first =
      from === -Infinity ? 0 : from === 0 ? peers.firsts[at]! : this.#reach(slots, at, peers, from, 'first');
    const last =
      to === Infinity ? end : to === 0 ? peers.lasts[at]! : this.#reach(slots, at, peers, to, 'last');
    return [first, last];
  }
  /** The first row from `offset` on, or the last row up to it. Rows without a value reach one another alone. */
  #reach(slots: Int32Array, at: number, peers: Peers, offset: number, edge: 'first' | 'last'): number {
    const [key] = this.#spec.keys;
    assert(key !== undefined, 'a range has an order');
    const value = (position: number): number | bigint | undefined =>
      distanceOf(this.#rows.row[key.column]!.get(slots[position]!));
    const here = value(at);
    if (here === undefined) return edge === 'first' ? peers.firsts[at]! : peers.lasts[at]!;
    const step = key.descending ? -offset : offset;
    const bound = typeof here === 'bigint' ? here + scaled(step, this.#types[key.column]!) : here + step;
    /** In the order of the window, rows without a value where it has them. */
    const isBefore = (position: number): boolean => {
      const v = value(position);
      if (v === undefined) return !key.nullsLast;
      if (v === bound) return edge === 'last';
      return key.descending ? v > bound : v < bound;
    };
    let [low, high] = [0, slots.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(middle)) low = middle + 1;
      else high = middle;
    }
    return edge === 'first' ? low : low - 1;
  }
}

/** What a distance is measured on: ms of a time, a number. */
function distanceOf(value: Value): number | bigint | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return (value as { readonly ms: number }).ms;
}
const scaled = (offset: number, type: LogicalType): bigint =>
  BigInt(offset) * (type.kind === 'DECIMAL' ? 10n ** BigInt(type.scale) : 1n);

/** Parts differ by one row at most, the larger ones first. */
function tileOf(at: number, count: number, tiles: number): number {
  const size = Math.floor(count / tiles);
  const larger = count % tiles;
  const inLarger = larger * (size + 1);
  return at < inLarger ? Math.floor(at / (size + 1)) + 1 : larger + Math.floor((at - inLarger) / size) + 1;
}
