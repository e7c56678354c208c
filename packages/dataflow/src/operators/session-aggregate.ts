/* Aggregates over SESSION windows: one row per session of a key.
 *
 *   rows ─▶ session ─▶ kernels, up to the row at which sessions merge ─▶ merge ─▶ … ── the session ended ──▶ one row
 *
 * Keeps: accumulators per open session. Promises: a session whose rows were all taken back gives nothing. */

import { isAdd, type Batch } from '#data';
import type { SessionAggregateSpec } from '#job';
import type { F64Cells } from '#state';
import type { RunOutput } from '../frame/run-output.ts';
import { AggregateSet } from '../kernels/aggregate-set.ts';
import { op } from '../kernels/kernel.ts';
import { SessionFrame } from './session-frame.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

const rowsMax = 4096;

class SessionAggregateOperator extends SessionFrame {
  readonly #spec: SessionAggregateSpec;
  readonly #aggregates: AggregateSet;
  /** Rows behind each session, and whether it had any. */
  readonly #rows: F64Cells;
  readonly #slots = new Int32Array(rowsMax);
  readonly #ops = new Uint8Array(rowsMax);
  /** Rows taken whose kernels have not run: from `#from` on. */
  #batch: Batch | undefined;
  #from = 0;
  #first = 0;
  #taken = 0;

  constructor(spec: SessionAggregateSpec, setup: RunSetup) {
    super(spec, setup.inputTypes[0]!, setup.store, setup.context);
    this.#spec = spec;
    const { sessions } = this.sessions;
    sessions.addCells({ rows: 'f64', had: 'f64' });
    this.#rows = sessions.f64('rows');
    this.#had = sessions.f64('had');
    this.#aggregates = new AggregateSet(setup.store, sessions, spec.calls, spec.retract);
  }
  readonly #had: F64Cells;

  protected begin(): void {
    this.#first = 0;
    this.#taken = 0;
  }
  protected take(batch: Batch, from: number, i: number, session: number): void {
    this.#batch = batch;
    this.#from = from;
    this.#taken = i + 1;
    if (session < 0) {
      // Kernels need a slot to pass over.
      this.#slots[i] = 0;
      this.#ops[i] = op.skip;
      return;
    }
    const add = batch.kinds === undefined || isAdd(batch.kinds[from + i]!);
    const fresh = this.#had.values[session] === 0;
    this.#slots[i] = session;
    this.#ops[i] = (fresh ? op.opens : 0) | (add ? 0 : op.retract);
    if (fresh) this.#had.values[session] = 1;
    this.#rows.values[session]! += add ? 1 : -1;
  }
  protected finish(): void {
    this.#run();
    this.#batch = undefined;
  }
  #run(): void {
    const count = this.#taken - this.#first;
    if (count === 0 || this.#batch === undefined) return;
    const slots = this.#first === 0 ? this.#slots : this.#slots.subarray(this.#first);
    const ops = this.#first === 0 ? this.#ops : this.#ops.subarray(this.#first);
    this.#aggregates.add(slots, ops, this.#batch.columns, this.#from + this.#first, count, undefined);
    this.#first = this.#taken;
  }
  protected merge(into: number, from: number): void {
    // The rows so far count in the sessions that they found.
    this.#run();
    this.#aggregates.merge(Int32Array.of(into), Int32Array.of(from), 1, this.#aggregates);
    this.#rows.values[into]! += this.#rows.values[from]!;
  }
  protected emit(due: Int32Array, out: RunOutput, now: number): number {
    const room = Math.min(out.room, due.length);
    let count = 0;
    for (let i = 0; i < room; i++) if (this.#rows.values[due[i]!] !== 0) this.#slots[count++] = due[i]!;
    if (count === 0) return room;
    const { sessions, keys, starts, ends } = this.sessions;
    const owners = Int32Array.from({ length: count }, (_, i) => sessions.ownerOf(this.#slots[i]!));
    const width = this.#spec.keys.length;
    keys.appendKeys(out.columns, owners, count);
    this.#aggregates.appendResults(out.columns, width, this.#slots, count);
    const at = width + this.#spec.calls.length;
    this.windowColumns.appendEach(out.columns, at, starts, ends, this.#slots, now, count);
    out.builder.endRows(count);
    return room;
  }
}

registerRunOperator('session-aggregate', (spec, setup) => new SessionAggregateOperator(spec, setup));
