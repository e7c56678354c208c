/* Dates and times as Flink's formats read and write them. All functions return undefined for text of
 * another form. */

import type { Instant } from '#data';

const dayMs = 86_400_000;
const datePart = String.raw`([+-]\d{4,10}|\d{4})-(\d\d)-(\d\d)`;
const sqlTimePart = String.raw`(\d\d):(\d\d):(\d\d)(?:\.(\d{0,9}))?`;
const isoTimePart = String.raw`(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{0,9}))?)?`;

/** How a timestamp is written: `SQL` 2024-01-01 12:00:00.123, `ISO-8601` 2024-01-01T12:00:00.123. */
export type TimestampStyle = 'SQL' | 'ISO-8601';

const patterns = {
  SQL: new RegExp(`^${datePart} ${sqlTimePart}$`),
  'ISO-8601': new RegExp(`^${datePart}[Tt]${isoTimePart}$`),
} as const;
const zonedPatterns = {
  SQL: new RegExp(`^${datePart} ${sqlTimePart}Z$`),
  'ISO-8601': new RegExp(`^${datePart}T${isoTimePart}Z$`),
} as const;
const dateOnly = new RegExp(`^${datePart}$`);
const sqlTimeOnly = new RegExp(`^${sqlTimePart}$`);
const isoTimeOnly = new RegExp(`^${isoTimePart}$`);
const lenientDate = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;

/** Days since the epoch of a date of the proleptic Gregorian calendar. The day may lie outside its month. */
export function epochDay(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const m = month <= 2 ? month + 9 : month - 3;
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return 365 * y + leaps + Math.floor((153 * m + 2) / 5) + day - 1 - 719468;
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function parseYear(text: string): number | undefined {
  const year = Number(text);
  if (text[0] === '+' && text.length <= 5) return undefined;
  if (text[0] === '-' && year === 0) return undefined;
  return Math.abs(year) > 999_999_999 ? undefined : year;
}

/** `lastDay`: a day of 29, 30 or 31 beyond its month's end becomes that end, as Java's smart resolution
 *  does it. */
function resolveDate(match: RegExpExecArray, lastDay: boolean): number | undefined {
  const year = parseYear(match[1]!);
  const month = Number(match[2]);
  const day = Number(match[3]);
  if (year === undefined || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const last = daysOfMonth(year, month);
  if (day > last && !lastDay) return undefined;
  return epochDay(year, month, Math.min(day, last));
}

/** Nanoseconds within the millisecond and milliseconds of the day. `midnight`: 24:00:00 is allowed. */
function resolveTime(match: RegExpExecArray, from: number, midnight: boolean): Instant | undefined {
  const hour = Number(match[from]);
  const minute = Number(match[from + 1]);
  const second = Number(match[from + 2] ?? 0);
  const nanos = Number((match[from + 3] ?? '').padEnd(9, '0'));
  if (minute > 59 || second > 59) return undefined;
  if (hour > 23 && !(midnight && hour === 24 && minute === 0 && second === 0 && nanos === 0))
    return undefined;
  return {
    ms: ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(nanos / 1_000_000),
    ns: nanos % 1_000_000,
  };
}

/** A timestamp; `zoned` asks for the trailing Z of TIMESTAMP_LTZ. Digits beyond `precision` are cut. */
export function parseTimestamp(
  text: string,
  style: TimestampStyle,
  zoned: boolean,
  precision: number,
): Instant | undefined {
  const match = (zoned ? zonedPatterns : patterns)[style].exec(text);
  if (match === null) return undefined;
  // ISO without zone is Java's own formatter, which is strict.
  const smart = zoned || style === 'SQL';
  const day = resolveDate(match, smart);
  const time = resolveTime(match, 4, smart);
  return day === undefined || time === undefined
    ? undefined
    : cutInstant(day * dayMs + time.ms, time.ns, precision);
}

const nanoUnits = [0, 0, 0, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1];

/** An instant with no more digits of a second than `precision`. */
export function cutInstant(ms: number, ns: number, precision: number): Instant {
  if (precision >= 9) return { ms, ns };
  if (precision > 3) return { ms, ns: ns - (ns % nanoUnits[precision]!) };
  const unit = 10 ** (3 - precision);
  return { ms: Math.floor(ms / unit) * unit, ns: 0 };
}

/** A date as yyyy-MM-dd, in days since the epoch. */
export function parseDate(text: string): number | undefined {
  const match = dateOnly.exec(text);
  return match === null ? undefined : resolveDate(match, false);
}

/** A date as java.sql.Date.valueOf reads it: short months and days, days up to 31 running into the next
 *  month. */
export function parseLenientDate(text: string): number | undefined {
  const match = lenientDate.exec(text);
  if (match === null) return undefined;
  const month = Number(match[2]);
  const day = Number(match[3]);
  return month < 1 || month > 12 || day < 1 || day > 31 ? undefined : epochDay(Number(match[1]), month, day);
}

/** HH:mm:ss[.fraction] in milliseconds of the day, cut to `precision`; 24:00:00 is midnight. */
export function parseSqlTime(text: string, precision: number): number | undefined {
  const match = sqlTimeOnly.exec(text);
  const time = match === null ? undefined : resolveTime(match, 1, true);
  return time === undefined ? undefined : cutInstant(time.ms % dayMs, 0, Math.min(precision, 3)).ms;
}

/** HH:mm[:ss[.fraction]] in milliseconds of the day, cut to `precision`. */
export function parseIsoTime(text: string, precision: number): number | undefined {
  const match = isoTimeOnly.exec(text);
  const time = match === null || match[4] === '' ? undefined : resolveTime(match, 1, false);
  return time === undefined ? undefined : cutInstant(time.ms, 0, Math.min(precision, 3)).ms;
}

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

/** Days since the epoch as yyyy-MM-dd, with a sign before years of more than four digits or below 0. */
export function dateToText(days: number): string {
  // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": civil_from_days.
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365,
  );
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const day = doy - Math.floor((153 * mp + 2) / 5) + 1;
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  const digits = String(Math.abs(year)).padStart(4, '0');
  return `${year < 0 ? '-' : year > 9999 ? '+' : ''}${digits}-${two(month)}-${two(day)}`;
}

/** `.123`, or nothing for 0, without trailing zeros. */
function fractionText(ms: number, ns: number): string {
  if (ms === 0 && ns === 0) return '';
  return `.${(ms * 1_000_000 + ns).toString().padStart(9, '0').replace(/0+$/, '')}`;
}

/** Milliseconds of the day as HH:mm:ss[.fraction]. */
export function timeToText(ms: number, ns = 0): string {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const clock = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`;
  return clock + fractionText(ms % 1000, ns);
}

/** A timestamp with as many digits of a second as it has, and a Z where it is zoned. */
export function timestampToText(ms: number, ns: number, style: TimestampStyle, zoned: boolean): string {
  const days = Math.floor(ms / dayMs);
  const separator = style === 'SQL' ? ' ' : 'T';
  return `${dateToText(days)}${separator}${timeToText(ms - days * dayMs, ns)}${zoned ? 'Z' : ''}`;
}
