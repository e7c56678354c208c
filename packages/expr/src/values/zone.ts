/* Time zones: IANA names through Intl, fixed offsets such as +08:00, GMT+8 or UTC by hand. Offsets are cached. */

import { UserError } from '#base';
import { dayMs, daysFromCivil, floorDiv, hourMs, minuteMs } from './civil.ts';

interface Zone {
  /** Offset from UTC in ms at an instant; a number for a fixed zone. */
  readonly fixedMs: number | undefined;
  readonly format: Intl.DateTimeFormat | undefined;
  /** Offset by quarter of an hour since the epoch: no rule changes within one. */
  readonly offsets: Map<number, number>;
}

const zones = new Map<string, Zone>();
const cachedHoursMax = 50_000;

function fixedOffset(name: string): number | undefined {
  if (name === 'Z' || name === 'UTC' || name === 'GMT' || name === 'UT') return 0;
  const match = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/.exec(name);
  if (match === null) return undefined;
  const [, sign, hours, minutes = '0', seconds = '0'] = match;
  const ms = Number(hours) * hourMs + Number(minutes) * minuteMs + Number(seconds) * 1000;
  return ms > 18 * hourMs ? undefined : sign === '-' ? -ms : ms;
}

function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (zone !== undefined) return zone;
  const fixedMs = fixedOffset(name);
  if (fixedMs !== undefined) zone = { fixedMs, format: undefined, offsets: new Map() };
  else {
    try {
      const format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        calendar: 'iso8601',
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
      zone = { fixedMs: undefined, format, offsets: new Map() };
    } catch (cause) {
      throw new UserError('DATA3005', {
        message: `no time zone "${name}"`,
        hint: 'Use an IANA name such as Europe/Berlin, or an offset such as +02:00.',
        cause,
      });
    }
  }
  zones.set(name, zone);
  return zone;
}

/** Whether the zone's name is known. */
export function isZone(name: string): boolean {
  try {
    zoneOf(name);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

function intlOffset(format: Intl.DateTimeFormat, utcMs: number): number {
  const fields: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(utcMs)) fields[type] = value;
  const year =
    fields['era'] === 'BC' || fields['era'] === 'B' ? 1 - Number(fields['year']) : Number(fields['year']);
  const local =
    daysFromCivil(year, Number(fields['month']), Number(fields['day'])) * dayMs +
    Number(fields['hour']) * hourMs +
    Number(fields['minute']) * minuteMs +
    Number(fields['second']) * 1000;
  return local - floorDiv(utcMs, 1000) * 1000;
}

/** Within a quarter of an hour that starts on the quarter, no zone changes its offset (since 1972). */
const offsetStepMs = 15 * minuteMs;

/** What local clocks of `zone` show minus UTC, in ms, at an instant. */
export function zoneOffsetMs(zone: string, utcMs: number): number {
  const { fixedMs, format, offsets } = zoneOf(zone);
  if (fixedMs !== undefined) return fixedMs;
  const key = floorDiv(utcMs, offsetStepMs);
  let offset = offsets.get(key);
  if (offset === undefined) {
    if (offsets.size > cachedHoursMax) offsets.clear();
    offset = intlOffset(format!, Math.max(-8.64e15, Math.min(8.64e15, key * offsetStepMs)));
    offsets.set(key, offset);
  }
  return offset;
}

/** Local date-time of an instant, as ms counted as if it were UTC. */
export const instantToLocal = (zone: string, utcMs: number): number => utcMs + zoneOffsetMs(zone, utcMs);

/** The instant of a local date-time, as java.time resolves it: the earlier of two, and later by the gap in a gap. */
export function localToInstant(zone: string, localMs: number): number {
  const { fixedMs } = zoneOf(zone);
  if (fixedMs !== undefined) return localMs - fixedMs;
  const before = zoneOffsetMs(zone, localMs - dayMs);
  const after = zoneOffsetMs(zone, localMs + dayMs);
  const early = localMs - before;
  if (before === after) {
    // Two changes within two days are rare but real; the middle decides then.
    const middle = zoneOffsetMs(zone, early);
    return middle === before ? early : localMs - middle;
  }
  if (zoneOffsetMs(zone, early) === before) return early;
  const late = localMs - after;
  return zoneOffsetMs(zone, late) === after ? late : early;
}

/** The instant of a local date-time as java.util.Calendar resolves it: the later of two, for then the clocks show
 *  standard time. */
export function localToStandardInstant(zone: string, localMs: number): number {
  const first = localToInstant(zone, localMs);
  const later = localMs - zoneOffsetMs(zone, first + 3 * hourMs);
  return later > first && instantToLocal(zone, later) === localMs ? later : first;
}

/** A zone as java.util.TimeZone reads it: a name, or GMT with hours; GMT for anything else. */
export function javaUtilZone(name: string): string {
  const custom = /^GMT[+-](\d{1,2})(?::?(\d{2}))?$/.exec(name);
  if (custom !== null) return Number(custom[1]) < 24 && Number(custom[2] ?? 0) < 60 ? name : 'UTC';
  return /^[+-]|^UTC.|^UT./.test(name) || !isZone(name) ? 'UTC' : name;
}

/** When a local date-time is over for good: the later instant of two, and the end of the gap in a gap. */
export function lastInstantOf(zone: string, localMs: number): number {
  const first = localToInstant(zone, localMs);
  const offset = zoneOffsetMs(zone, first);
  if (first + offset === localMs) {
    const later = localMs - zoneOffsetMs(zone, localMs + dayMs);
    return later > first && instantToLocal(zone, later) === localMs ? later : first;
  }
  let at = floorDiv(first, offsetStepMs) * offsetStepMs;
  while (zoneOffsetMs(zone, at - 1) === offset) at -= offsetStepMs;
  return at;
}
