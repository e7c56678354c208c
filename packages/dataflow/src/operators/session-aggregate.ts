/* Aggregates over SESSION windows: rows of a key that lie no more than the gap apart are one session.
 *
 *   row at t ─▶ [t, t + gap) ─▶ merged with every open session of the key that it touches ── watermark ≥ end − 1 ──▶ row
 *
 * Keeps: per key its open sessions, each with accumulators. Promises: a session is emitted at most once (I4), in order of
 * its end; a row is late when the session that it would belong to has already ended. Flink: MergingWindowSet. */

import { isAdd, type Batch, type Column } from '#data';
import type { AggregateCall } from '#expr';
import { KeyedTable, type StateReader, type StateWriter } from '#state';
import { makeAccumulator } from '../aggregates/table.ts';
import type { Accumulator } from '../aggregates/accumulator.ts';
import type { OperatorContext, Output } from '../contracts/index.ts';
import { RowOperator } from './row-operator.ts';
import { registerOperator, type OperatorSetup } from './table.ts';
import { TimeQueue } from './time-queue.ts';
import { timeAt } from './window-aggregate.ts';
import { appendWindow, windowClock, type WindowClock, type WindowProperty } from './window-time.ts';

export interface SessionAggregateSpec {
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly retract: boolean;
  readonly properties: readonly WindowProperty[];
  readonly zone: string | undefined;
  readonly gapMs: number;
  /** The rowtime column; undefined: processing time. */
  readonly time: number | undefined;
}

/** Local time. `slot` is where its accumulators are. */
interface OpenSession {
  start: number;
  end: number;
  readonly slot: number;
  rows: number;
  /** Order of opening: sessions that end together go out in it. */
  readonly order: number;
  /** Slot of its key. */
  readonly key: number;
  /** Merged into another. */
  gone: boolean;
}

/** An open session and its place in the queue. */
const sessionBytes = 160;

class SessionAggregateOperator extends RowOperator {
  readonly #spec: SessionAggregateSpec;
  readonly #clock: WindowClock;
  readonly #context: OperatorContext;
  readonly #table: KeyedTable;
  readonly #accumulators: readonly Accumulator[];
  readonly #sessions: (OpenSession[] | undefined)[] = [];
  readonly #batchKeys: Column[] = [];
  readonly #free: number[] = [];
  #slots = 0;
  #opened = 0;
  /** Every session once, at its end when it was put there: one that has grown since is put back when it comes up. */
  readonly #queue = new TimeQueue<OpenSession>();
  /** Sessions that end at one time, last first. */
  #due: OpenSession[] = [];
  #now = -Infinity;

  constructor(spec: SessionAggregateSpec, setup: OperatorSetup) {
    super(setup.outputTypes);
    this.#spec = spec;
    this.#clock = windowClock(spec.zone);
    this.#context = setup.context;
    this.#table = new KeyedTable(spec.keys.map((k) => setup.inputTypes[0]![k]!));
    this.#accumulators = spec.calls.map((call) => makeAccumulator({ call, retract: spec.retract }));
    setup.context.metrics.gauge('stateKeys', () => this.#table.size);
  }
  get #proctime(): boolean {
    return this.#spec.time === undefined;
  }

  protected onRow(batch: Batch, row: number, now: number): void {
    this.#now = now;
    const { keys, gapMs, time } = this.#spec;
    for (let k = 0; k < keys.length; k++) this.#batchKeys[k] = batch.columns[keys[k]!]!;
    const start = this.#clock.toLocal(time === undefined ? now : timeAt(batch.columns[time]!, row));
    const key = this.#table.slotOf(this.#batchKeys, row);
    if (this.#table.created) this.#sessions[key] = [];
    const session = this.#sessionOf(key, start, start + gapMs);
    if (session === undefined) {
      if (this.#sessions[key]!.length === 0) this.#table.remove(key);
      this.#context.metrics.count('numLateRecordsDropped', 1);
      this.#context.lateRows?.(batch, row);
      return;
    }
    const add = batch.kinds === undefined || isAdd(batch.kinds[row]!);
    for (const a of this.#accumulators) {
      if (add) a.add(session.slot, batch.columns, row);
      else a.retract(session.slot, batch.columns, row);
    }
    session.rows += add ? 1 : -1;
  }

  /** The session that [start, end) belongs to, others that it joins merged in; undefined when it ended already. */
  #sessionOf(key: number, start: number, end: number): OpenSession | undefined {
    const open = this.#sessions[key]!;
    const touched = open.filter((s) => s.start <= end && s.end >= start);
    const [first, ...rest] = touched;
    if (first === undefined) {
      if (this.#ended(end)) return undefined;
      const session = { start, end, slot: this.#newSlot(), rows: 0, order: this.#opened++, key, gone: false };
      open.push(session);
      this.#expect(session);
      return session;
    }
    first.start = Math.min(first.start, start, ...rest.map((s) => s.start));
    first.end = Math.max(first.end, end, ...rest.map((s) => s.end));
    for (const other of rest) {
      for (const a of this.#accumulators) a.merge(first.slot, a, other.slot);
      first.rows += other.rows;
      other.gone = true;
      this.#release(other.slot);
    }
    if (rest.length > 0) this.#sessions[key] = open.filter((s) => !rest.includes(s));
    return first;
  }
  #ended(end: number): boolean {
    return !this.#proctime && this.#clock.toEpoch(end) - 1 <= this.watermark;
  }
  #expect(session: OpenSession): void {
    this.#queue.put(session.end, session);
    this.#arm();
  }
  #arm(): void {
    if (!this.#proctime) return;
    const { next } = this.#queue;
    this.nextTimer = next === Infinity ? Infinity : this.#clock.toEpoch(next) - 1;
  }
  #newSlot(): number {
    const slot = this.#free.pop() ?? this.#slots++;
    for (const a of this.#accumulators) {
      a.ensure(slot + 1);
      a.reset(slot);
    }
    return slot;
  }
  #release(slot: number): void {
    for (const a of this.#accumulators) a.reset(slot);
    this.#free.push(slot);
  }

  protected override onWatermark(watermark: number, out: Output): boolean {
    return this.#proctime ? this.#fireUntil(this.#now, out) : this.#fireUntil(watermark, out);
  }
  protected override onTimer(now: number, out: Output): boolean {
    this.#now = now;
    return this.#fireUntil(now, out);
  }
  #fireUntil(time: number, out: Output): boolean {
    for (;;) {
      while (this.#due.length > 0) {
        if (this.builder.full && !this.flush(out)) return false;
        const session = this.#due.pop()!;
        if (session.rows !== 0) this.#emit(session.key, session);
        this.#release(session.slot);
        if (this.#sessions[session.key]!.length === 0) this.#table.remove(session.key);
      }
      const { next } = this.#queue;
      if (next === Infinity || this.#clock.toEpoch(next) - 1 > time) return true;
      this.#collect();
    }
  }
  /** Takes the sessions that end next out of their keys. */
  #collect(): void {
    const at = this.#queue.next;
    for (const session of this.#queue.takeNext()) {
      if (session.gone) continue;
      if (session.end > at) this.#queue.put(session.end, session);
      else {
        this.#due.push(session);
        this.#sessions[session.key] = this.#sessions[session.key]!.filter((s) => s !== session);
      }
    }
    this.#due.sort((a, b) => b.order - a.order);
    this.#arm();
  }
  #emit(key: number, session: OpenSession): void {
    const { columns } = this.builder;
    this.#table.appendKey(columns, key);
    const at = this.#spec.keys.length;
    this.#accumulators.forEach((a, i) => {
      columns[at + i]!.append(a.value(session.slot));
    });
    appendWindow(
      columns,
      at + this.#accumulators.length,
      this.#spec.properties,
      session,
      this.#clock,
      this.#now,
    );
    this.builder.endRow();
  }

  override get stateBytes(): number {
    let bytes = this.#table.bytes + this.#slots * sessionBytes;
    for (const a of this.#accumulators) bytes += a.bytes;
    return bytes;
  }
  protected save(to: StateWriter): void {
    this.#table.snapshot(to);
    to.i32(this.#slots);
    to.i32(this.#opened);
    to.i32s(Int32Array.from(this.#free), this.#free.length);
    for (let key = 0; key < this.#table.extent; key++) {
      const open = this.#table.isLive(key) ? this.#sessions[key]! : [];
      to.i32(open.length);
      for (const s of open) for (const n of [s.start, s.end, s.slot, s.rows, s.order]) to.f64(n);
    }
    for (const a of this.#accumulators) {
      a.ensure(this.#slots);
      a.snapshot(to, this.#slots);
    }
  }
  protected load(from: StateReader): void {
    this.#table.restore(from);
    this.#slots = from.i32();
    this.#opened = from.i32();
    this.#free.push(...from.i32s());
    for (let key = 0; key < this.#table.extent; key++) {
      this.#sessions[key] = Array.from({ length: from.i32() }, () => ({
        start: from.f64(),
        end: from.f64(),
        slot: from.f64(),
        rows: from.f64(),
        order: from.f64(),
        key,
        gone: false,
      }));
      for (const s of this.#sessions[key]!) this.#expect(s);
    }
    for (const a of this.#accumulators) a.restore(from);
  }
}

registerOperator<SessionAggregateSpec>(
  'session-aggregate',
  (spec, setup) => new SessionAggregateOperator(spec, setup),
);
