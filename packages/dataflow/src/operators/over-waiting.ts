/* OVER windows whose rows wait: by event time until the watermark passes them, by a range of processing time until their
 * millisecond is over, or the input is. Then they go out in order of their time.
 *
 *   row ─▶ waits, by time ── watermark ≥ time ──▶ rows    one after the other through the frame, each with its own results
 *                                                 range   all of one time come in, then go out with the same results
 *
 * A row is late, and only counts, where the watermark had passed it; with a bounded frame where its partition had.
 * Keeps: the rows that wait; what over-partitions.ts keeps; of a bounded range no more than half a range longer than any
 * row can reach. Promises: by time, and among rows of one time and partition in order of arrival.
 * Flink: RowTimeRowsUnboundedPrecedingFunction and its siblings, ProcTimeRangeBoundedPrecedingFunction. */

import { hashRows, type Column } from '#data';
import type { OverAggregateSpec } from '#job';
import type { F64Cells, KeyedTable, SortedTable, Timers } from '#state';
import type { OperatorContext, Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { readable } from '../kernels/readable.ts';
import { freshSlots } from './fresh-slots.ts';
import { OverPartitions } from './over-partitions.ts';
import type { RunSetup } from './table.ts';
import { isNullAt, timeAt } from './window-time.ts';

const rowsMax = 2048;

export class OverWaitingOperator implements RunOperator {
  readonly readsWatermarks = true;
  readonly #spec: OverAggregateSpec;
  readonly #context: OperatorContext;
  readonly #domain: Domain;
  readonly #partitions: OverPartitions;
  /** Partitions with rows that wait. They have no time to live: a row must not be gone before its time comes. */
  readonly #keys: KeyedTable;
  readonly #waiting: SortedTable;
  readonly #times: F64Cells;
  readonly #timers: Timers;
  /** When bounded ranges are forgotten. */
  readonly #ends: Timers | undefined;
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  /** Partitions that go out at one time, their slots among all partitions, and how far they are. */
  readonly #due = new Int32Array(rowsMax);
  readonly #dueSlots = new Int32Array(rowsMax);
  #dueCount = 0;
  #at = 0;
  #time = 0;
  readonly #outSlots = new Int32Array(rowsMax);

  constructor(spec: OverAggregateSpec, setup: RunSetup) {
    const types = setup.inputTypes[0]!;
    this.#spec = spec;
    this.#context = setup.context;
    this.#domain = spec.time === undefined ? 'processing' : 'event';
    this.#partitions = new OverPartitions(spec, setup);
    const { store } = setup;
    this.#keys = store.keyed({ name: 'waiting keys', key: spec.partition.map((c) => types[c]!) });
    this.#waiting = store.sorted(this.#keys, {
      name: 'waiting',
      row: types,
      cells: { at: 'f64' },
      order: [{ column: 'at' }],
    });
    this.#times = this.#waiting.f64('at');
    this.#timers = store.timers(this.#keys, { name: 'times', domain: this.#domain });
    if (this.#boundedRange)
      this.#ends = store.timers(this.#partitions.table, { name: 'ends', domain: this.#domain });
    if (this.#domain === 'processing') this.end = (_input, out) => this.fire('processing', Infinity, out);
  }
  /** No clock frees what waits when the input has ended, so the end does. */
  end?: (input: number, out: RunOutput) => Progress;
  get #boundedRange(): boolean {
    const { unit, preceding } = this.#spec.frame;
    return unit === 'range' && preceding !== Infinity;
  }
  #timeOf(columns: readonly Column[], row: number, now: number): number {
    const { time } = this.#spec;
    return time === undefined ? now : timeAt(columns[time]!, row);
  }
  /** Such a row is late in every partition. */
  #hasNoTime(columns: readonly Column[], row: number): boolean {
    return isNullAt(columns[this.#spec.time!]!, row);
  }
  arms({ batch, from, to, now }: Run, times: Float64Array): void {
    if (this.#domain === 'processing') times.fill(Infinity, 0, to - from);
    else for (let row = from; row < to; row++) times[row - from] = this.#timeOf(batch.columns, row, now);
  }
  rows({ batch, from, to, now, watermarks }: Run): number {
    const count = Math.min(to - from, rowsMax);
    const { columns } = batch;
    const keys = this.#spec.partition.map((c) => columns[c]!);
    hashRows(keys, from, from + count, this.#hashes);
    this.#keys.upsert(keys, this.#hashes, from, count, this.#slots, this.#created);
    const unbounded = this.#spec.frame.preceding === Infinity;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const at = this.#timeOf(columns, row, now);
      const passed = unbounded ? watermarks[row]! : this.#lastOf(keys, row);
      if (this.#domain === 'event' && (at <= passed || this.#hasNoTime(columns, row))) {
        this.#context.metrics.count('numLateRecordsDropped', 1);
        this.#context.lateRows?.(batch, row);
      } else this.#wait(this.#slots[i]!, columns, row, at);
    }
    for (let i = 0; i < count; i++) {
      const slot = this.#slots[i]!;
      if (this.#keys.isLive(slot) && this.#waiting.count(slot) === 0) this.#keys.remove(slot);
    }
    return from + count;
  }
  /** The time of the last rows of its partition that went out. */
  #lastOf(keys: readonly Column[], row: number): number {
    const slot = this.#partitions.table.findRow(keys, row);
    return slot >= 0 && this.#partitions.table.fresh(slot)
      ? this.#partitions.lastMs.values[slot]!
      : -Infinity;
  }
  #wait(slot: number, columns: readonly Column[], row: number, at: number): void {
    this.#waiting.append(slot, columns, row, { at });
    const first = this.#times.values[this.#waiting.first(slot)]!;
    this.#timers.set(slot, this.#dueAt(first));
  }
  /** Rows of a millisecond of processing time go out when it is over. */
  #dueAt(time: number): number {
    return this.#domain === 'event' ? time : time + 1;
  }

  nextTimer(domain: Domain): number {
    if (domain !== this.#domain) return Infinity;
    return Math.min(this.#timers.next, this.#ends?.next ?? Infinity);
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    for (;;) {
      if (!this.#emitDue(out)) return 'more';
      if (this.#timers.next === Infinity || this.#timers.next > at) break;
      this.#begin();
    }
    this.#forget(at);
    return 'done';
  }
  /** Partitions whose next rows are of the least time. */
  #begin(): void {
    const due = this.#timers.next;
    this.#dueCount = this.#timers.due(due, this.#due);
    this.#time = this.#domain === 'event' ? due : due - 1;
    const { table } = this.#partitions;
    freshSlots(table, this.#keys, this.#due, this.#dueCount, this.#dueSlots, this.#created);
    table.write(this.#dueSlots, this.#dueCount);
    for (let i = 0; i < this.#dueCount; i++)
      if (this.#created[i] === 1) this.#partitions.keptUntil.values[this.#dueSlots[i]!] = -Infinity;
    if (this.#spec.frame.unit === 'range') this.#takeIn();
  }
  /** All rows of the time come in, and those that are out of their range leave. */
  #takeIn(): void {
    const { preceding } = this.#spec.frame;
    for (let i = 0; i < this.#dueCount; i++) {
      const slot = this.#dueSlots[i]!;
      this.#partitions.leaveBefore(slot, this.#time - preceding);
      for (let at = this.#waiting.first(this.#due[i]!); at >= 0; at = this.#waiting.next(at)) {
        if (this.#times.values[at]! !== this.#time) break;
        const { columns, row } = readable(this.#waiting, at);
        this.#partitions.enter(slot, columns, row, this.#time);
      }
      if (this.#ends !== undefined) this.#keep(slot, preceding);
    }
    this.#partitions.settle();
  }
  /** A row of now may be in range until `preceding` later; the timer is moved no more often than every half of that. */
  #keep(slot: number, preceding: number): void {
    const { keptUntil } = this.#partitions;
    if (keptUntil.values[slot]! >= this.#time + preceding + 1) return;
    keptUntil.values[slot] = this.#time + Math.floor(preceding * 1.5) + 1;
    this.#ends!.set(slot, keptUntil.values[slot]!);
  }
  /** Emits the rows of the partitions at hand. False when the output filled. */
  #emitDue(out: RunOutput): boolean {
    const byRows = this.#spec.frame.unit === 'rows';
    while (this.#at < this.#dueCount) {
      const waits = this.#due[this.#at]!;
      const slot = this.#dueSlots[this.#at]!;
      const through = byRows ? this.#emitRows(waits, slot, out) : this.#emitRange(waits, slot, out);
      if (!through) return false;
      this.#partitions.lastMs.values[slot] = this.#time;
      const next = this.#waiting.first(waits);
      if (next < 0) this.#keys.remove(waits);
      else this.#timers.set(waits, this.#dueAt(this.#times.values[next]!));
      this.#at++;
    }
    this.#partitions.emit(out);
    this.#at = this.#dueCount = 0;
    return true;
  }
  #emitRows(waits: number, slot: number, out: RunOutput): boolean {
    for (let at = this.#waiting.first(waits); at >= 0; at = this.#waiting.first(waits)) {
      if (this.#times.values[at]! !== this.#time) break;
      if (this.#partitions.full || this.#partitions.rowsToEmit >= out.room) {
        this.#partitions.emit(out);
        if (out.full) return false;
      }
      const { columns, row } = readable(this.#waiting, at);
      this.#partitions.pass(slot, columns, row);
      this.#waiting.remove(at);
    }
    return true;
  }
  #emitRange(waits: number, slot: number, out: RunOutput): boolean {
    for (;;) {
      if (out.full) return false;
      const room = Math.min(out.room, rowsMax);
      const rows = this.#slots;
      let count = 0;
      for (let at = this.#waiting.first(waits); at >= 0 && count < room; at = this.#waiting.next(at)) {
        if (this.#times.values[at]! !== this.#time) break;
        rows[count++] = at;
      }
      if (count === 0) return true;
      this.#waiting.row.forEach((column, c) => {
        column.appendSlots(out.columns[c]!, rows, count);
      });
      this.#outSlots.fill(slot, 0, count);
      this.#partitions.appendResults(out, this.#outSlots, count);
      out.builder.endRows(count);
      for (let i = 0; i < count; i++) this.#waiting.remove(rows[i]!);
    }
  }
  #forget(at: number): void {
    if (this.#ends === undefined) return;
    for (;;) {
      const count = this.#ends.due(at, this.#due);
      for (let i = 0; i < count; i++) this.#partitions.table.remove(this.#due[i]!);
      if (count < rowsMax) return;
    }
  }
}
