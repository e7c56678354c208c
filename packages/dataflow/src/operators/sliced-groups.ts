/* Rows into groups by slice of time: what window aggregates keep until a watermark closes their windows.
 *
 *   run ─▶ slice of each row, and the first window that holds it and has not fired ─▶ slots of the slice's table ─▶ kernels
 *
 * Keeps: per slice of time a table of keys and their accumulators. */

import { hashRows, isAdd, wideAt, type Batch, type Column, type ExactColumn, type LogicalType } from '#data';
import type { WindowAggregateSpec } from '#job';
import type { F64Cells, KeyedTable, Slices, StateScope, StateStore } from '#state';
import type { Run } from '../contracts/run-operator.ts';
import { AggregateSet } from '../kernels/aggregate-set.ts';
import { RowGather } from './row-gather.ts';
import { op } from '../kernels/kernel.ts';
import { TimeQueue } from './time-queue.ts';
import { timeAt, type WindowClock } from './window-time.ts';
import { Windows } from './windows.ts';

/** What a slice of time holds. */
export interface Slice {
  readonly table: KeyedTable;
  /** Rows behind each slot: 0 after retractions means that the key is not there. */
  readonly rows: F64Cells;
  readonly aggregates: AggregateSet;
}
/** Rows of one call, and keys that go out at a time. */
export const rowsMax = 4096;
/** A run whose rows lie in time so that segments are shorter than this is put in order of its slices first. */
const segmentMin = 16;

export class SlicedGroups {
  readonly slices: Slices<Slice>;
  readonly windows: Windows | undefined;
  /** Ends of slices at the end of the next window that holds them: derived from the slices. */
  queue = new TimeQueue<number>();
  readonly #spec: Pick<WindowAggregateSpec, 'keys' | 'window'>;
  readonly #clock: WindowClock;
  readonly #gather: RowGather;
  /** A row all of whose windows have fired has this as the end of its next one. */
  readonly #late: number;
  /** By row of the run at hand: the end of its slice, and of the first window that has not fired. */
  readonly #ends = new Float64Array(rowsMax);
  readonly #nextEnds = new Float64Array(rowsMax);
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #order = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  readonly #ops = new Uint8Array(rowsMax);

  /** `late`: Infinity: such rows are left out; -Infinity: they go out with what is due next. */
  constructor(
    spec: Pick<WindowAggregateSpec, 'keys' | 'calls' | 'retract' | 'window'>,
    setup: {
      readonly types: readonly LogicalType[];
      readonly store: StateStore;
      readonly clock: WindowClock;
    },
    late: number,
  ) {
    const { types, store, clock } = setup;
    this.#spec = spec;
    this.#clock = clock;
    this.#late = late;
    this.windows = spec.window.kind === 'attached' ? undefined : new Windows(spec.window.shape);
    const key = spec.keys.map((k) => types[k]!);
    this.slices = store.slices('slices', (scope: StateScope): Slice => {
      const table = scope.keyed({ name: 'groups', key, cells: { rows: 'f64' } });
      const aggregates = new AggregateSet(scope, table, spec.calls, spec.retract);
      return { table, rows: table.f64('rows'), aggregates };
    });
    this.#gather = new RowGather(types);
  }
  /** Keys of all slices. */
  get size(): number {
    return this.slices.keys;
  }
  /** The watermark at which something is due, or Infinity. */
  get next(): number {
    return this.#firesAt(this.queue.next);
  }
  #firesAt(end: number): number {
    return Number.isFinite(end) ? this.#clock.firesAt(end) : end;
  }

  /** Finds the slice of each row, and fills the times at which its next window fires. */
  arms({ batch, from, to, watermarks }: Run, times: Float64Array): void {
    let end = NaN;
    let start = NaN;
    let judgedAt = NaN;
    let next = Infinity;
    let fires = Infinity;
    for (let row = from, i = 0; row < to; row++, i++) {
      const at = this.#timeOf(batch, row);
      const watermark = watermarks[row]!;
      if (!(at < end && at >= start) || watermark !== judgedAt) {
        end = this.#sliceEnd(at);
        start = this.windows === undefined ? end : end - this.windows.sliceMs;
        judgedAt = watermark;
        next = this.nextEnd(end, watermark);
        fires = this.#firesAt(next);
      }
      times[i] = fires;
      this.#ends[i] = end;
      this.#nextEnds[i] = next;
    }
  }
  /** All rows are of the slice at `now`. */
  assignNow(now: number, count: number): void {
    const end = this.#sliceEnd(this.#clock.toLocal(now));
    this.#ends.fill(end, 0, count);
    this.#nextEnds.fill(this.nextEnd(end, -Infinity), 0, count);
  }
  /** In local time; of a row that carries its window or its slice, the end. */
  #timeOf({ columns }: Batch, row: number): number {
    const { window } = this.#spec;
    switch (window.kind) {
      case 'attached':
        return timeAt(columns[window.end]!, row);
      case 'slices':
        return timeAt(columns[window.end]!, row) - 1;
      default:
        return this.#clock.toLocal(timeAt(columns[(window as { column: number }).column]!, row));
    }
  }
  #sliceEnd(time: number): number {
    return this.windows === undefined ? time : this.windows.sliceEnd(time);
  }
  /** The end of the first window that holds the slice and has not fired. */
  nextEnd(sliceEnd: number, firedUpTo: number): number {
    const { windows } = this;
    const last = windows === undefined ? sliceEnd : windows.lastEnd(sliceEnd);
    const step = windows === undefined ? 1 : windows.intervalMs;
    let end = windows === undefined ? sliceEnd : windows.firstEnd(sliceEnd);
    while (end <= last && this.#clock.firesAt(end) <= firedUpTo) end += step;
    return end <= last ? end : this.#late;
  }

  /** Adds the rows of the run that were assigned last; `left` is called with each that is left out. */
  add(batch: Batch, from: number, count: number, left: (row: number) => void): void {
    let out = 0;
    for (let i = 0; i < count; i++) {
      if (this.#nextEnds[i] !== Infinity) continue;
      out++;
      left(from + i);
    }
    if (out === count) return;
    const keys = this.#spec.keys.map((k) => batch.columns[k]!);
    hashRows(keys, from, from + count, this.#hashes);
    const segments = this.#segments(count);
    if (segments * segmentMin > count && segments > 1) this.#addInOrder(batch, from, count);
    else this.#addSegments(batch.columns, batch.kinds, keys, from, count);
  }
  /** How many times the slice changes from one row to the next. */
  #segments(count: number): number {
    let segments = 1;
    for (let i = 1; i < count; i++) if (this.#ends[i] !== this.#ends[i - 1]) segments++;
    return segments;
  }
  #addSegments(
    columns: readonly Column[],
    kinds: Uint8Array | undefined,
    keys: readonly Column[],
    from: number,
    count: number,
  ): void {
    const ends = this.#ends;
    const nextEnds = this.#nextEnds;
    for (let first = 0, i = 1; i <= count; i++) {
      if (i < count && ends[i] === ends[first] && nextEnds[i] === nextEnds[first]) continue;
      if (nextEnds[first] !== Infinity) this.#add(columns, kinds, keys, from + first, first, i - first);
      first = i;
    }
  }
  /** Rows slice by slice, those of each in their order. */
  #addInOrder(batch: Batch, from: number, count: number): void {
    const order = this.#order;
    for (let i = 0; i < count; i++) order[i] = i;
    const ends = this.#ends;
    order.subarray(0, count).sort((a, b) => ends[a]! - ends[b]! || a - b);
    const { columns, kinds } = this.#gather.rows(batch, from, order, count);
    for (const array of [ends, this.#nextEnds, this.#hashes]) {
      const before = array.slice(0, count);
      for (let i = 0; i < count; i++) array[i] = before[order[i]!]!;
    }
    const keys = this.#spec.keys.map((k) => columns[k]!);
    this.#addSegments(columns, kinds, keys, 0, count);
  }
  /** Rows of one slice; `at` is where what was found of them lies. */
  #add(
    columns: readonly Column[],
    kinds: Uint8Array | undefined,
    keys: readonly Column[],
    from: number,
    at: number,
    count: number,
  ): void {
    const slice = this.#sliceAt(this.#ends[at]!, this.#nextEnds[at]!);
    const hashes = at === 0 ? this.#hashes : this.#hashes.subarray(at);
    slice.table.upsert(keys, hashes, from, count, this.#slots, this.#created);
    slice.table.write(this.#slots, count);
    const { window } = this.#spec;
    if (window.kind === 'slices') return this.#addPartials(slice, columns, window.rows, from, count);
    const rows = slice.rows.values;
    for (let i = 0; i < count; i++) {
      const add = kinds === undefined || isAdd(kinds[from + i]!);
      rows[this.#slots[i]!]! += add ? 1 : -1;
      this.#ops[i] = (this.#created[i] === 1 ? op.opens : 0) | (add ? 0 : op.retract);
    }
    slice.aggregates.add(this.#slots, this.#ops, columns, from, count, undefined);
  }
  #addPartials(slice: Slice, columns: readonly Column[], rowsAt: number, from: number, count: number): void {
    const rows = slice.rows.values;
    for (let i = 0; i < count; i++) rows[this.#slots[i]!]! += rowsOf(columns[rowsAt]!, from + i);
    resetCreated(slice.aggregates, this.#slots, this.#created, count);
    slice.aggregates.addPartials(this.#slots, columns, rowsAt + 1, from, count);
  }
  #sliceAt(end: number, nextEnd: number): Slice {
    const known = this.slices.get(end);
    if (known !== undefined) return known;
    this.queue.put(nextEnd, end);
    return this.slices.at(end);
  }

  /** Slices came back, of which windows up to here have gone out. */
  restored(firedUpTo: number): void {
    this.queue = new TimeQueue();
    for (const end of this.slices.ends()) this.queue.put(this.nextEnd(end, firedUpTo), end);
  }
}

/** How many rows stand behind a row of partial columns. */
export function rowsOf(column: Column, row: number): number {
  const numbers = column as ExactColumn;
  return numbers.wide ? Number(wideAt(numbers, row)) : numbers.values[row]!;
}
/** The cells of those of `slots` that were just made are as new. */
export function resetCreated(
  aggregates: AggregateSet,
  slots: Int32Array,
  created: Uint8Array,
  count: number,
): void {
  let n = 0;
  const fresh = new Int32Array(count);
  for (let i = 0; i < count; i++) if (created[i] === 1) fresh[n++] = slots[i]!;
  if (n > 0) aggregates.reset(fresh, n);
}
