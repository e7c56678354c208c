/* Between epoch time and the local time that windows are aligned in, and what a query may ask about a window.
 * On TIMESTAMP the two times are the same; on TIMESTAMP_LTZ and processing time they differ by the zone's offset. */

import { lastInstantOf, localToInstant, zoneOffsetMs } from '#expr';
import type { Column, ColumnBuilder } from '#data';
import type { WindowProperty } from '#job';
import { nullRowtime } from '../runtime/split-watermarks.ts';

export interface WindowClock {
  /** Local milliseconds of an epoch time. */
  toLocal(epochMs: number): number;
  /** Epoch milliseconds of a local time: the earlier of two. */
  toEpoch(localMs: number): number;
  /** The watermark that closes a window with this local end: 1 ms less, the second time where clocks are put back. */
  firesAt(localEnd: number): number;
}

const same: WindowClock = { toLocal: (ms) => ms, toEpoch: (ms) => ms, firesAt: (end) => end - 1 };

/** `zone` undefined or UTC: no shift. */
export function windowClock(zone: string | undefined): WindowClock {
  if (zone === undefined || zone === 'UTC') return same;
  // The next end is asked for at every mark.
  let known = NaN;
  let fires = NaN;
  return {
    toLocal: (ms) => ms + zoneOffsetMs(zone, ms),
    toEpoch: (ms) => localToInstant(zone, ms),
    firesAt(end) {
      if (end !== known) {
        known = end;
        fires = lastInstantOf(zone, end - 1);
      }
      return fires;
    },
  };
}

/** The milliseconds of a rowtime. One that is NULL, as an outer join bounded in time gives it, counts as 1970-01-01, so that its
 *  row is late, as in Flink. */
export function timeAt(column: Column, row: number): number {
  return isNullAt(column, row) ? 0 : (column as { millis: Float64Array }).millis[row]!;
}
export const isNullAt = ({ valid }: Column, row: number): boolean => valid !== undefined && valid[row] === 0;
/** The same of a rowtime that must not be NULL. */
export function knownTimeAt(column: Column, row: number): number {
  if (isNullAt(column, row)) throw nullRowtime('rowtime');
  return timeAt(column, row);
}

/** Appends a window's properties, TIMESTAMP(3) start and end in local time, to `count` rows: into `builders` from `at` on. */
export class WindowColumns {
  readonly #properties: readonly WindowProperty[];
  readonly #clock: WindowClock;
  #millis = new Float64Array(64);
  #rows = new Int32Array(64);

  constructor(properties: readonly WindowProperty[], clock: WindowClock) {
    this.#properties = properties;
    this.#clock = clock;
  }
  /** Of one window. */
  append(
    builders: readonly ColumnBuilder[],
    at: number,
    window: { readonly start: number; readonly end: number },
    now: number,
    count: number,
  ): void {
    if (this.#rows.length < count) this.#rows = new Int32Array(count);
    this.#properties.forEach((property, i) => {
      this.#millis[0] = this.#value(property, window.start, window.end, now);
      builders[at + i]!.appendRows(this.#column(), this.#rows, count);
    });
  }
  /** Of a window a row: starts and ends by `slots`. */
  appendEach(
    builders: readonly ColumnBuilder[],
    at: number,
    starts: Float64Array,
    ends: Float64Array,
    slots: Int32Array,
    now: number,
    count: number,
  ): void {
    if (this.#millis.length < count) this.#millis = new Float64Array(count);
    this.#properties.forEach((property, i) => {
      for (let n = 0; n < count; n++)
        this.#millis[n] = this.#value(property, starts[slots[n]!]!, ends[slots[n]!]!, now);
      builders[at + i]!.appendRows(this.#column(), numbersTo(count), count);
    });
  }
  #column(): Column {
    return { layout: 'time', valid: undefined, millis: this.#millis, nanos: undefined };
  }
  #value(property: WindowProperty, start: number, end: number, now: number): number {
    switch (property) {
      case 'start':
        return start;
      case 'end':
        return end;
      case 'rowtime':
        return end - 1;
      case 'rowtime-ltz':
        return this.#clock.toEpoch(end) - 1;
      case 'proctime':
        return now;
    }
  }
}

let numbers = new Int32Array(0);
/** At least 0 … count - 1. */
export function numbersTo(count: number): Int32Array {
  if (numbers.length < count) numbers = Int32Array.from({ length: Math.max(4096, count) }, (_, i) => i);
  return numbers;
}
