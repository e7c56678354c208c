/* %t… of java.util.Formatter: parts of an instant in UTC, English names. */

import { civilFromDays, dayMs, dayOfYear, floorDiv } from './civil.ts';

const months = 'January February March April May June July August September October November December'.split(
  ' ',
);
const days = 'Thursday Friday Saturday Sunday Monday Tuesday Wednesday'.split(' ');

const two = (value: number): string => String(value).padStart(2, '0');

/** The part that a letter names, of milliseconds since 1970; undefined for no such letter. */
export function printTime(ms: number, letter: string): string | undefined {
  const day = floorDiv(ms, dayMs);
  const time = ms - day * dayMs;
  const { year, month, day: dayOfMonth } = civilFromDays(day);
  const [hour, minute, second] = [
    Math.floor(time / 3_600_000),
    Math.floor(time / 60_000) % 60,
    Math.floor(time / 1000) % 60,
  ];
  const clock = hour % 12 === 0 ? 12 : hour % 12;
  const weekday = days[((day % 7) + 7) % 7]!;
  const of = (letters: string): string => [...letters].map((l) => printTime(ms, l)!).join('');
  const written = String(year).padStart(4, '0');
  switch (letter) {
    case 'H':
      return two(hour);
    case 'I':
      return two(clock);
    case 'k':
      return String(hour);
    case 'l':
      return String(clock);
    case 'M':
      return two(minute);
    case 'S':
      return two(second);
    case 'L':
      return String(time % 1000).padStart(3, '0');
    case 'N':
      return String((time % 1000) * 1_000_000).padStart(9, '0');
    case 'p':
      return hour < 12 ? 'am' : 'pm';
    case 'z':
      return '+0000';
    case 'Z':
      return 'UTC';
    case 's':
      return String(Math.trunc(ms / 1000));
    case 'Q':
      return String(ms);
    case 'B':
      return months[month - 1]!;
    case 'b':
    case 'h':
      return months[month - 1]!.slice(0, 3);
    case 'A':
      return weekday;
    case 'a':
      return weekday.slice(0, 3);
    case 'C':
      return two(Math.floor(year / 100));
    case 'Y':
      return written;
    case 'y':
      return two(year % 100);
    case 'j':
      return String(dayOfYear(day)).padStart(3, '0');
    case 'm':
      return two(month);
    case 'd':
      return two(dayOfMonth);
    case 'e':
      return String(dayOfMonth);
    case 'R':
      return `${of('H')}:${of('M')}`;
    case 'T':
      return `${of('H')}:${of('M')}:${of('S')}`;
    case 'r':
      return `${of('I')}:${of('M')}:${of('S')} ${of('p').toUpperCase()}`;
    case 'D':
      return `${of('m')}/${of('d')}/${of('y')}`;
    case 'F':
      return `${written}-${of('m')}-${of('d')}`;
    case 'c':
      return `${of('a')} ${of('b')} ${of('d')} ${of('T')} ${of('Z')} ${written}`;
    default:
      return undefined;
  }
}
