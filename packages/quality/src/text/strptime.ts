/* Whether text is a date by a format of Python's strptime, in the C locale.
 * https://docs.python.org/3/library/datetime.html#format-codes */

import { UserError } from '#base';

const months = 'january february march april may june july august september october november december'.split(
  ' ',
);
const days = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');
const short = (names: readonly string[]): string => names.map((n) => n.slice(0, 3)).join('|');

/** What each directive matches; a name in front makes a group that is checked. */
const directives: Readonly<Record<string, string>> = {
  Y: '(?<year>\\d{4})',
  y: '(?<shortYear>\\d\\d)',
  m: '(?<month>1[0-2]|0[1-9]|[1-9])',
  d: '(?<day>3[01]|[12]\\d|0[1-9]|[1-9]| [1-9])',
  H: '(?:2[0-3]|[01]\\d|\\d)',
  I: '(?:1[0-2]|0[1-9]|[1-9]| [1-9])',
  M: '(?:[0-5]\\d|\\d)',
  S: '(?:6[01]|[0-5]\\d|\\d)',
  f: '\\d{1,6}',
  j: '(?<dayOfYear>36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9])',
  b: `(?<monthName>${short(months)})`,
  B: `(?<monthName>${months.join('|')})`,
  a: `(?:${short(days)})`,
  A: `(?:${days.join('|')})`,
  p: '(?:am|pm)',
  z: '(?:[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d(?:\\.\\d{1,6})?)?|z)',
  Z: '(?:utc|gmt)?',
  U: '(?:5[0-3]|[0-4]\\d|\\d)',
  W: '(?:5[0-3]|[0-4]\\d|\\d)',
  w: '[0-6]',
  u: '[1-7]',
  G: '\\d{4}',
  V: '(?:5[0-3]|0[1-9]|[1-4]\\d|\\d)',
  '%': '%',
};
const composed: Readonly<Record<string, string>> = {
  c: '%a %b %d %H:%M:%S %Y',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
  T: '%H:%M:%S',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  R: '%H:%M',
};

/** A function that says of a text whether it is such a date. Throws QLT1004 for a directive that there is not. */
export function strptime(format: string): (text: string) => boolean {
  const pattern = new RegExp(`^${patternOf(format)}$`, 'i');
  return (text) => {
    const groups = pattern.exec(text)?.groups;
    return groups === undefined ? pattern.test(text) : isDate(groups);
  };
}

/** The same for who matches patterns: one whose groups year, month and day, in this order, are yet to be held against the calendar.
 *  undefined: the day is of a month by its name, or of a year by two digits. Throws as above. */
export function strptimeParts(
  format: string,
): { readonly pattern: string; readonly groups: readonly string[] } | undefined {
  const pattern = patternOf(format);
  const groups = [...pattern.matchAll(/\(\?<(\w+)>/g)].map(([, name]) => name!);
  if (groups.includes('day') && groups.some((g) => g === 'monthName' || g === 'shortYear')) return undefined;
  return { pattern: `(?i)^${pattern.replaceAll(/\(\?<\w+>/g, '(')}$`, groups };
}

function patternOf(format: string): string {
  const expanded = format.replaceAll(/%([cxXTDFR])/g, (_, code: string) => composed[code]!);
  const seen = new Set<string>();
  return expanded
    .replaceAll(/[\\.^$*+?()[\]{}|]/g, '\\$&')
    .replaceAll(/\s+/g, '\\s+')
    .replaceAll(/%(.?)/g, (whole, code: string) => {
      const found = directives[code];
      if (found === undefined)
        throw new UserError('QLT1004', {
          message: `strftime_format "${format}": there is no directive "${whole}"`,
          hint: `There are: ${Object.keys(directives)
            .map((d) => `%${d}`)
            .join(' ')}.`,
        });
      const name = /^\(\?<(\w+)>/.exec(found)?.[1];
      if (name === undefined) return found;
      if (seen.has(name))
        throw new UserError('QLT1004', { message: `strftime_format "${format}" has the ${name} twice` });
      seen.add(name);
      return found;
    });
}

function isDate(groups: Readonly<Record<string, string | undefined>>): boolean {
  const { year, shortYear, month, monthName, day } = groups;
  const y =
    year !== undefined
      ? Number(year)
      : shortYear !== undefined
        ? Number(shortYear) + (Number(shortYear) < 69 ? 2000 : 1900)
        : 1900;
  if (y < 1) return false;
  const m =
    monthName === undefined
      ? Number(month ?? 1)
      : months.findIndex((n) => n.startsWith(monthName.toLowerCase().slice(0, 3))) + 1;
  return Number(day ?? 1) <= daysIn(y, m);
}
export const daysIn = (year: number, month: number): number => {
  const date = new Date(Date.UTC(2000, month, 0));
  // Years below 100 mean others to Date.
  date.setUTCFullYear(year, month, 0);
  return date.getUTCDate();
};
