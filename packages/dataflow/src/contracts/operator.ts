/* The operator contract: one node of a running dataflow.
 *
 *   push(batch) ──▶ rows taken, at most one batch emitted ──▶ [out.full] ──▶ short: resume until 'done', push on
 *
 * Calls arrive one at a time, in edge order: no locks. An operator reads no clock, randomness or I/O: all it knows
 * arrives as arguments, which makes replay exact. Its output is a function of the order of rows and marks alone, never
 * of batch borders (I2). */

import type { UserError } from '#base';
import type { Batch } from '#data';
import type { BadRowStage } from '#job';
import type { PersistentStore, StateReader, StateWriter } from '#state';
import type { UnreadRow } from './bad-rows.ts';
import type { Trouble } from './trouble.ts';

/** Where an operator's output goes. `emit` may be called only while `full` is false; afterwards `full` may be true,
 *  and then the operator must return as soon as it can stop cleanly: push short, resume with 'more'. */
export interface Output {
  readonly full: boolean;
  emit(batch: Batch): void;
  /** Processing time of this call, ms since the epoch: constant within one call. */
  readonly now: number;
}

/** 'done': nothing is left to emit for what was taken so far. 'more': call `resume` again. */
export type Progress = 'done' | 'more';

export interface Operator {
  /** Takes rows and marks of `batch` from row `from` on (marks at `from` included when `from` is 0 or were not yet
   *  taken) and returns the first row not taken; `batch.rows` when all, with the marks behind the last row. When it
   *  returns short, or `busy` is true, the caller keeps the batch, calls `resume` until 'done', and pushes again from there. */
  push(input: number, batch: Batch, from: number, out: Output): number;
  /** Goes on with output that filled `out`, or with what an asynchronous call brought. */
  resume(out: Output): Progress;
  /** True while `resume` has something to emit. */
  readonly busy: boolean;
  /** No row will follow on this input. Its final watermark arrived before, as a mark. */
  end(input: number, out: Output): void;
  /** The next processing-time timer in ms, or Infinity. */
  readonly nextTimer: number;
  /** Fires timers that are due at `out.now`. 'more' when the output filled. */
  fire(out: Output): Progress;
  /** Memory that its state holds, in bytes: what `millrace.memory.budget` bounds. */
  readonly stateBytes: number;
  /** Emits what must be out in front of a barrier. 'more' when there was any: it is called again. */
  beforeBarrier?(out: Output): Progress;
  /** Never called while `busy`. What is written must suffice to go on from here. */
  snapshot(to: StateWriter): void;
  /** Before the first push, or never. */
  restore(from: StateReader): void;
  /** Where its state lies, for another parallelism: rows are imported into it, then `restored` is called. Undefined: it
   *  keeps none. */
  readonly store?: PersistentStore;
  restored?(): void;
  /** Rows in flight of an asynchronous operator: the scheduler waits on `wake`. */
  readonly pending: number;
  /** Of one that asks a connector: what keeps it from an answer. */
  readonly trouble?: Trouble | undefined;
  /** The input that it would rather read next, when there is a choice. */
  readonly prefers?: number | undefined;
  close?(): void;
}

/** What the scheduler gives an operator once, before the first call. */
export interface OperatorContext {
  /** Asks for a `resume` soon: called from asynchronous completions. */
  wake(): void;
  /** Named counters and gauges, by operator. */
  readonly metrics: OperatorMetrics;
  /** Set when the job ends early. */
  readonly signal: AbortSignal;
  /** Rows dropped as late, for the `late` directive and dead letters; absent when nobody asks. `input`: the first one unless
   *  it says so. */
  readonly lateRows: ((batch: Batch, row: number, input?: number) => void) | undefined;
  /** Takes rows whose expressions fail, or that are refused for another reason; absent: the first one fails the job. */
  readonly badRow?: ((batch: Batch, row: number, error: UserError, stage?: BadRowStage) => void) | undefined;
  /** Takes rows of a table that is asked which cannot be read; absent: the first one fails the job. */
  readonly unread?: ((row: UnreadRow) => void) | undefined;
}

export interface OperatorMetrics {
  /** Adds to a counter, e.g. 'numLateRecordsDropped'. */
  count(name: string, by: number): void;
  gauge(name: string, read: () => number): void;
}
