/* Aggregates over TUMBLE, HOP and CUMULATE windows; each is emitted once, when its end passes the watermark.
 *
 *   rows ─▶ slice ─▶ accumulate per key ── watermark ≥ end − 1 ms ──▶ merge the window's slices ─▶ one row per key
 *
 * Keeps: a pane of accumulators per slice that some unfired window still holds.
 * Promises: a window is emitted at most once (I4); a row none of whose windows is unfired only counts in
 * `numLateRecordsDropped`. Windows go out by end, keys in order of arrival. Flink: SlicingWindowAggOperator. */

import type { WindowAggregateSpec } from '#job';
import { isAdd, type Batch, type Column } from '#data';
import type { StateReader, StateWriter } from '#state';
import type { OperatorContext, Output } from '../contracts/index.ts';
import { nullRowtime } from '../runtime/split-watermarks.ts';
import { Pane, type PaneSpec } from './pane.ts';
import { RowOperator } from './row-operator.ts';
import { registerOperator, type OperatorSetup } from './table.ts';
import { TimeQueue } from './time-queue.ts';
import { appendWindow, windowClock, type WindowClock } from './window-time.ts';
import { Windows } from './windows.ts';

interface OpenPane {
  readonly key: string;
  readonly pane: Pane;
  /** Only for attached windows, whose length is in the data. */
  readonly start: number;
  readonly end: number;
  /** The end of the next window to fire that holds it. */
  nextEnd: number;
}

/** What a pane takes beside its keys and accumulators. */
const paneBytes = 256;

class WindowAggregateOperator extends RowOperator {
  readonly #spec: WindowAggregateSpec;
  readonly #windows: Windows | undefined;
  readonly #clock: WindowClock;
  readonly #context: OperatorContext;
  readonly #paneSpec: PaneSpec;
  readonly #panes = new Map<string, OpenPane>();
  readonly #batchKeys: Column[] = [];
  /** Every pane at its nextEnd, local time. */
  readonly #queue = new TimeQueue<OpenPane>();
  /** Attached windows that end together, of which the first is under way. */
  #attachedDue: OpenPane[] = [];
  /** A window under way: its result and how far it was emitted. */
  #firing: { readonly pane: Pane; readonly start: number; readonly end: number; slot: number } | undefined;
  #last: OpenPane | undefined;
  #now = 0;

  constructor(spec: WindowAggregateSpec, setup: OperatorSetup) {
    super(setup.outputTypes);
    this.#spec = spec;
    this.#windows = spec.window.kind === 'attached' ? undefined : new Windows(spec.window.shape);
    this.#clock = windowClock(spec.zone);
    this.#context = setup.context;
    this.#paneSpec = {
      keyTypes: spec.keys.map((k) => setup.inputTypes[0]![k]!),
      calls: spec.calls,
      retract: spec.retract,
    };
    setup.context.metrics.gauge('stateKeys', () =>
      [...this.#panes.values()].reduce((n, p) => n + p.pane.table.size, 0),
    );
  }

  protected onRow(batch: Batch, row: number, now: number): void {
    this.#now = now;
    const open = this.#paneOf(batch, row, now);
    if (open === undefined) {
      this.#context.metrics.count('numLateRecordsDropped', 1);
      this.#context.lateRows?.(batch, row);
      return;
    }
    const { keys } = this.#spec;
    for (let k = 0; k < keys.length; k++) this.#batchKeys[k] = batch.columns[keys[k]!]!;
    if (batch.kinds === undefined || isAdd(batch.kinds[row]!))
      open.pane.add(this.#batchKeys, batch.columns, row);
    else open.pane.retract(this.#batchKeys, batch.columns, row);
  }

  /** The pane that the row is counted in, or undefined when it is late. */
  #paneOf(batch: Batch, row: number, now: number): OpenPane | undefined {
    const { window } = this.#spec;
    if (window.kind === 'attached') {
      return this.#attached(
        timeAt(batch.columns[window.start]!, row),
        timeAt(batch.columns[window.end]!, row),
      );
    }
    const time = this.#clock.toLocal(
      window.kind === 'rowtime' ? timeAt(batch.columns[window.column]!, row) : now,
    );
    const last = this.#last;
    const windows = this.#windows!;
    if (last !== undefined && time < last.end && time >= last.end - windows.sliceMs) return last;
    const end = windows.sliceEnd(time);
    return this.#open(
      `${end}`,
      end - windows.sliceMs,
      end,
      windows.firstEnd(end),
      windows.lastEnd(end),
      windows.intervalMs,
    );
  }
  #attached(start: number, end: number): OpenPane | undefined {
    return this.#open(`${start}/${end}`, start, end, end, end, 1);
  }
  #open(
    key: string,
    start: number,
    end: number,
    firstEnd: number,
    lastEnd: number,
    interval: number,
  ): OpenPane | undefined {
    let open = this.#panes.get(key);
    if (open === undefined) {
      let nextEnd = firstEnd;
      while (nextEnd <= lastEnd && this.#fired(nextEnd)) nextEnd += interval;
      if (nextEnd > lastEnd) return undefined;
      open = { key, pane: new Pane(this.#paneSpec), start, end, nextEnd };
      this.#panes.set(key, open);
      this.#expect(open);
    }
    this.#last = open;
    return open;
  }
  #fired(end: number): boolean {
    if (this.#spec.window.kind === 'proctime') return false;
    return this.#clock.firesAt(end) <= this.watermark;
  }
  #expect(open: OpenPane): void {
    this.#queue.put(open.nextEnd, open);
    this.#arm();
  }
  #arm(): void {
    if (this.#spec.window.kind !== 'proctime') return;
    const { next } = this.#queue;
    this.nextTimer = next === Infinity ? Infinity : this.#clock.firesAt(next);
  }

  protected override onWatermark(watermark: number, out: Output): boolean {
    if (this.#spec.window.kind === 'proctime') return this.#fireUntil(this.#due, out);
    return this.#fireUntil(watermark, out);
  }
  protected override onTimer(now: number, out: Output): boolean {
    this.#now = now;
    this.#due = now;
    return this.#fireUntil(now, out);
  }
  #due = -Infinity;

  #fireUntil(time: number, out: Output): boolean {
    for (;;) {
      if (this.#firing !== undefined) {
        if (!this.#emit(out)) return false;
        continue;
      }
      const { next } = this.#queue;
      if (this.#attachedDue.length > 0) this.#beginAttached();
      else if (next === Infinity || this.#clock.firesAt(next) > time) return true;
      else if (this.#windows === undefined) this.#attachedDue = this.#queue.takeNext().reverse();
      else this.#begin(next, this.#windows);
    }
  }

  #beginAttached(): void {
    const { key, pane, start, end } = this.#attachedDue.pop()!;
    this.#panes.delete(key);
    this.#last = undefined;
    this.#firing = { pane, start, end, slot: 0 };
  }
  /** Merges the slices of the window that ends next, and lets go of those that no later window needs. */
  #begin(end: number, windows: Windows): void {
    const newestFirst = windows.shape.kind === 'hop' && windows.shape.newestFirst;
    const due = this.#queue.takeNext().sort((a, b) => (newestFirst ? b.end - a.end : a.end - b.end));
    const [first] = due;
    const single = due.length === 1 && windows.lastEnd(first!.end) === end;
    const pane = single ? first!.pane : new Pane(this.#paneSpec);
    if (!single) for (const open of due) pane.merge(open.pane);
    for (const open of due) {
      if (windows.lastEnd(open.end) <= end) this.#panes.delete(open.key);
      else {
        open.nextEnd = end + windows.intervalMs;
        this.#queue.put(open.nextEnd, open);
      }
    }
    this.#firing = { pane, start: windows.start(end), end, slot: 0 };
    this.#last = undefined;
    this.#arm();
  }

  #emit(out: Output): boolean {
    const firing = this.#firing!;
    const { columns } = this.builder;
    const at = this.#spec.keys.length + this.#spec.calls.length;
    for (; firing.slot < firing.pane.table.extent; firing.slot++) {
      if (!firing.pane.has(firing.slot)) continue;
      if (this.builder.full && !this.flush(out)) return false;
      firing.pane.append(columns, firing.slot);
      appendWindow(columns, at, this.#spec.properties, firing, this.#clock, this.#now);
      this.builder.endRow();
    }
    this.#firing = undefined;
    return true;
  }

  override get stateBytes(): number {
    let bytes = 0;
    for (const { pane } of this.#panes.values()) bytes += paneBytes + pane.bytes;
    return bytes;
  }
  protected save(to: StateWriter): void {
    to.i32(this.#panes.size);
    for (const [key, open] of this.#panes) {
      to.text(key);
      to.f64(open.start);
      to.f64(open.end);
      to.f64(open.nextEnd);
      open.pane.snapshot(to);
    }
  }
  protected load(from: StateReader): void {
    for (let n = from.i32(); n > 0; n--) {
      const key = from.text();
      const open = {
        key,
        pane: new Pane(this.#paneSpec),
        start: from.f64(),
        end: from.f64(),
        nextEnd: from.f64(),
      };
      open.pane.restore(from);
      this.#panes.set(key, open);
      this.#expect(open);
    }
  }
}

/** The milliseconds of a rowtime, which must not be NULL. */
export function timeAt(column: Column, row: number): number {
  if (column.valid !== undefined && column.valid[row] === 0) throw nullRowtime('rowtime');
  return (column as { millis: Float64Array }).millis[row]!;
}

registerOperator<WindowAggregateSpec>(
  'window-aggregate',
  (spec, setup) => new WindowAggregateOperator(spec, setup),
);
