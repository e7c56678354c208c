/* Aggregates over TUMBLE, HOP and CUMULATE windows; each is emitted once, when its end passes the watermark.
 *
 *   run ─▶ groups by slice of time (sliced-groups.ts) ── watermark ≥ end − 1 ms ──▶ merge ─▶ one row per key
 *
 * Rows may come as partials, one a key and slice: see local-window-aggregate.ts.
 * Promises: a window is emitted at most once (I4); a row none of whose windows is unfired only counts in
 * `numLateRecordsDropped`. Windows go out by end, keys in order of arrival. Flink: SlicingWindowAggOperator. */

import type { Batch } from '#data';
import type { WindowAggregateSpec } from '#job';
import type { Scalar } from '#state';
import type { OperatorContext, Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { resetCreated, rowsMax, rowsOf, SlicedGroups, type Slice } from './sliced-groups.ts';
import { registerRunOperator, type RunSetup } from './table.ts';
import { windowClock, WindowColumns, type WindowClock } from './window-time.ts';

/** A window that goes out: its result, up to which slot it is out, and whether the result is a slice that goes with it. */
interface Firing {
  readonly slice: Slice;
  readonly start: number;
  readonly end: number;
  sent: number;
  readonly drops: boolean;
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
  /** A window under way: its result, and the slot that went out last. */
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
        if (this.#emit(this.#firing, out) === 'more') return 'more';
        continue;
      }
      const { next } = this.#groups.queue;
      if (next === Infinity || this.#clock.firesAt(next) > at) break;
      this.#begin(next);
    }
    if (this.#isProctime) this.#fired.value = at;
    return 'done';
  }
  /** Merges the slices of the window that ends at `end`, and lets go of those that no later window needs. */
  #begin(end: number): void {
    const { windows, slices, queue } = this.#groups;
    const newestFirst = windows?.shape.kind === 'hop' && windows.shape.newestFirst;
    const due = queue.takeNext().sort((a, b) => (newestFirst ? b - a : a - b));
    const last = (slice: number): boolean => windows === undefined || windows.lastEnd(slice) <= end;
    const only = due.length === 1 && last(due[0]!);
    const slice = only ? slices.get(due[0]!)! : slices.scratch();
    if (!only) for (const part of due) this.#merge(slice, slices.get(part)!);
    const start = windows === undefined ? 0 : windows.start(end);
    this.#firing = { slice, start, end, sent: -1, drops: only };
    for (const part of due) {
      if (!last(part)) queue.put(end + windows!.intervalMs, part);
      else if (!only) slices.drop(part);
    }
  }
  #merge(into: Slice, from: Slice): void {
    for (let after = -1; ; ) {
      const count = from.table.scan(after, this.#other);
      if (count === 0) return;
      after = this.#other[count - 1]!;
      into.table.upsertFrom(from.table, this.#other, count, this.#slots, this.#created);
      resetCreated(into.aggregates, this.#slots, this.#created, count);
      into.aggregates.merge(this.#slots, this.#other, count, from.aggregates);
      const rows = into.rows.values;
      for (let i = 0; i < count; i++) rows[this.#slots[i]!]! += from.rows.values[this.#other[i]!]!;
    }
  }
  #emit(firing: Firing, out: RunOutput): Progress {
    const { slice, end } = firing;
    const width = this.#spec.keys.length;
    while (!out.full) {
      const room = this.#other.subarray(0, Math.min(out.room, rowsMax));
      const found = slice.table.scan(firing.sent, room);
      if (found === 0) {
        this.#firing = undefined;
        if (firing.drops) this.#groups.slices.drop(end);
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
    this.#groups.restored(this.#isProctime ? this.#fired.value : watermark);
  }
}

registerRunOperator('window-aggregate', (spec, setup) => new WindowAggregateOperator(spec, setup));
