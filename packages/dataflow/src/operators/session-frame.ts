/* What operators over SESSION windows have in common: the time of each row, whether it is late, which sessions are due.
 *
 *   row ─▶ its session (sessions.ts) ─▶ what is kept of it ── watermark, or the clock, ≥ end − 1 ms ──▶ it goes out
 *
 * Promises: a session is emitted at most once (I4), in order of its end; a row that touches no open session is late when
 * a session of its own would have ended. */

import type { Batch, LogicalType } from '#data';
import type { SessionSpec } from '#job';
import type { StateStore } from '#state';
import type { OperatorContext, Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { Sessions } from './sessions.ts';
import { timeAt, windowClock, WindowColumns, type WindowClock } from './window-time.ts';

/** Made into an operator by what it keeps of a session. */
export abstract class SessionFrame implements RunOperator {
  readonly readsWatermarks = true;
  protected readonly spec: SessionSpec;
  protected readonly sessions: Sessions;
  protected readonly windowColumns: WindowColumns;
  readonly #clock: WindowClock;
  readonly #context: OperatorContext;
  /** Sessions that go out, and how far they are. */
  #due: Int32Array = new Int32Array(0);
  #sent = 0;
  #now = -Infinity;

  constructor(spec: SessionSpec, types: readonly LogicalType[], store: StateStore, context: OperatorContext) {
    this.spec = spec;
    this.#context = context;
    this.#clock = windowClock(spec.zone);
    this.windowColumns = new WindowColumns(spec.properties, this.#clock);
    this.sessions = new Sessions(
      store,
      spec.keys.map((k) => types[k]!),
      spec.gapMs,
      this.#clock,
      spec.time === undefined ? 'processing' : 'event',
    );
    context.metrics.gauge('stateKeys', () => this.sessions.keys.size);
  }
  get #proctime(): boolean {
    return this.spec.time === undefined;
  }

  arms({ batch, from, to }: Run, times: Float64Array): void {
    if (this.#proctime) times.fill(Infinity, 0, to - from);
    else
      for (let row = from; row < to; row++)
        times[row - from] = this.sessions.firesAt(this.#startOf(batch, row, 0));
  }
  #startOf(batch: Batch, row: number, now: number): number {
    const { time } = this.spec;
    return this.#clock.toLocal(time === undefined ? now : timeAt(batch.columns[time]!, row));
  }

  rows({ batch, from, to, now, watermarks }: Run): number {
    this.#now = now;
    const { sessions } = this;
    const keys = this.spec.keys.map((k) => batch.columns[k]!);
    const count = sessions.beginRun(keys, from, to);
    this.begin();
    let late = 0;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const start = this.#startOf(batch, row, now);
      const opens = this.#proctime || sessions.firesAt(start) > watermarks[row]!;
      const session = sessions.join(sessions.keySlots[i]!, start, opens, this.#merge);
      if (session < 0) {
        late++;
        this.#context.lateRows?.(batch, row);
      }
      this.take(batch, from, i, session);
    }
    this.finish(batch, from, count);
    sessions.endRun(count);
    if (late > 0) this.#context.metrics.count('numLateRecordsDropped', late);
    return from + count;
  }
  readonly #merge = (into: number, from: number): void => {
    this.merge(into, from);
  };

  nextTimer(domain: Domain): number {
    return (domain === 'processing') === this.#proctime ? this.sessions.nextTimer : Infinity;
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    if (this.#proctime) this.#now = at;
    for (;;) {
      while (this.#sent < this.#due.length) {
        if (out.full) return 'more';
        this.#sent += this.emit(this.#due.subarray(this.#sent), out, this.#now);
      }
      for (const session of this.#due) {
        const key = this.sessions.sessions.ownerOf(session);
        this.sessions.sessions.remove(session);
        this.sessions.dropKey(key);
      }
      this.#due = this.sessions.takeDue(at);
      this.#sent = 0;
      if (this.#due.length === 0) return 'done';
    }
  }

  /** Before the first row of a run. */
  protected abstract begin(): void;
  /** Row i of the run belongs to `session`, or is late: -1. */
  protected abstract take(batch: Batch, from: number, i: number, session: number): void;
  /** All rows of the run were taken. */
  protected abstract finish(batch: Batch, from: number, count: number): void;
  /** What is kept of one session goes to another. */
  protected abstract merge(into: number, from: number): void;
  /** Emits sessions; returns how many are out whole. */
  protected abstract emit(due: Int32Array, out: RunOutput, now: number): number;
}
