/* The contract of operators on runs: rows of one batch and one input that the frame cut where a timer is due, taken
 * together and by columns.
 *
 *   batch, marks ─▶ frame: cut at the first mark that reaches a timer ─▶ rows(run) ─▶ … ─▶ fire ─▶ rows(run)
 *
 * An operator keeps what must survive in the store that it declared it in (#state). Its output is a function of the order
 * of rows and marks alone: a run may be cut anywhere, and each row must say what it would say alone (I2). */

import type { Batch } from '#data';
import type { Progress } from './operator.ts';
import type { RunOutput } from '../frame/run-output.ts';

/** Rows `from` to before `to` of a batch. */
export interface Run {
  readonly input: number;
  readonly batch: Batch;
  readonly from: number;
  readonly to: number;
  /** Processing time, ms. */
  readonly now: number;
  /** By row of the batch: the watermark in front of the row. Filled for operators that read it. */
  readonly watermarks: Float64Array;
}

export type Domain = 'event' | 'processing';

export interface RunOperator {
  /** Fills `times[i]` with the earliest event-time timer that row `run.from + i` may set; Infinity where it sets none, as
   *  a late row. The run ends at the first mark that reaches one of them, so timers fire at their row. */
  arms?(run: Run, times: Float64Array): void;
  readonly readsWatermarks?: boolean;
  /** By how much marks go out lower than they came, ms: what goes out may be as old as that. */
  readonly marksLagMs?: number;
  /** Takes rows and returns the first row that is not finished: `run.to`, or a row in front of it when `out` is full.
   *  What of an unfinished row is out already, it remembers; it is asked again from that row. */
  rows(run: Run, out: RunOutput): number;
  /** The least time at which something is due, ms, or Infinity. */
  nextTimer?(domain: Domain): number;
  /** Emits what is due at `at`. 'more' when `out` is full, or when it may be left alone for a while: it is called again with
   *  the same time. */
  fire?(domain: Domain, at: number, out: RunOutput): Progress;
  /** No row will follow on this input; its last mark came before. 'more' when `out` is full. Called again after a restore. */
  end?(input: number, out: RunOutput): Progress;
  /** What it keeps must be out in front of barriers, and of marks that an input is idle: it is fired at Infinity then. */
  readonly holdsBack?: boolean;
  /** The input that it would rather read next, when there is a choice. */
  readonly prefers?: number;
  /** State came back, and the operator's watermark with it: what was derived from them is derived anew. */
  restored?(watermark: number): void;
  close?(): void;
}
