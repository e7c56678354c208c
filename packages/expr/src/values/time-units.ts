/* Units of time on local milliseconds: their fields, their floors and ceilings, their lengths. */

import {
  addMonthsToDays,
  addMonthsToMs,
  civilFromDays,
  dayMs,
  dayOfWeek,
  dayOfYear,
  daysFromCivil,
  floorDiv,
  floorMod,
  hourMs,
  isoDayOfWeek,
  isoWeek,
  minuteMs,
} from './civil.ts';

export type TimeUnit =
  | 'MILLENNIUM'
  | 'CENTURY'
  | 'DECADE'
  | 'YEAR'
  | 'ISOYEAR'
  | 'QUARTER'
  | 'MONTH'
  | 'WEEK'
  | 'DAY'
  | 'DOW'
  | 'ISODOW'
  | 'DOY'
  | 'HOUR'
  | 'MINUTE'
  | 'SECOND'
  | 'MILLISECOND'
  | 'MICROSECOND'
  | 'NANOSECOND'
  | 'EPOCH';

type Extractor = (ms: number, ns: number) => number;
const date =
  (get: (days: number) => number): Extractor =>
  (ms) =>
    get(floorDiv(ms, dayMs));
const year = (days: number): number => civilFromDays(days).year;

/** The field of a local date-time. */
export const extract: Readonly<Record<TimeUnit, Extractor>> = {
  MILLENNIUM: date((d) => Math.ceil(year(d) / 1000)),
  CENTURY: date((d) => Math.ceil(year(d) / 100)),
  DECADE: date((d) => Math.floor(year(d) / 10)),
  YEAR: date(year),
  ISOYEAR: date((d) => isoWeek(d).year),
  QUARTER: date((d) => Math.ceil(civilFromDays(d).month / 3)),
  MONTH: date((d) => civilFromDays(d).month),
  WEEK: date((d) => isoWeek(d).week),
  DAY: date((d) => civilFromDays(d).day),
  DOW: date(dayOfWeek),
  ISODOW: date(isoDayOfWeek),
  DOY: date(dayOfYear),
  HOUR: (ms) => Math.floor(floorMod(ms, dayMs) / hourMs),
  MINUTE: (ms) => Math.floor(floorMod(ms, hourMs) / minuteMs),
  SECOND: (ms) => Math.floor(floorMod(ms, minuteMs) / 1000),
  MILLISECOND: (ms) => floorMod(ms, 1000),
  MICROSECOND: (ms, ns) => floorMod(ms, 1000) * 1000 + Math.floor(ns / 1000),
  NANOSECOND: (ms, ns) => floorMod(ms, 1000) * 1_000_000 + ns,
  EPOCH: (ms) => floorDiv(ms, 1000),
};
export const isTimeUnit = (unit: string): unit is TimeUnit => unit in extract;

/** Length of a unit that always lasts as long, in ms. */
export const unitMs: Readonly<Partial<Record<string, number>>> = {
  WEEK: 7 * dayMs,
  DAY: dayMs,
  HOUR: hourMs,
  MINUTE: minuteMs,
  SECOND: 1000,
  MILLISECOND: 1,
};
/** Length of a unit in months. */
export const unitMonths: Readonly<Partial<Record<string, number>>> = {
  MILLENNIUM: 12_000,
  CENTURY: 1200,
  DECADE: 120,
  YEAR: 12,
  QUARTER: 3,
  MONTH: 1,
};

/** Units that FLOOR and CEIL take. */
export const roundingUnits = [...Object.keys(unitMonths), ...Object.keys(unitMs)];

function floorYear(unit: string, ms: number): number {
  const days = floorDiv(ms, dayMs);
  const { year: y, month } = civilFromDays(days);
  switch (unit) {
    case 'MILLENNIUM':
      return daysFromCivil(Math.floor((y - 1) / 1000) * 1000 + 1, 1, 1) * dayMs;
    case 'CENTURY':
      return daysFromCivil(Math.floor((y - 1) / 100) * 100 + 1, 1, 1) * dayMs;
    case 'DECADE':
      return daysFromCivil(Math.floor(y / 10) * 10, 1, 1) * dayMs;
    case 'YEAR':
      return daysFromCivil(y, 1, 1) * dayMs;
    case 'QUARTER':
      return daysFromCivil(y, month - ((month - 1) % 3), 1) * dayMs;
    default:
      return daysFromCivil(y, month, 1) * dayMs;
  }
}

const longUnits: ReadonlySet<string> = new Set(['DECADE', 'CENTURY', 'MILLENNIUM']);

/** The start of the unit that a local moment lies in; weeks start on Sunday. */
export function floorToUnit(unit: string, ms: number): number {
  if (unitMonths[unit] !== undefined) return floorYear(unit, ms);
  if (unit === 'WEEK') {
    const days = floorDiv(ms, dayMs);
    return (days - dayOfWeek(days) + 1) * dayMs;
  }
  const length = unitMs[unit]!;
  return Math.floor(ms / length) * length;
}

/** The moment itself at the start of a unit, else the start of the next. Of units longer than a year always the next, as in
 *  Calcite. */
export function ceilToUnit(unit: string, ms: number): number {
  const floor = floorToUnit(unit, ms);
  if (floor === ms && !longUnits.has(unit)) return floor;
  const months = unitMonths[unit];
  return months === undefined ? floor + unitMs[unit]! : addMonthsToMs(floor, months);
}

/** Whole months from `b` to `a`, both in days: how often a month can be added to the earlier. */
function monthsBetweenDays(a: number, b: number): number {
  if (a < b) return -monthsBetweenDays(b, a);
  let months = Math.floor((a - b) / 31);
  while (addMonthsToDays(b, months) < a && addMonthsToDays(b, months + 1) <= a) months++;
  return months;
}

/** Whole months from local moment `b` to `a`. */
export function monthsBetween(a: number, b: number): number {
  const [dayA, dayB] = [floorDiv(a, dayMs), floorDiv(b, dayMs)];
  const months = monthsBetweenDays(dayA, dayB);
  const short = addMonthsToDays(dayB, months) === dayA && floorMod(a, dayMs) < floorMod(b, dayMs);
  return short ? months - 1 : months;
}
