/* GROUP BY TUMBLE(…) and HOP(…) whose results go out before their windows close, and after: `table.exec.emit.*`.
 *
 *   row ─▶ each of its windows, the last one first ─▶ kernels ─▶ goes out at once, or every `delay` by the clock
 *   watermark ≥ end − 1 ms ─▶ goes out ─▶ late rows: at once, or every `delay` ─ ≥ end − 1 ms + lateness ─▶ forgotten
 *
 * Keeps: per key and window its accumulators, and what of it went out last. Promises: what goes out corrects what went out
 * before, and says nothing where nothing changed. Flink: AggregateWindowOperator with EventTimeTriggers. */

import { columnBuilder, isAdd, nullColumns, types, type Batch, type Column, type LogicalType } from '#data';
import type { EmitWindowAggregateSpec } from '#job';
import type { F64Cells, KeyedTable, Timers, U8Cells } from '#state';
import type { OperatorContext, Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { AggregateSet } from '../kernels/aggregate-set.ts';
import { op } from '../kernels/kernel.ts';
import { registerRunOperator, type RunSetup } from './table.ts';
import { timeAt, windowClock, WindowColumns, type WindowClock } from './window-time.ts';
import { Windows } from './windows.ts';

class EmitWindowAggregateOperator implements RunOperator {
  readonly readsWatermarks = true;
  readonly #spec: EmitWindowAggregateSpec;
  readonly #context: OperatorContext;
  readonly #windows: Windows;
  readonly #clock: WindowClock;
  readonly #columns: WindowColumns;
  /** By key and end of the window; the row is what went out last. */
  readonly #table: KeyedTable;
  readonly #rows: F64Cells;
  readonly #sent: U8Cells;
  readonly #closed: U8Cells;
  readonly #aggregates: AggregateSet;
  readonly #resultTypes: readonly LogicalType[];
  /** When windows close, are forgotten, and go out by the clock. */
  readonly #ends: Timers;
  readonly #forgotten: Timers;
  readonly #periods: Timers;
  readonly #slot = new Int32Array(1);
  readonly #op = new Uint8Array(1);
  /** The window of an unfinished row that comes next, and whether one before it took the row. */
  #window = 0;
  #taken = false;
  #end = new Float64Array(64);

  constructor(spec: EmitWindowAggregateSpec, setup: RunSetup) {
    const input = setup.inputTypes[0]!;
    this.#spec = spec;
    this.#context = setup.context;
    this.#windows = new Windows(spec.shape);
    this.#clock = windowClock(spec.zone);
    this.#columns = new WindowColumns(spec.properties, this.#clock);
    this.#resultTypes = spec.calls.map((c) => c.type);
    this.#table = setup.store.keyed({
      name: 'windows',
      key: [...spec.keys.map((k) => input[k]!), types.timestamp(3)],
      row: this.#resultTypes,
      cells: { rows: 'f64', sent: 'u8', closed: 'u8' },
    });
    this.#rows = this.#table.f64('rows');
    this.#sent = this.#table.u8('sent');
    this.#closed = this.#table.u8('closed');
    this.#aggregates = new AggregateSet(setup.store, this.#table, spec.calls, spec.retract);
    const domain = this.#isProctime ? 'processing' : 'event';
    this.#ends = setup.store.timers(this.#table, { name: 'ends', domain });
    this.#forgotten = setup.store.timers(this.#table, { name: 'forgotten', domain });
    this.#periods = setup.store.timers(this.#table, { name: 'periods', domain: 'processing' });
    setup.context.metrics.gauge('stateKeys', () => this.#table.size);
  }
  get #isProctime(): boolean {
    return this.#spec.time === undefined;
  }
  #timeOf({ batch, now }: Run, row: number): number {
    const { time } = this.#spec;
    return this.#clock.toLocal(time === undefined ? now : timeAt(batch.columns[time]!, row));
  }
  /** Ends of the windows that hold a time; of a HOP the last comes first. */
  #endsOf(time: number): readonly number[] {
    const ends = this.#windows.ends(time);
    return this.#spec.shape.kind === 'hop' ? ends.reverse() : ends;
  }
  /** When a window is next due for a row behind this watermark; Infinity: the row is late for it. */
  #nextDue(end: number, watermark: number): number {
    const closes = this.#clock.firesAt(end);
    if (watermark < closes) return closes;
    return watermark < closes + this.#spec.latenessMs ? closes + this.#spec.latenessMs : Infinity;
  }

  arms(run: Run, times: Float64Array): void {
    if (this.#isProctime) return;
    for (let row = run.from; row < run.to; row++) {
      const watermark = run.watermarks[row]!;
      let next = Infinity;
      for (const end of this.#endsOf(this.#timeOf(run, row)))
        next = Math.min(next, this.#nextDue(end, watermark));
      times[row - run.from] = next;
    }
  }
  rows(run: Run, out: RunOutput): number {
    if (this.#end.length < run.batch.rows) this.#end = new Float64Array(run.batch.rows);
    for (let row = run.from; row < run.to; row++) {
      const ends = this.#endsOf(this.#timeOf(run, row));
      const watermark = this.#isProctime ? -Infinity : run.watermarks[row]!;
      for (; this.#window < ends.length; this.#window++) {
        if (out.full) return row;
        const end = ends[this.#window]!;
        if (this.#nextDue(end, watermark) === Infinity) continue;
        this.#taken = true;
        this.#take(run, row, end, watermark, out);
      }
      if (!this.#taken) {
        this.#context.metrics.count('numLateRecordsDropped', 1);
        this.#context.lateRows?.(run.batch, row);
      }
      this.#window = 0;
      this.#taken = false;
      out.through();
    }
    return run.to;
  }
  #take({ batch, now }: Run, row: number, end: number, watermark: number, out: RunOutput): void {
    this.#end[row] = end;
    const time: Column = { layout: 'time', valid: undefined, millis: this.#end, nanos: undefined };
    const slot = this.#table.upsertRow([...this.#spec.keys.map((k) => batch.columns[k]!), time], row);
    this.#table.writeOne(slot);
    if (this.#table.created) {
      this.#table.setRow(slot, nullColumns(this.#resultTypes), 0);
      const closes = this.#clock.firesAt(end);
      if (watermark < closes) this.#ends.set(slot, closes);
      else {
        // It was over before its first row came, which goes out by itself.
        this.#closed.values[slot] = 1;
        this.#forgotten.set(slot, closes + this.#spec.latenessMs);
        this.#add(batch, row, slot);
        this.#send(slot, now, out);
        return;
      }
    }
    this.#add(batch, row, slot);
    const delay = this.#closed.values[slot] === 1 ? this.#spec.lateMs : this.#spec.earlyMs;
    if (delay === 0) this.#send(slot, now, out);
    else if (delay !== undefined && Number.isNaN(this.#periods.timeOf(slot)))
      this.#periods.set(slot, now + delay);
  }
  #add(batch: Batch, row: number, slot: number): void {
    const before = this.#rows.values[slot]!;
    const adds = batch.kinds === undefined || isAdd(batch.kinds[row]!);
    // Nobody knows the rows of a window that has none.
    if (!adds && before === 0) return;
    this.#op[0] = adds ? (before === 0 ? op.opens : 0) : before === 1 ? op.retract | op.closes : op.retract;
    this.#rows.values[slot] = before + (adds ? 1 : -1);
    this.#slot[0] = slot;
    this.#aggregates.add(this.#slot, this.#op, batch.columns, row, 1, undefined);
  }

  nextTimer(domain: Domain): number {
    const own = Math.min(this.#ends.next, this.#forgotten.next);
    if (domain === 'event') return this.#isProctime ? Infinity : own;
    return Math.min(this.#periods.next, this.#isProctime ? own : Infinity);
  }
  fire(domain: Domain, at: number, out: RunOutput): Progress {
    if (
      domain === 'processing' &&
      !this.#drain(this.#periods, at, out, (slot) => this.#period(slot, at, out))
    )
      return 'more';
    if ((domain === 'processing') !== this.#isProctime) return 'done';
    if (!this.#drain(this.#ends, at, out, (slot) => this.#close(slot, out))) return 'more';
    return this.#drain(this.#forgotten, at, out, (slot) => {
      this.#table.remove(slot);
    })
      ? 'done'
      : 'more';
  }
  /** False when the output filled. */
  #drain(timers: Timers, at: number, out: RunOutput, each: (slot: number) => void): boolean {
    while (!out.full) {
      if (timers.due(at, this.#slot) === 0) return true;
      each(this.#slot[0]!);
    }
    return false;
  }
  #period(slot: number, at: number, out: RunOutput): void {
    const delay = this.#closed.values[slot] === 1 ? this.#spec.lateMs : this.#spec.earlyMs;
    if (delay !== undefined && delay > 0) this.#periods.set(slot, at + delay);
    this.#send(slot, out.now, out);
  }
  #close(slot: number, out: RunOutput): void {
    this.#send(slot, out.now, out);
    const { latenessMs } = this.#spec;
    if (latenessMs === 0 || this.#isProctime) {
      this.#table.remove(slot);
      return;
    }
    this.#table.writeOne(slot);
    this.#closed.values[slot] = 1;
    this.#periods.clear(slot);
    this.#forgotten.set(slot, this.#clock.firesAt(this.#endOf(slot)) + latenessMs);
  }
  #endOf(slot: number): number {
    return (this.#table.keys.at(-1)!.get(slot) as { readonly ms: number }).ms;
  }

  /** The result as it is now in place of the one that went out last. */
  #send(slot: number, now: number, out: RunOutput): void {
    const sent = this.#sent.values[slot] === 1;
    if (this.#rows.values[slot] === 0) {
      if (sent) this.#emit(slot, 3, now, out, undefined);
      this.#table.writeOne(slot);
      this.#sent.values[slot] = 0;
      return;
    }
    const builders = this.#resultTypes.map((type) => columnBuilder(type));
    this.#aggregates.appendResults(builders, 0, Int32Array.of(slot), 1);
    const result = builders.map((b) => b.build());
    if (sent && this.#table.row.every((c, i) => c.equals(slot, result[i]!, 0))) return;
    if (sent && this.#spec.updateBefore) this.#emit(slot, 1, now, out, undefined);
    this.#emit(slot, sent ? 2 : 0, now, out, result);
    this.#table.writeOne(slot);
    this.#table.setRow(slot, result, 0);
    this.#sent.values[slot] = 1;
  }
  /** `result`: instead of what went out last. */
  #emit(
    slot: number,
    kind: number,
    now: number,
    out: RunOutput,
    result: readonly Column[] | undefined,
  ): void {
    const { columns } = out;
    const keys = this.#spec.keys.length;
    for (let k = 0; k < keys; k++) this.#table.keys[k]!.appendTo(columns[k]!, slot);
    this.#table.row.forEach((column, i) => {
      if (result === undefined) column.appendTo(columns[keys + i]!, slot);
      else columns[keys + i]!.appendFrom(result[i]!, 0);
    });
    const end = this.#endOf(slot);
    const window = { start: this.#windows.start(end), end };
    this.#columns.append(columns, keys + this.#resultTypes.length, window, now, 1);
    out.endRow(kind);
  }
}

registerRunOperator('emit-window-aggregate', (spec, setup) => new EmitWindowAggregateOperator(spec, setup));
