/* The calendar of SimpleDateFormat: Julian before 15 October 1582, weeks from Sunday, and which day a text means that names
 * some fields of one, as java.util.GregorianCalendar resolves them. */

import { civilFromDays, dayOfWeek, daysFromCivil, floorMod } from './civil.ts';

/** By pattern letter, in the order in which they were written; E has the day of the week, 1 for Sunday. */
export type Fields = Map<string, number>;

/** 15 October 1582, the first day of the Gregorian calendar. */
const gregorianStart = -141_427;

function daysFromJulian(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const m = month <= 2 ? month + 12 : month;
  return Math.floor(365.25 * (y + 4716)) + Math.floor(30.6001 * (m + 1)) + day - 2_442_112;
}
/** Days since 1970 of a date whose month and day may lie outside their range. */
export function daysOf(year: number, month: number, day: number): number {
  const over = Math.floor((month - 1) / 12);
  const [y, m] = [year + over, month - over * 12];
  const gregorian = daysFromCivil(y, m, 1) + day - 1;
  return gregorian >= gregorianStart ? gregorian : daysFromJulian(y, m, 1) + day - 1;
}
export function dateOf(day: number): { year: number; month: number; day: number } {
  if (day >= gregorianStart) return civilFromDays(day);
  const b = day + 2_440_588 + 1524;
  const c = Math.floor((b - 122.1) / 365.25);
  const d = Math.floor(365.25 * c);
  const e = Math.floor((b - d) / 30.6001);
  const month = e < 14 ? e - 1 : e - 13;
  return { year: month > 2 ? c - 4716 : c - 4715, month, day: b - d - Math.floor(30.6001 * e) };
}
/** Weeks start on Sunday, and the first of a year holds January 1st. */
export function weekOf(day: number): { year: number; week: number } {
  const { year } = dateOf(day + 7 - dayOfWeek(day));
  return { year, week: Math.floor((day - firstSunday(year)) / 7) + 1 };
}
function firstSunday(year: number): number {
  const start = daysOf(year, 1, 1);
  return start - dayOfWeek(start) + 1;
}

/** Days since 1970. Fields that say the day in several ways: those written last hold. */
export function dayOfFields(fields: Fields): number {
  const get = (letter: string, otherwise: number): number => fields.get(letter) ?? otherwise;
  const order = [...fields.keys()];
  const stamp = (letter: string): number => order.indexOf(letter);
  if (stamp('Y') > stamp('y')) return ofWeek(firstSunday(get('Y', 1970)), get('w', 1), get('E', 1));
  const written = get('y', 1970);
  const year = fields.get('G') === 0 ? 1 - written : written;
  switch (bestOf(stamp)) {
    case 'd':
      return daysOf(year, get('M', 1), get('d', 1));
    case 'W':
      return ofWeek(onOrBefore(daysOf(year, get('M', 1), 1), 1), get('W', 1), get('E', 1));
    case 'F':
      return inMonth(year, get('M', 1), get('F', 1), get('E', 1));
    case 'D':
      return daysOf(year, 1, 1) + get('D', 1) - 1;
    case 'w':
      return ofWeek(firstSunday(year), get('w', 1), get('E', 1));
  }
}

/** GregorianCalendar.selectFields: a week of the month, a weekday's place in the month and a week of the year count with a
 *  weekday; where nothing else says the day, without one. */
function bestOf(stamp: (letter: string) => number): 'd' | 'W' | 'F' | 'D' | 'w' {
  const [weekday, W, F, w] = [stamp('E'), stamp('W'), stamp('F'), stamp('w')];
  const withDay = (of: number): number => (of < 0 || weekday < 0 ? -1 : Math.max(of, weekday));
  let [ofMonth, inMonth, ofYear] = [withDay(W), withDay(F), withDay(w)];
  const [day, dayOfYear] = [stamp('d'), stamp('D')];
  let best = Math.max(day, ofMonth, inMonth, dayOfYear, ofYear);
  if (best < 0) {
    [ofMonth, inMonth, ofYear] = [W, Math.max(F, weekday), w];
    best = Math.max(ofMonth, inMonth, ofYear);
    if (best < 0) return 'd';
  } else if (best === day) return 'd';
  if ((best === ofMonth && W >= w) || (best === inMonth && F >= w)) {
    if (ofMonth === inMonth) return W >= F ? 'W' : 'F';
    return best === ofMonth ? 'W' : 'F';
  }
  return best === dayOfYear ? 'D' : 'w';
}

const onOrBefore = (day: number, weekday: number): number => day - floorMod(dayOfWeek(day) - weekday, 7);

/** A weekday of the week `count`, the first of which starts on the Sunday `first`. */
const ofWeek = (first: number, count: number, weekday: number): number =>
  onOrBefore(first + 6, weekday) + (count - 1) * 7;

/** The first, second, … of a weekday in a month; the last, last but one, … for -1, -2. */
function inMonth(year: number, month: number, place: number, weekday: number): number {
  const first = daysOf(year, month, 1);
  const until = place >= 0 ? first + 7 * place : daysOf(year, month + 1, 1) + 7 * (place + 1);
  return onOrBefore(until - 1, weekday);
}
