/* Between epoch time and the local time that windows are aligned in.
 * On TIMESTAMP the two are the same; on TIMESTAMP_LTZ and processing time they differ by the zone's offset. */

import { lastInstantOf, localToInstant, zoneOffsetMs } from '#expr';
import type { ColumnBuilder } from '#data';
import type { WindowProperty } from '#job';

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

export function appendWindow(
  builders: readonly ColumnBuilder[],
  at: number,
  properties: readonly WindowProperty[],
  window: { readonly start: number; readonly end: number },
  clock: WindowClock,
  now: number,
): void {
  properties.forEach((property, i) => {
    builders[at + i]!.append({ ms: propertyMs(property, window, clock, now), ns: 0 });
  });
}

function propertyMs(
  property: WindowProperty,
  window: { readonly start: number; readonly end: number },
  clock: WindowClock,
  now: number,
): number {
  switch (property) {
    case 'start':
      return window.start;
    case 'end':
      return window.end;
    case 'rowtime':
      return window.end - 1;
    case 'rowtime-ltz':
      return clock.toEpoch(window.end) - 1;
    case 'proctime':
      return now;
  }
}
