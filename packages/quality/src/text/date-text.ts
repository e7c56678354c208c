/* Whether text reads as a date or a time without a format, as Python's dateutil reads it: numbers and names of months in
 * any usual order, with or without a time of day and a zone. */

import { daysIn } from './strptime.ts';

const months = new Set(
  'jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october november december'.split(
    ' ',
  ),
);
const weekdays = new Set(
  'mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday'.split(' '),
);
const fillers = new Set([
  'at',
  'on',
  'and',
  'ad',
  'm',
  't',
  'of',
  'st',
  'nd',
  'rd',
  'th',
  'z',
  'utc',
  'gmt',
  'h',
  'hour',
  'hours',
  'minute',
  'minutes',
  'second',
  'seconds',
  's',
]);
const time =
  /(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?(\s*(?:Z|[A-Z]{3,5}|[+-]\d\d:?\d\d|[+-]\d\d))?/i;

export function readsAsDate(text: string): boolean {
  let rest = text.trim();
  if (rest === '') return false;
  let hasTime = false;
  const found = time.exec(rest);
  if (found !== null) {
    const [whole, hour, minute, second = '0', half] = found;
    if (Number(hour) > (half === undefined ? 23 : 12) || Number(minute) > 59 || Number(second) > 59)
      return false;
    hasTime = true;
    rest = rest
      .replace(whole, ' ')
      .replace(/[Tt]\s*$/, '')
      .replace(/(\d)T /, '$1 ');
  }
  const compact = /^(\d{4})(\d\d)(\d\d)(?:T?(\d{2})(\d{2})(\d{2})?)?$/.exec(rest.trim());
  if (compact !== null) return fits(Number(compact[1]), Number(compact[2]), Number(compact[3]));
  return datePart(rest, hasTime);
}

function datePart(rest: string, hasTime: boolean): boolean {
  const tokens = rest.match(/\d+|[a-z]+|[^\s\da-z]/gi) ?? [];
  const numbers: number[] = [];
  let named = false;
  for (const token of tokens) {
    const word = token.toLowerCase();
    if (/^\d/.test(token)) {
      if (token.length > 8) return false;
      numbers.push(Number(token));
    } else if (months.has(word)) {
      if (named) return false;
      named = true;
    } else if (
      !/^[-/.,;']$/.test(token) &&
      !weekdays.has(word) &&
      !fillers.has(word) &&
      !/^[ap]m$/.test(word)
    )
      return false;
  }
  if (numbers.length === 0) return hasTime || named || tokens.some((t) => weekdays.has(t.toLowerCase()));
  return numbers.length <= (named ? 2 : 3) && plausible(numbers, named);
}

/** Some order of the numbers is a date. */
function plausible(numbers: readonly number[], named: boolean): boolean {
  if (named) {
    const [a = 1, b] = numbers;
    return b === undefined ? a >= 1 : (a >= 1 && a <= 31) || (b >= 1 && b <= 31);
  }
  const [a = 0, b, c] = numbers;
  if (b === undefined) return (a >= 1 && a <= 31) || a >= 100;
  if (c === undefined) return (a <= 12 && a >= 1) || (b <= 12 && b >= 1);
  return fits(a, b, c) || fits(a, c, b) || fits(c, a, b) || fits(c, b, a);
}
const fits = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year < 100 ? 2000 + year : year, month);
