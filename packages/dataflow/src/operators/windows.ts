/* The arithmetic of windows, in milliseconds of local time: which slice a row belongs to, which windows hold a slice.
 *
 *   HOP size 10, slide 4 ─▶ slices of gcd 2:  |0-2|2-4|4-6|…   window [4, 14) = slices ending 6, 8, 10, 12, 14
 *
 * A slice is counted once and shared by all windows that hold it (Krishnamurthy et al., "On-the-fly Sharing for Streamed
 * Aggregation", 2006). Windows align to the epoch plus the offset, as Flink's TimeWindow.getWindowStartWithOffset. */

import type { WindowShape } from '#job';

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** The start of the period of length `period` that holds `time`. */
export function periodStart(time: number, period: number, offset: number): number {
  const rest = (((time - offset) % period) + period) % period;
  return time - rest;
}

export class Windows {
  readonly shape: WindowShape;
  /** Length of a slice. */
  readonly sliceMs: number;
  /** Distance between the ends of successive windows that hold one slice. */
  readonly intervalMs: number;

  constructor(shape: WindowShape) {
    this.shape = shape;
    this.sliceMs =
      shape.kind === 'tumble'
        ? shape.sizeMs
        : shape.kind === 'hop'
          ? gcd(shape.sizeMs, shape.slideMs)
          : shape.stepMs;
    this.intervalMs =
      shape.kind === 'tumble' ? shape.sizeMs : shape.kind === 'hop' ? shape.slideMs : shape.stepMs;
  }
  sliceEnd(time: number): number {
    return periodStart(time, this.sliceMs, this.shape.offsetMs) + this.sliceMs;
  }
  /** The end of the first window that holds the slice. */
  firstEnd(sliceEnd: number): number {
    const { shape } = this;
    if (shape.kind !== 'hop') return sliceEnd;
    // The least start ≡ offset (mod slide) with start + size ≥ sliceEnd.
    const start = periodStart(sliceEnd - shape.sizeMs, shape.slideMs, shape.offsetMs);
    return start + shape.sizeMs >= sliceEnd ? start + shape.sizeMs : start + shape.slideMs + shape.sizeMs;
  }
  /** The end of the last window that holds the slice. */
  lastEnd(sliceEnd: number): number {
    const { shape } = this;
    const start = sliceEnd - this.sliceMs;
    switch (shape.kind) {
      case 'tumble':
        return sliceEnd;
      case 'hop':
        return periodStart(start, shape.slideMs, shape.offsetMs) + shape.sizeMs;
      case 'cumulate':
        return periodStart(start, shape.sizeMs, shape.offsetMs) + shape.sizeMs;
    }
  }
  /** The start of the window that ends at `end`. */
  start(end: number): number {
    const { shape } = this;
    return shape.kind === 'cumulate'
      ? periodStart(end - 1, shape.sizeMs, shape.offsetMs)
      : end - shape.sizeMs;
  }
  /** Ends of all windows that hold `time`, first to last. */
  ends(time: number): number[] {
    const slice = this.sliceEnd(time);
    const ends: number[] = [];
    for (let end = this.firstEnd(slice), last = this.lastEnd(slice); end <= last; end += this.intervalMs)
      ends.push(end);
    return ends;
  }
}
