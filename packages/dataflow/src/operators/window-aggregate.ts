/* Aggregates over TUMBLE, HOP and CUMULATE windows; each is emitted once, when its end passes the watermark.
 *
 *   run ─▶ groups by slice of time (sliced-groups.ts) ── watermark ≥ end − 1 ms ──▶ merge ─▶ one row per key
 *
 * Rows may come as partials, one a key and slice: see local-window-aggregate.ts.
 * Promises: a window is emitted at most once (I4); a row none of whose windows is unfired only counts in
 * `numLateRecordsDropped`. Windows go out by end, keys in order of arrival. Flink: SlicingWindowAggOperator. */

import type { Batch } from '#data';
import type { WindowAggregateSpec } from '#job';
import type { KeyWalk, Scalar } from '#state';
import type { OperatorContext, Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { resetCreated, rowsMax, rowsOf, SlicedGroups, type Slice } from './sliced-groups.ts';
import { registerRunOperator, type RunSetup } from './table.ts';
import { windowClock, WindowColumns, type WindowClock } from './window-time.ts';

/** A window that goes out. */
interface Firing {
  /** Its result: a slice that goes with it, or what its slices are merged into. */
  readonly slice: Slice;
  readonly start: number;
  readonly end: number;
  /** Ends of the slices that are still to be merged. */
  readonly parts: number[];
  /** The end of the slice that is the result, and goes with it. */
  readonly only: number | undefined;
  /** How far its first part is merged, or it is out. */
  walk: KeyWalk | undefined;
}

class WindowAggregateOperator implements RunOperator {
  readonly readsWatermarks = true;
  readonly #spec: WindowAggregateSpec;
  readonly #clock: WindowClock;
  readonly #context: OperatorContext;
  readonly #columns: WindowColumns;
  readonly #groups: SlicedGroups;
  /** Windows of processing time up to here have gone out. */
  readonly #fired: Scalar;
  readonly #isProctime: boolean;
  readonly #slots = new Int32Array(rowsMax);
  readonly #other = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  /** The window under way. */
  #firing: Firing | undefined;
  #now = 0;

  constructor(spec: WindowAggregateSpec, setup: RunSetup) {
    this.#spec = spec;
    this.#isProctime = spec.window.kind === 'proctime';
    this.#clock = windowClock(spec.zone);
    this.#context = setup.context;
    this.#columns = new WindowColumns(spec.properties, this.#clock);
    const { store, inputTypes } = setup;
    this.#groups = new SlicedGroups(spec, { types: inputTypes[0]!, store, clock: this.#clock }, Infinity);
    this.#fired = store.scalar({ name: 'fired', initial: -Infinity, merge: 'min' });
    setup.context.metrics.gauge('stateKeys', () => this.#groups.size);
  }

  arms(run: Run, times: Float64Array): void {
    if (!this.#isProctime) this.#groups.arms(run, times);
  }
  rows({ batch, from, to, now }: Run): number {
    const count = Math.min(to - from, rowsMax);
    this.#now = now;
    if (this.#isProctime) this.#groups.assignNow(now, count);
    let late = 0;
    this.#groups.add(batch, from, count, (row) => {
      late += this.#rowsOf(batch, row);
      this.#context.lateRows?.(batch, row);
    });
    if (late > 0) this.#context.metrics.count('numLateRecordsDropped', late);
    return from + count;
  }
  #rowsOf({ columns }: Batch, row: number): number {
    const { window } = this.#spec;
    return window.kind === 'slices' ? rowsOf(columns[window.rows]!, row) : 1;
  }

  nextTimer(domain: Domain): number {
    return (domain === 'processing') === this.#isProctime ? this.#groups.next : Infinity;
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    if (this.#isProctime) this.#now = at;
    for (;;) {
      if (this.#firing !== undefined) {
        const { parts } = this.#firing;
        if (parts.length === 0) {
          if (this.#emit(this.#firing, out) === 'more') return 'more';
          continue;
        }
        // A store that is behind is waited for between two steps.
        this.#merge(this.#firing);
        return 'more';
      }
      const { next } = this.#groups.queue;
      if (next === Infinity || this.#clock.firesAt(next) > at) break;
      this.#begin(next);
    }
    if (this.#isProctime) this.#fired.value = at;
    return 'done';
  }
  /** The window that ends at `end` is due. */
  #begin(end: number): void {
    const { windows, slices, queue } = this.#groups;
    const newestFirst = windows?.shape.kind === 'hop' && windows.shape.newestFirst;
    const due = queue.takeNext().sort((a, b) => (newestFirst ? b - a : a - b));
    const only = due.length === 1 && this.#isLast(due[0]!, end) ? due[0]! : undefined;
    const slice = only === undefined ? slices.scratch() : slices.get(only)!;
    const start = windows === undefined ? 0 : windows.start(end);
    const parts = only === undefined ? due : [];
    this.#firing = { slice, start, end, parts, only, walk: undefined };
  }
  /** No later window holds the slice. */
  #isLast(slice: number, end: number): boolean {
    const { windows } = this.#groups;
    return windows === undefined || windows.lastEnd(slice) <= end;
  }
  /** Merges some of the first part; one that no later window needs goes. */
  #merge(firing: Firing): void {
    const { windows, slices, queue } = this.#groups;
    const { slice: into, parts, end } = firing;
    const part = parts[0]!;
    const from = slices.get(part)!;
    firing.walk ??= from.table.walk();
    const count = firing.walk.next(this.#other);
    if (count > 0) {
      into.table.upsertFrom(from.table, this.#other, count, this.#slots, this.#created);
      resetCreated(into.aggregates, this.#slots, this.#created, count);
      into.aggregates.merge(this.#slots, this.#other, count, from.aggregates);
      const rows = into.rows.values;
      for (let i = 0; i < count; i++) rows[this.#slots[i]!]! += from.rows.values[this.#other[i]!]!;
      return slices.settle(count);
    }
    firing.walk = undefined;
    parts.shift();
    if (this.#isLast(part, end)) slices.drop(part);
    else queue.put(end + windows!.intervalMs, part);
  }
  #emit(firing: Firing, out: RunOutput): Progress {
    const { slice, only } = firing;
    const { slices } = this.#groups;
    const width = this.#spec.keys.length;
    firing.walk ??= slice.table.walk();
    while (!out.full) {
      const room = this.#other.subarray(0, Math.min(out.room, rowsMax));
      const found = firing.walk.next(room);
      if (found === 0) {
        this.#firing = undefined;
        if (only === undefined) slices.clearScratch();
        else slices.drop(only);
        return 'done';
      }
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
    this.#groups.restored(this.#isProctime ? this.#fired.value : watermark);
  }
}

registerRunOperator('window-aggregate', (spec, setup) => new WindowAggregateOperator(spec, setup));
