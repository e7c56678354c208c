/* What finds many records of a file at once, in the thread's memory. It finds what the format's framing finds. */

import type { RecordPositions } from './scanner.ts';

/** A stretch of the memory. */
export interface FramedBytes {
  readonly start: number;
  readonly end: number;
  /** No more bytes will come behind `end`. */
  readonly final: boolean;
}

export interface BlockFraming {
  /** Writes where the records that start in `bytes` lie, `recordsMax` at most, into the positions from index `at` on, and
   *  behind them where the next one starts. Returns how many: none that may go on behind the end. */
  find(positions: RecordPositions, at: number, bytes: FramedBytes, recordsMax: number): number;
  /** Line feeds in [start, end). */
  lines(start: number, end: number): number;
}
