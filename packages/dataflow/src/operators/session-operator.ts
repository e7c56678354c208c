/* The frame of operators over SESSION windows: finds the session of each row, and gives out what ended.
 *
 *   row ─▶ its session (open-sessions.ts) ─▶ contents ── watermark, or the clock, ≥ end − 1 ms ──▶ contents' rows, window
 *
 * Keeps: the open sessions and their contents. Promises: a session is emitted at most once (I4), in order of its end; a
 * row that touches no open session is late when a session of its own would have ended. */

import type { SessionSpec } from '#job';
import type { Batch, Column, ColumnBuilder } from '#data';
import type { OldKeyedTable, StateReader, StateWriter } from '#state';
import type { OperatorContext, Output } from '../contracts/index.ts';
import { OpenSessions, type Session, type SessionHolder } from './open-sessions.ts';
import { RowOperator } from './row-operator.ts';
import type { OperatorSetup } from './table.ts';
import { timeAt } from './window-aggregate.ts';
import { appendWindow, windowClock, type WindowClock } from './window-time.ts';

/** What is made of a session's rows. */
export interface SessionContents<T> extends SessionHolder<T> {
  add(held: T, batch: Batch, row: number): void;
  /** Columns in front of the window's properties. */
  readonly width: number;
  /** How many rows go out for the session. */
  rows(held: T): number;
  /** Appends the first `width` cells of one of them; returns its kind. */
  append(to: readonly ColumnBuilder[], keys: OldKeyedTable, session: Session<T>, index: number): number;
  /** The session went out. */
  close(held: T): void;
  /** Memory that it all holds. */
  readonly bytes: number;
  save(to: StateWriter): void;
  load(from: StateReader): void;
}

export class SessionOperator<T> extends RowOperator {
  readonly #spec: SessionSpec;
  readonly #contents: SessionContents<T>;
  readonly #clock: WindowClock;
  readonly #context: OperatorContext;
  readonly #sessions: OpenSessions<T>;
  readonly #batchKeys: Column[] = [];
  /** Sessions that go out, last first, and how many rows of the one under way are out. */
  #due: Session<T>[] = [];
  #sent = 0;
  #now = -Infinity;
  readonly #ended = (end: number): boolean => !this.#proctime && this.#clock.firesAt(end) <= this.watermark;

  constructor(spec: SessionSpec, setup: OperatorSetup, contents: SessionContents<T>) {
    super(setup.outputTypes);
    this.#spec = spec;
    this.#contents = contents;
    this.#clock = windowClock(spec.zone);
    this.#context = setup.context;
    this.#sessions = new OpenSessions(
      spec.keys.map((k) => setup.inputTypes[0]![k]!),
      contents,
    );
    setup.context.metrics.gauge('stateKeys', () => this.#sessions.keys.size);
  }
  get #proctime(): boolean {
    return this.#spec.time === undefined;
  }

  protected onRow(batch: Batch, row: number, now: number): void {
    this.#now = now;
    const { keys, gapMs, time } = this.#spec;
    for (let k = 0; k < keys.length; k++) this.#batchKeys[k] = batch.columns[keys[k]!]!;
    const start = this.#clock.toLocal(time === undefined ? now : timeAt(batch.columns[time]!, row));
    const session = this.#sessions.join(this.#batchKeys, row, start, start + gapMs, this.#ended);
    if (session === undefined) {
      this.#context.metrics.count('numLateRecordsDropped', 1);
      this.#context.lateRows?.(batch, row);
      return;
    }
    this.#contents.add(session.held, batch, row);
    this.#arm();
  }
  #arm(): void {
    if (!this.#proctime) return;
    const { nextEnd } = this.#sessions;
    this.nextTimer = nextEnd === Infinity ? Infinity : this.#clock.firesAt(nextEnd);
  }

  protected override onWatermark(watermark: number, out: Output): boolean {
    return this.#fireUntil(this.#proctime ? this.#now : watermark, out);
  }
  protected override onTimer(now: number, out: Output): boolean {
    this.#now = now;
    return this.#fireUntil(now, out);
  }
  #fireUntil(time: number, out: Output): boolean {
    for (;;) {
      for (let session = this.#due.at(-1); session !== undefined; session = this.#due.at(-1)) {
        if (!this.#emit(session, out)) return false;
        this.#due.pop();
        this.#contents.close(session.held);
        this.#sessions.close(session);
      }
      const { nextEnd } = this.#sessions;
      if (nextEnd === Infinity || this.#clock.firesAt(nextEnd) > time) return true;
      this.#due = this.#sessions.takeNext().reverse();
      this.#arm();
    }
  }
  #emit(session: Session<T>, out: Output): boolean {
    const { width } = this.#contents;
    const { columns } = this.builder;
    const rows = this.#contents.rows(session.held);
    for (; this.#sent < rows; this.#sent++) {
      if (this.builder.full && !this.flush(out)) return false;
      const kind = this.#contents.append(columns, this.#sessions.keys, session, this.#sent);
      appendWindow(columns, width, this.#spec.properties, session, this.#clock, this.#now);
      this.builder.endRow(kind);
    }
    this.#sent = 0;
    return true;
  }

  override get stateBytes(): number {
    return this.#sessions.bytes + this.#contents.bytes;
  }
  protected save(to: StateWriter): void {
    this.#sessions.snapshot(to);
    this.#contents.save(to);
  }
  protected load(from: StateReader): void {
    this.#sessions.restore(from);
    this.#contents.load(from);
    this.#arm();
  }
}
