/* Date-time patterns of java.text.SimpleDateFormat, English names: FROM_UNIXTIME, UNIX_TIMESTAMP, CONVERT_TZ, TO_DATE, and
 * DATE_FORMAT of text.
 *
 *   'yyyy-MM-dd HH:mm' ──▶ tokens ──▶ format: an instant to text;  parse: text to fields, to a local moment
 *
 * Parsing is lenient: values roll over, and what follows the pattern is ignored. Before 15 October 1582 dates are
 * Julian, as in java.util.GregorianCalendar. */

import { dayMs, dayOfWeek, floorDiv, floorMod, hourMs, isoDayOfWeek, minuteMs } from './civil.ts';
import { days, months } from './english-names.ts';
import { LRUCache } from '#base';
import { dateOf, dayOfFields, daysOf, weekOf, type Fields } from './simple-calendar.ts';

type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'field'; readonly letter: string; readonly count: number };

const letters = 'GyYMLwWDdFEuaHkKhmsSzZX';
function tokenize(pattern: string): Token[] {
  const tokens: Token[] = [];
  const literal = (text: string): void => {
    const last = tokens.at(-1);
    if (last?.kind === 'literal') tokens[tokens.length - 1] = { kind: 'literal', text: last.text + text };
    else tokens.push({ kind: 'literal', text });
  };
  for (let i = 0; i < pattern.length; ) {
    const char = pattern[i]!;
    if (char === "'") {
      const quoted = /'((?:[^']|'')*)'/y;
      quoted.lastIndex = i;
      const found = quoted.exec(pattern);
      if (found === null) throw new SyntaxError(`a quote is open in '${pattern}'`);
      literal(found[0] === "''" ? "'" : found[1]!.replaceAll("''", "'"));
      i += found[0].length;
    } else if (/[a-zA-Z]/.test(char)) {
      if (!letters.includes(char)) throw new SyntaxError(`unknown letter ${char} in '${pattern}'`);
      let count = 1;
      while (pattern[i + count] === char) count++;
      if (char === 'X' && count > 3) throw new SyntaxError(`more than three X in '${pattern}'`);
      tokens.push({ kind: 'field', letter: char, count });
      i += count;
    } else {
      literal(char);
      i++;
    }
  }
  return tokens;
}
const cache = new LRUCache<string, readonly Token[]>(128);

/** The pattern's tokens; throws SyntaxError for what Java refuses. */
export function simplePattern(pattern: string): readonly Token[] {
  let tokens = cache.get(pattern);
  if (tokens === undefined) cache.set(pattern, (tokens = tokenize(pattern)));
  return tokens;
}

// ── Formatting ──

const padded = (value: number, count: number): string => String(value).padStart(count, '0');
const yearText = (year: number, count: number): string =>
  count === 2 ? padded(floorMod(year, 100), 2) : padded(year, count);
const named = (name: string, count: number): string => (count < 4 ? name.slice(0, 3) : name);

function offsetText(offsetMs: number, letter: string, count: number): string {
  const total = Math.abs(offsetMs) / minuteMs;
  const [hours, minutes] = [padded(Math.floor(total / 60), 2), padded(Math.floor(total % 60), 2)];
  const sign = offsetMs < 0 ? '-' : '+';
  if (letter === 'Z') return `${sign}${hours}${minutes}`;
  if (offsetMs === 0) return 'Z';
  return `${sign}${hours}${count === 1 ? '' : `${count === 3 ? ':' : ''}${minutes}`}`;
}
function zoneName(zone: string, utcMs: number, long: boolean): string {
  for (const locale of ['en-US', 'en-GB', 'en-AU']) {
    try {
      const parts = new Intl.DateTimeFormat(locale, {
        timeZone: zone,
        timeZoneName: long ? 'long' : 'short',
      });
      const name = parts.formatToParts(utcMs).find((p) => p.type === 'timeZoneName')?.value;
      if (name !== undefined && !/^GMT[+-]/.test(name)) return name;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return zone;
}

/** An instant in a zone that is `offsetMs` from UTC. */
export interface ZonedInstant {
  readonly utcMs: number;
  readonly offsetMs: number;
  readonly zone: string;
}

export function formatSimple(tokens: readonly Token[], instant: ZonedInstant): string {
  let text = '';
  for (const token of tokens)
    text += token.kind === 'literal' ? token.text : formatField(token.letter, token.count, instant);
  return text;
}

function formatField(letter: string, count: number, { utcMs, offsetMs, zone }: ZonedInstant): string {
  const ms = utcMs + offsetMs;
  const day = floorDiv(ms, dayMs);
  const time = ms - day * dayMs;
  const { year, month, day: dayOfMonth } = dateOf(day);
  const hour = Math.floor(time / hourMs);
  switch (letter) {
    case 'G':
      return year > 0 ? 'AD' : 'BC';
    case 'y':
      return yearText(year > 0 ? year : 1 - year, count);
    case 'Y':
      return yearText(weekOf(day).year, count);
    case 'M':
    case 'L':
      return count < 3 ? padded(month, count) : named(months[month - 1]!, count);
    case 'w':
      return padded(weekOf(day).week, count);
    case 'W':
      return padded(Math.floor((dayOfMonth - 1 + dayOfWeek(day - dayOfMonth + 1) - 1) / 7) + 1, count);
    case 'D':
      return padded(day - daysOf(year, 1, 1) + 1, count);
    case 'd':
      return padded(dayOfMonth, count);
    case 'F':
      return padded(Math.floor((dayOfMonth - 1) / 7) + 1, count);
    case 'E':
      return named(days[dayOfWeek(day) - 1]!, count);
    case 'u':
      return padded(isoDayOfWeek(day), count);
    case 'a':
      return hour < 12 ? 'AM' : 'PM';
    case 'H':
      return padded(hour, count);
    case 'k':
      return padded(hour === 0 ? 24 : hour, count);
    case 'K':
      return padded(hour % 12, count);
    case 'h':
      return padded(hour % 12 === 0 ? 12 : hour % 12, count);
    case 'm':
      return padded(Math.floor(time / minuteMs) % 60, count);
    case 's':
      return padded(Math.floor(time / 1000) % 60, count);
    case 'S':
      return padded(time % 1000, count);
    case 'z':
      return zoneName(zone, utcMs, count > 3);
    default:
      return offsetText(offsetMs, letter, count);
  }
}

// ── Parsing ──

/** What a text said: a local moment, and its distance from UTC where it named one. */
export interface SimpleParsed {
  readonly ms: number;
  readonly offsetMs: number | undefined;
}

/** Hours from UTC of the zones that have short names. */
const zoneHours: Readonly<Record<string, number>> = {
  GMT: 0,
  UTC: 0,
  Z: 0,
  WET: 0,
  WEST: 1,
  BST: 1,
  CET: 1,
  CEST: 2,
  EET: 2,
  EEST: 3,
  MSK: 3,
  IST: 5.5,
  SGT: 8,
  HKT: 8,
  JST: 9,
  KST: 9,
  AEST: 10,
  AEDT: 11,
  NZST: 12,
  NZDT: 13,
  AST: -4,
  ADT: -3,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  AKST: -9,
  AKDT: -8,
  HST: -10,
};

const isNumber = (token: Token | undefined): boolean =>
  token?.kind === 'field' &&
  !('GEazZX'.includes(token.letter) || ('ML'.includes(token.letter) && token.count > 2));

/** The text read by the pattern; undefined where it does not fit. Years of two digits lie from 80 years before
 *  `nowMs` to 20 years behind it. */
export function parseSimple(tokens: readonly Token[], text: string, nowMs: number): SimpleParsed | undefined {
  const fields: Fields = new Map();
  let at = 0;
  for (const [i, token] of tokens.entries()) {
    const next =
      token.kind === 'literal'
        ? text.startsWith(token.text, at)
          ? at + token.text.length
          : undefined
        : readField(token, isNumber(token) && isNumber(tokens[i + 1]), text, at, fields, nowMs);
    if (next === undefined) return undefined;
    at = next;
  }
  // Java takes a match of nothing for none.
  return at === 0 ? undefined : resolve(fields);
}

interface Field {
  readonly letter: string;
  readonly count: number;
}

function readField(
  { letter, count }: Field,
  adjacent: boolean,
  text: string,
  from: number,
  fields: Fields,
  nowMs: number,
): number | undefined {
  const at = from + /^[ \t]*/.exec(text.slice(from))![0].length;
  const rest = text.slice(at);
  const oneOf = (names: readonly string[], set: (index: number) => void): number | undefined => {
    const lower = rest.toLowerCase();
    for (const length of [Infinity, 3])
      for (const [i, full] of names.entries()) {
        const name = full.slice(0, length).toLowerCase();
        if (!lower.startsWith(name)) continue;
        set(i);
        return at + name.length;
      }
    return undefined;
  };
  if (letter === 'G') return oneOf(['BC', 'AD'], (i) => fields.set('G', i));
  if (letter === 'a') return oneOf(['AM', 'PM'], (i) => fields.set('a', i));
  if (letter === 'E') return oneOf(days, (i) => write(fields, 'E', i + 1));
  if ((letter === 'M' || letter === 'L') && count > 2) return oneOf(months, (i) => write(fields, 'M', i + 1));
  if ('zZX'.includes(letter)) return readZone(rest, letter, at, fields);
  const digits = (adjacent ? /^-?\d+/.exec(rest.slice(0, count)) : /^-?\d+/.exec(rest))?.[0];
  if (digits === undefined) return undefined;
  const value = Number(digits);
  const isYear = letter === 'y' || letter === 'Y';
  if (isYear && count <= 2 && /^\d\d$/.test(digits)) write(fields, letter, century(value, nowMs));
  else if (letter === 'u') write(fields, 'E', value >= 1 && value <= 7 ? (value % 7) + 1 : value);
  else write(fields, letter === 'L' ? 'M' : letter, value);
  return at + digits.length;
}

/** What is written last comes last. */
function write(fields: Fields, letter: string, value: number): void {
  fields.delete(letter);
  fields.set(letter, value);
}

function century(twoDigits: number, nowMs: number): number {
  const first = dateOf(floorDiv(nowMs, dayMs)).year - 80;
  const year = first - floorMod(first, 100) + twoDigits;
  return year < first ? year + 100 : year;
}

function readZone(rest: string, letter: string, at: number, fields: Fields): number | undefined {
  const numeric = /^(?:GMT)?([+-])(\d{1,2}):?(\d{2})?/.exec(rest);
  const iso = letter === 'X';
  if (numeric !== null && (!iso || !rest.startsWith('GMT'))) {
    const ms = Number(numeric[2]) * hourMs + Number(numeric[3] ?? 0) * minuteMs;
    fields.set('offset', numeric[1] === '-' ? -ms : ms);
    return at + numeric[0].length;
  }
  const name = (iso ? /^Z/ : /^[A-Za-z]+/).exec(rest)?.[0];
  const hours = name === undefined ? undefined : zoneHours[name.toUpperCase()];
  if (hours === undefined) return undefined;
  fields.set('offset', hours * hourMs);
  return at + name!.length;
}

function hourOf(fields: Fields): number {
  const afternoon = fields.get('a') ?? 0;
  const hour = fields.get('H');
  if (hour !== undefined) return hour;
  const upTo24 = fields.get('k');
  if (upTo24 !== undefined) return upTo24 === 24 ? 0 : upTo24;
  const upTo12 = fields.get('h');
  const clock = fields.get('K') ?? (upTo12 === 12 ? 0 : (upTo12 ?? 0));
  return clock + 12 * afternoon;
}

function resolve(fields: Fields): SimpleParsed {
  const get = (letter: string, otherwise: number): number => fields.get(letter) ?? otherwise;
  const time = hourOf(fields) * hourMs + get('m', 0) * minuteMs + get('s', 0) * 1000 + get('S', 0);
  return { ms: dayOfFields(fields) * dayMs + time, offsetMs: fields.get('offset') };
}
