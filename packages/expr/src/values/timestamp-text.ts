/* DATE, TIME and TIMESTAMP as text and back, as CAST has them. */

import type { Instant } from '#data';
import { civilFromDays, dayMs, daysFromCivil, daysInMonth, floorDiv, hourMs, minuteMs } from './civil.ts';

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

function yearText(year: number): string {
  if (year < 0) return `-${String(-year).padStart(4, '0')}`;
  return year > 9999 ? `+${year}` : String(year).padStart(4, '0');
}

/** 2024-01-02 from days since the epoch. */
export function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days);
  return `${yearText(year)}-${two(month)}-${two(day)}`;
}

/** 12:34:56, and exactly `precision` digits of a second after a point when it is above 0. */
export function formatTime(msOfDay: number, precision: number, ns = 0): string {
  const hours = Math.floor(msOfDay / hourMs);
  const minutes = Math.floor(msOfDay / minuteMs) % 60;
  const seconds = Math.floor(msOfDay / 1000) % 60;
  const text = `${two(hours)}:${two(minutes)}:${two(seconds)}`;
  if (precision === 0) return text;
  const nanos = (msOfDay % 1000) * 1_000_000 + ns;
  return `${text}.${String(nanos).padStart(9, '0').slice(0, precision)}`;
}

/** 2024-01-02 12:34:56.789 with exactly `precision` digits of a second. */
export function formatTimestamp(value: Instant, precision: number): string {
  const day = floorDiv(value.ms, dayMs);
  return `${formatDate(day)} ${formatTime(value.ms - day * dayMs, precision, value.ns)}`;
}

/** 2024-01-02T12:34, with as many seconds and digits, by threes, as there are: java.time.LocalDateTime.toString. */
export function localDateTimeText(value: Instant): string {
  const [date, time] = formatTimestamp(value, 9).split(' ') as [string, string];
  const [clock, fraction] = time.split('.') as [string, string];
  const digits = fraction.replace(/(?:000){1,3}$/, '');
  const seconds = digits === '' && clock.endsWith(':00') ? clock.slice(0, 5) : clock;
  return `${date}T${seconds}${digits === '' ? '' : `.${digits}`}`;
}

/** Cuts an instant to `precision` digits of a second. */
export function truncateInstant(value: Instant, precision: number): Instant {
  if (precision >= 9) return value;
  if (precision > 3) {
    const unit = 10 ** (9 - precision);
    return { ms: value.ms, ns: value.ns - (value.ns % unit) };
  }
  const unit = 10 ** (3 - precision);
  return { ms: Math.floor(value.ms / unit) * unit, ns: 0 };
}

function checkedDays(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return daysFromCivil(year, month, day);
}

/** Days of '2024-1-2', '2024-01', '2024', or of the date part of '2024-01-02 …'; undefined if it is none. */
export function parseDate(text: string): number | undefined {
  const match = /^(\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2})(?: .*)?)?)?$/.exec(text.trim());
  if (match === null) return undefined;
  return checkedDays(Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1));
}

/** Milliseconds of '12:34:56.789', '1:2' or '7'; undefined if it is no time. */
export function parseTime(text: string): number | undefined {
  const match = /^(\d+)(?::(\d+)(?::(\d+)(?:\.(\d{1,9}))?)?)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return (
    hours * hourMs + minutes * minuteMs + seconds * 1000 + Number((match[4] ?? '').padEnd(3, '0').slice(0, 3))
  );
}

/** '2024-1-2' or '2024-01-02 12:34:56.789': the date, and perhaps a whole time; undefined if it is no timestamp. A day past
 *  its month's end, up to the 31st, is the last of the month, and 24:00:00 the start of the next day, as java.time
 *  resolves them. */
export function parseTimestampLeniently(text: string, precision = 9): Instant | undefined {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{0,9}))?)?$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const [hours, minutes, seconds] = [Number(match[4] ?? 0), Number(match[5] ?? 0), Number(match[6] ?? 0)];
  const nanos = Number((match[7] ?? '').padEnd(9, '0'));
  if (day > 31 || hours > 24 || minutes > 59 || seconds > 59) return undefined;
  if (hours === 24 && (minutes > 0 || seconds > 0 || nanos > 0)) return undefined;
  const days = checkedDays(year, month, Math.min(day, daysInMonth(year, month)));
  if (days === undefined) return undefined;
  const ms =
    days * dayMs + hours * hourMs + minutes * minuteMs + seconds * 1000 + Math.floor(nanos / 1_000_000);
  return truncateInstant({ ms, ns: nanos % 1_000_000 }, precision);
}

/** The same of a literal, which must be a day that there is and an hour below 24. */
export function parseTimestamp(text: string, precision = 9): Instant | undefined {
  const [date, hour] = /^(\d+-\d+-\d+)(?: (\d+))?/.exec(text)?.slice(1) ?? [];
  if (date === undefined || parseDate(date) === undefined || Number(hour ?? 0) > 23) return undefined;
  return text.endsWith('.') ? undefined : parseTimestampLeniently(text, precision);
}
