/* Aggregates over TUMBLE, HOP and CUMULATE windows; each is emitted once, when its end passes the watermark.
 *
 *   run ─▶ slice of each row ─▶ slots of the slice's table ─▶ kernels ── watermark ≥ end − 1 ms ──▶ merge ─▶ one row per key
 *
 * Keeps: per slice of time that some unfired window still holds, a table of keys and their accumulators.
 * Promises: a window is emitted at most once (I4); a row none of whose windows is unfired only counts in
 * `numLateRecordsDropped`. Windows go out by end, keys in order of arrival. Flink: SlicingWindowAggOperator. */

import { hashRows, isAdd, type Batch, type Column } from '#data';
import type { WindowAggregateSpec } from '#job';
import type { F64Cells, KeyedTable, Scalar, Slices, StateScope } from '#state';
import type { OperatorContext, Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { AggregateSet } from '../kernels/aggregate-set.ts';
import { op } from '../kernels/kernel.ts';
import { RowGather } from './row-gather.ts';
import { registerRunOperator, type RunSetup } from './table.ts';
import { TimeQueue } from './time-queue.ts';
import { timeAt, windowClock, WindowColumns, type WindowClock } from './window-time.ts';
import { Windows } from './windows.ts';

/** What a slice of time holds. */
interface Slice {
  readonly table: KeyedTable;
  /** Rows behind each slot: 0 after retractions means that the key is not there. */
  readonly rows: F64Cells;
  readonly aggregates: AggregateSet;
}
/** A window that goes out: its result, up to which slot it is out, and whether the result is a slice that goes with it. */
interface Firing {
  readonly slice: Slice;
  readonly start: number;
  readonly end: number;
  sent: number;
  readonly drops: boolean;
}
/** Rows of one call, and keys that go out at a time. */
const rowsMax = 4096;
/** A run whose rows lie in time so that segments are shorter than this is put in order of its slices first. */
const segmentMin = 16;

class WindowAggregateOperator implements RunOperator {
  readonly readsWatermarks = true;
  readonly #spec: WindowAggregateSpec;
  readonly #windows: Windows | undefined;
  readonly #clock: WindowClock;
  readonly #context: OperatorContext;
  readonly #columns: WindowColumns;
  readonly #slices: Slices<Slice>;
  /** Windows of processing time up to here have gone out. */
  readonly #fired: Scalar;
  readonly #gather: RowGather;
  readonly #isProctime: boolean;
  /** Ends of slices at the end of the next window that holds them: derived from the slices. */
  #queue = new TimeQueue<number>();
  /** By row of the run at hand: the end of its slice, Infinity for a late row; and of the first window that has not fired. */
  readonly #ends = new Float64Array(rowsMax);
  readonly #nextEnds = new Float64Array(rowsMax);
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #other = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  readonly #ops = new Uint8Array(rowsMax);
  /** A window under way: its result, and the slot that went out last. */
  #firing: Firing | undefined;
  #now = 0;

  constructor(spec: WindowAggregateSpec, setup: RunSetup) {
    this.#spec = spec;
    this.#isProctime = spec.window.kind === 'proctime';
    this.#windows = spec.window.kind === 'attached' ? undefined : new Windows(spec.window.shape);
    this.#clock = windowClock(spec.zone);
    this.#context = setup.context;
    this.#columns = new WindowColumns(spec.properties, this.#clock);
    const [types] = setup.inputTypes;
    const key = spec.keys.map((k) => types![k]!);
    this.#slices = setup.store.slices('slices', (scope: StateScope): Slice => {
      const table = scope.keyed({ name: 'groups', key, cells: { rows: 'f64' } });
      const aggregates = new AggregateSet(scope, table, spec.calls, spec.retract);
      return { table, rows: table.f64('rows'), aggregates };
    });
    this.#fired = setup.store.scalar({ name: 'fired', initial: -Infinity, merge: 'min' });
    this.#gather = new RowGather(types!);
    setup.context.metrics.gauge('stateKeys', () =>
      this.#slices.ends().reduce((n, end) => n + this.#slices.get(end)!.table.size, 0),
    );
  }

  arms({ batch, from, to, watermarks }: Run, times: Float64Array): void {
    if (this.#isProctime) return;
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
        start = this.#windows === undefined ? end : end - this.#windows.sliceMs;
        judgedAt = watermark;
        next = this.#nextEnd(end, watermark);
        fires = next === Infinity ? Infinity : this.#clock.firesAt(next);
      }
      times[i] = fires;
      this.#ends[i] = next === Infinity ? Infinity : end;
      this.#nextEnds[i] = next;
    }
  }
  /** In local time; of a row that carries its window the end. */
  #timeOf({ columns }: Batch, row: number): number {
    const { window } = this.#spec;
    if (window.kind === 'attached') return timeAt(columns[window.end]!, row);
    return this.#clock.toLocal(timeAt(columns[(window as { column: number }).column]!, row));
  }
  #sliceEnd(time: number): number {
    return this.#windows === undefined ? time : this.#windows.sliceEnd(time);
  }
  /** The end of the first window that holds the slice and has not fired; Infinity when all of them have. */
  #nextEnd(sliceEnd: number, firedUpTo: number): number {
    const windows = this.#windows;
    const last = windows === undefined ? sliceEnd : windows.lastEnd(sliceEnd);
    const step = windows === undefined ? 1 : windows.intervalMs;
    let end = windows === undefined ? sliceEnd : windows.firstEnd(sliceEnd);
    while (end <= last && this.#clock.firesAt(end) <= firedUpTo) end += step;
    return end <= last ? end : Infinity;
  }

  rows({ batch, from, to, now }: Run): number {
    const count = Math.min(to - from, rowsMax);
    this.#now = now;
    if (this.#isProctime) this.#assignNow(now, count);
    else if (this.#countLate(batch, from, count) === count) return from + count;
    const keys = this.#spec.keys.map((k) => batch.columns[k]!);
    hashRows(keys, from, from + count, this.#hashes);
    const segments = this.#segments(count);
    if (segments * segmentMin > count && segments > 1) this.#addInOrder(batch, from, count);
    else this.#addSegments(batch.columns, batch.kinds, keys, from, count);
    return from + count;
  }
  #assignNow(now: number, count: number): void {
    const end = this.#sliceEnd(this.#clock.toLocal(now));
    this.#ends.fill(end, 0, count);
    this.#nextEnds.fill(this.#nextEnd(end, -Infinity), 0, count);
  }
  #countLate(batch: Batch, from: number, count: number): number {
    let late = 0;
    for (let i = 0; i < count; i++) {
      if (this.#ends[i] !== Infinity) continue;
      late++;
      this.#context.lateRows?.(batch, from + i);
    }
    if (late > 0) this.#context.metrics.count('numLateRecordsDropped', late);
    return late;
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
    for (let first = 0, i = 1; i <= count; i++) {
      if (i < count && this.#ends[i] === this.#ends[first]) continue;
      const end = this.#ends[first]!;
      if (end !== Infinity) this.#add(end, columns, kinds, keys, from + first, first, i - first);
      first = i;
    }
  }
  /** Rows slice by slice, those of each in their order. */
  #addInOrder(batch: Batch, from: number, count: number): void {
    const order = this.#other;
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
  /** Rows of one slice; `at` is where their hashes lie. */
  #add(
    end: number,
    columns: readonly Column[],
    kinds: Uint8Array | undefined,
    keys: readonly Column[],
    from: number,
    at: number,
    count: number,
  ): void {
    const slice = this.#sliceAt(end, this.#nextEnds[at]!);
    const hashes = at === 0 ? this.#hashes : this.#hashes.subarray(at);
    slice.table.upsert(keys, hashes, from, count, this.#slots, this.#created);
    slice.table.write(this.#slots, count);
    const rows = slice.rows.values;
    for (let i = 0; i < count; i++) {
      const add = kinds === undefined || isAdd(kinds[from + i]!);
      rows[this.#slots[i]!]! += add ? 1 : -1;
      this.#ops[i] = (this.#created[i] === 1 ? op.opens : 0) | (add ? 0 : op.retract);
    }
    slice.aggregates.add(this.#slots, this.#ops, columns, from, count, undefined);
  }
  #sliceAt(end: number, nextEnd: number): Slice {
    const known = this.#slices.get(end);
    if (known !== undefined) return known;
    this.#queue.put(nextEnd, end);
    return this.#slices.at(end);
  }

  nextTimer(domain: Domain): number {
    if ((domain === 'processing') !== this.#isProctime) return Infinity;
    const { next } = this.#queue;
    return next === Infinity ? Infinity : this.#clock.firesAt(next);
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    if (this.#isProctime) this.#now = at;
    for (;;) {
      if (this.#firing !== undefined) {
        if (this.#emit(this.#firing, out) === 'more') return 'more';
        continue;
      }
      const { next } = this.#queue;
      if (next === Infinity || this.#clock.firesAt(next) > at) break;
      this.#begin(next);
    }
    if (this.#isProctime) this.#fired.value = at;
    return 'done';
  }
  /** Merges the slices of the window that ends at `end`, and lets go of those that no later window needs. */
  #begin(end: number): void {
    const windows = this.#windows;
    const newestFirst = windows?.shape.kind === 'hop' && windows.shape.newestFirst;
    const due = this.#queue.takeNext().sort((a, b) => (newestFirst ? b - a : a - b));
    const last = (slice: number): boolean => windows === undefined || windows.lastEnd(slice) <= end;
    const only = due.length === 1 && last(due[0]!);
    const slice = only ? this.#slices.get(due[0]!)! : this.#slices.scratch();
    if (!only) for (const part of due) this.#merge(slice, this.#slices.get(part)!);
    const start = windows === undefined ? 0 : windows.start(end);
    this.#firing = { slice, start, end, sent: -1, drops: only };
    for (const part of due) {
      if (!last(part)) this.#queue.put(end + windows!.intervalMs, part);
      else if (!only) this.#slices.drop(part);
    }
  }
  #merge(into: Slice, from: Slice): void {
    for (let after = -1; ; ) {
      const count = from.table.scan(after, this.#other);
      if (count === 0) return;
      after = this.#other[count - 1]!;
      into.table.upsertFrom(from.table, this.#other, count, this.#slots, this.#created);
      this.#resetCreated(into.aggregates, count);
      into.aggregates.merge(this.#slots, this.#other, count, from.aggregates);
      const rows = into.rows.values;
      for (let i = 0; i < count; i++) rows[this.#slots[i]!]! += from.rows.values[this.#other[i]!]!;
    }
  }
  #resetCreated(aggregates: AggregateSet, count: number): void {
    let n = 0;
    const created = new Int32Array(count);
    for (let i = 0; i < count; i++) if (this.#created[i] === 1) created[n++] = this.#slots[i]!;
    aggregates.reset(created, n);
  }

  #emit(firing: Firing, out: RunOutput): Progress {
    const { slice, end } = firing;
    const width = this.#spec.keys.length;
    while (!out.full) {
      const room = this.#other.subarray(0, Math.min(out.room, rowsMax));
      const found = slice.table.scan(firing.sent, room);
      if (found === 0) {
        this.#firing = undefined;
        if (firing.drops) this.#slices.drop(end);
        return 'done';
      }
      firing.sent = room[found - 1]!;
      let count = 0;
      for (let i = 0; i < found; i++) if (slice.rows.values[room[i]!] !== 0) this.#slots[count++] = room[i]!;
      if (count === 0) continue;
      slice.table.appendKeys(out.columns, this.#slots, count);
      slice.aggregates.appendResults(out.columns, width, this.#slots, count);
      this.#columns.append(out.columns, width + this.#spec.calls.length, firing, this.#now, count);
      out.builder.endRows(count);
    }
    return 'more';
  }

  restored(watermark: number): void {
    this.#queue = new TimeQueue();
    for (const end of this.#slices.ends())
      this.#queue.put(this.#nextEnd(end, this.#isProctime ? this.#fired.value : watermark), end);
  }
}

registerRunOperator('window-aggregate', (spec, setup) => new WindowAggregateOperator(spec, setup));
