/* Date-time patterns of java.time.format.DateTimeFormatter, English names (simple-format.ts has SimpleDateFormat's).
 *
 *   'yyyy-MM-dd HH:mm' ──▶ tokens ──▶ format: fields to text;  parse: text to fields
 *
 * Letters: G y u Y M L d D E e c a B H h k K m s S n A N Q q w W F g V z Z X x O, p pads, quotes, [optional]. */

import { days, months } from './english-names.ts';
import {
  civilFromDays,
  dayMs,
  dayOfWeek,
  dayOfYear,
  daysFromCivil,
  daysInMonth,
  floorDiv,
  floorMod,
  hourMs,
  minuteMs,
} from './civil.ts';
import { LRUCache } from '#base';

type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'field'; readonly letter: string; readonly count: number; readonly width?: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'close' };

/** What is formatted: a local moment, and how far its zone is from UTC. */
export interface Moment {
  readonly ms: number;
  readonly ns: number;
  readonly offsetMs?: number | undefined;
  readonly zone?: string;
}

/** How often a letter may stand in a row. */
const most: Readonly<Record<string, number>> = {
  ...Object.fromEntries([...'dHhkKmsw'].map((letter) => [letter, 2])),
  ...Object.fromEntries([...'GMLEeccQqXxZ'].map((letter) => [letter, 5])),
  ...Object.fromEntries([...'yuYnANg'].map((letter) => [letter, 19])),
  ...{ D: 3, a: 1, B: 5, S: 9, W: 1, F: 1, V: 2, z: 4, O: 4 },
};
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
      let end = i + 1;
      let text = '';
      for (; end < pattern.length; end++) {
        if (pattern[end] !== "'") text += pattern[end];
        else if (pattern[end + 1] === "'") text += pattern[end++];
        else break;
      }
      if (end >= pattern.length) throw new SyntaxError(`a quote is open in '${pattern}'`);
      literal(text === '' ? "'" : text);
      i = end + 1;
    } else if (/[a-zA-Z]/.test(char)) {
      const run = (from: number): number => {
        let count = 1;
        while (pattern[from + count] === pattern[from]) count++;
        return count;
      };
      // p says how wide the field behind it is.
      const width = char === 'p' ? run(i) : undefined;
      if (width !== undefined) i += width;
      const letter = pattern[i] ?? '';
      const count = run(i);
      const allowed = most[letter];
      if (allowed === undefined) throw new SyntaxError(`unknown letter ${letter} in '${pattern}'`);
      if (count > allowed) throw new SyntaxError(`more than ${allowed} ${letter} in '${pattern}'`);
      tokens.push({ kind: 'field', letter, count, ...(width !== undefined && { width }) });
      i += count;
    } else if ('{}#'.includes(char)) throw new SyntaxError(`the reserved character ${char} in '${pattern}'`);
    else {
      if (char === '[' || char === ']') tokens.push(char === '[' ? { kind: 'open' } : { kind: 'close' });
      else literal(char);
      i++;
    }
  }
  return tokens;
}

const cache = new LRUCache<string, readonly Token[]>(128);

/** The pattern's tokens; throws SyntaxError for letters it does not know. */
export function datePattern(pattern: string): readonly Token[] {
  let tokens = cache.get(pattern);
  if (tokens === undefined) cache.set(pattern, (tokens = tokenize(pattern)));
  return tokens;
}

const padded = (value: number, count: number): string =>
  `${value < 0 ? '-' : ''}${String(Math.abs(value)).padStart(count, '0')}`;

/** The week of a US calendar (weeks start on Sunday, the first holds January 1st), and its year. */
function usWeek(day: number): { year: number; week: number } {
  const { year } = civilFromDays(day + 7 - dayOfWeek(day));
  const start = daysFromCivil(year, 1, 1);
  return { year, week: Math.floor((day - (start - dayOfWeek(start) + 1)) / 7) + 1 };
}

function offsetText(offsetMs: number, letter: string, count: number): string {
  if (offsetMs === 0 && (letter === 'X' || (letter === 'Z' && count === 5))) return 'Z';
  const total = Math.abs(offsetMs) / minuteMs;
  const [hours, minutes] = [padded(Math.floor(total / 60), 2), padded(Math.floor(total % 60), 2)];
  const sign = offsetMs < 0 ? '-' : '+';
  if (letter === 'O')
    return offsetMs === 0
      ? 'GMT'
      : `GMT${sign}${count === 4 ? hours : Number(hours)}${minutes === '00' && count < 4 ? '' : `:${minutes}`}`;
  if (letter === 'Z')
    return count < 4
      ? `${sign}${hours}${minutes}`
      : count === 4
        ? offsetText(offsetMs, 'O', 4)
        : `${sign}${hours}:${minutes}`;
  if (count === 1) return `${sign}${hours}${minutes === '00' ? '' : minutes}`;
  return `${sign}${hours}${count % 2 === 0 ? '' : ':'}${minutes}`;
}

function yearField(year: number, count: number): string {
  if (count === 2) return padded(floorMod(year, 100), 2);
  return count > 3 && year > 9999 && count === 4 ? `+${year}` : padded(year, count);
}

const name = (full: string, count: number): string =>
  count <= 3 ? full.slice(0, 3) : count === 4 ? full : full[0]!;

function formatField(letter: string, count: number, m: Moment): string {
  const day = floorDiv(m.ms, dayMs);
  const time = m.ms - day * dayMs;
  const { year, month, day: dayOfMonth } = civilFromDays(day);
  const hour = Math.floor(time / hourMs);
  switch (letter) {
    case 'G':
      if (count === 5) return year > 0 ? 'A' : 'B';
      return count === 4 ? (year > 0 ? 'Anno Domini' : 'Before Christ') : year > 0 ? 'AD' : 'BC';
    case 'y':
      return yearField(year > 0 ? year : 1 - year, count);
    case 'u':
      return yearField(year, count);
    case 'Y':
      return yearField(usWeek(day).year, count);
    case 'M':
    case 'L':
      return count < 3 ? padded(month, count) : name(months[month - 1]!, count);
    case 'd':
      return padded(dayOfMonth, count);
    case 'D':
      return padded(dayOfYear(day), count);
    case 'E':
      return name(days[dayOfWeek(day) - 1]!, count);
    case 'e':
    case 'c':
      return count < 3 ? padded(dayOfWeek(day), count) : name(days[dayOfWeek(day) - 1]!, count);
    case 'a':
      return hour < 12 ? 'AM' : 'PM';
    case 'B':
      return dayPeriod(time);
    case 'g':
      return padded(day + 40_587, count);
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
      return padded((time % 1000) * 1_000_000 + m.ns, 9)
        .slice(0, count)
        .padEnd(count, '0');
    case 'n':
      return padded((time % 1000) * 1_000_000 + m.ns, count);
    case 'A':
      return padded(time, count);
    case 'N':
      return padded(time * 1_000_000 + m.ns, count);
    case 'Q':
    case 'q': {
      const quarter = Math.ceil(month / 3);
      return count < 3
        ? padded(quarter, count)
        : count === 3
          ? `Q${quarter}`
          : count === 5
            ? String(quarter)
            : `${['1st', '2nd', '3rd', '4th'][quarter - 1]} quarter`;
    }
    case 'w':
      return padded(usWeek(day).week, count);
    case 'W':
      return padded(Math.floor((dayOfMonth - 1 + dayOfWeek(day - dayOfMonth + 1) - 1) / 7) + 1, count);
    case 'F':
      // The day of its week within the month, as Java 17 has it.
      return padded(((dayOfMonth - 1) % 7) + 1, count);
    case 'V':
      return m.zone ?? 'UTC';
    case 'z':
      return m.zone ?? 'UTC';
    default:
      return offsetText(m.offsetMs ?? 0, letter, count);
  }
}

function dayPeriod(time: number): string {
  const hour = time / hourMs;
  if (hour === 0) return 'midnight';
  if (hour === 12) return 'noon';
  if (hour < 6 || hour >= 21) return 'at night';
  return hour < 12 ? 'in the morning' : hour < 18 ? 'in the afternoon' : 'in the evening';
}

/** The moment as the pattern says. */
export function formatMoment(tokens: readonly Token[], moment: Moment): string {
  let text = '';
  for (const token of tokens) {
    if (token.kind === 'literal') text += token.text;
    else if (token.kind === 'field')
      text += formatField(token.letter, token.count, moment).padStart(token.width ?? 0);
  }
  return text;
}

/** What a text said: a local moment, and its distance from UTC where it named one. */
export interface Parsed {
  readonly ms: number;
  readonly ns: number;
  readonly offsetMs: number | undefined;
}

type Fields = Map<string, number>;

const isNumeric = (token: Token | undefined): boolean =>
  token?.kind === 'field' &&
  !/[EaBGVzZXxO]/.test(token.letter) &&
  !(/[MLQq]/.test(token.letter) && token.count > 2);

/** Reads `text` at `at`; the place after it, or undefined. */
function readField(
  token: { letter: string; count: number },
  adjacent: boolean,
  text: string,
  at: number,
  fields: Fields,
): number | undefined {
  const { letter, count } = token;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const named = (names: readonly string[]): [number, number] | undefined => {
    for (const [i, full] of names.entries()) {
      for (const candidate of [full, full.slice(0, 3)]) {
        const piece = text.slice(at, at + candidate.length);
        if (piece === candidate) return [i, at + candidate.length];
      }
    }
    return undefined;
  };
  if (/[MLE]/.test(letter) && (letter === 'E' || count > 2)) {
    const found = named(letter === 'E' ? days : months);
    if (found !== undefined && letter !== 'E') fields.set('M', found[0] + 1);
    return found?.[1];
  }
  if (letter === 'a') {
    const piece = text.slice(at, at + 2).toUpperCase();
    if (piece !== 'AM' && piece !== 'PM') return undefined;
    fields.set('a', piece === 'PM' ? 1 : 0);
    return at + 2;
  }
  if (letter === 'G') return /^(AD|BC)/.test(text.slice(at)) ? at + 2 : undefined;
  if (/[XxZOzV]/.test(letter)) {
    const piece = take(/Z|(?:UTC|GMT)?(?:[+-]\d{1,2}(?::?\d{2})?)?/y);
    if (piece === undefined || piece === '') return undefined;
    const match = /([+-])(\d{1,2}):?(\d{2})?$/.exec(piece);
    const ms = match === null ? 0 : Number(match[2]) * hourMs + Number(match[3] ?? 0) * minuteMs;
    fields.set('offset', match?.[1] === '-' ? -ms : ms);
    return at + piece.length;
  }
  return readNumber(letter, count, adjacent, text, at, fields);
}

function readNumber(
  letter: string,
  count: number,
  adjacent: boolean,
  text: string,
  at: number,
  fields: Fields,
): number | undefined {
  const year = letter === 'y' || letter === 'u' || letter === 'Y';
  const most = adjacent || letter === 'S' ? count : count === 1 || (year && count !== 2) ? 19 : count;
  const least = letter === 'S' || adjacent || count > 1 ? count : 1;
  let end = at;
  while (end < text.length && end - at < most && /\d/.test(text[end]!)) end++;
  if (end - at < least) return undefined;
  const digits = text.slice(at, end);
  if (letter === 'S') fields.set('S', Number(digits.padEnd(9, '0').slice(0, 9)));
  else if (year && count === 2) fields.set('y', 2000 + Number(digits));
  else fields.set(year ? 'y' : letter === 'L' ? 'M' : letter, Number(digits));
  return end;
}

/** The text read by the pattern: a day past its month's end becomes the last, 24:00 the next day. Undefined where it
 *  does not fit. */
export function parseMoment(tokens: readonly Token[], text: string): Parsed | undefined {
  const fields: Fields = new Map();
  let at = 0;
  let optionalAt: number | undefined;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    let next: number | undefined = at;
    if (token.kind === 'open') optionalAt = at;
    else if (token.kind === 'close') optionalAt = undefined;
    else if (token.kind === 'literal')
      next = text.startsWith(token.text, at) ? at + token.text.length : undefined;
    else next = readField(token, isNumeric(token) && isNumeric(tokens[i + 1]), text, at, fields);
    if (next === undefined) {
      if (optionalAt === undefined) return undefined;
      next = optionalAt;
      while (tokens[i] !== undefined && tokens[i]!.kind !== 'close') i++;
      optionalAt = undefined;
    }
    at = next;
  }
  return at < text.length ? undefined : resolve(fields);
}

function hourOf(fields: Fields): number {
  const afternoon = fields.get('a');
  const clock = fields.get('h') ?? fields.get('K');
  if (fields.has('H')) return fields.get('H')!;
  if (fields.has('k')) return fields.get('k')! % 24;
  return clock !== undefined && afternoon !== undefined ? (clock % 12) + 12 * afternoon : 0;
}

function resolve(fields: Fields): Parsed | undefined {
  const get = (letter: string, otherwise: number): number => fields.get(letter) ?? otherwise;
  const [year, month, hour, minute, second] = [
    get('y', 1970),
    get('M', 1),
    hourOf(fields),
    get('m', 0),
    get('s', 0),
  ];
  const day = get('d', 1);
  const nanos = get('S', 0);
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 59)
    return undefined;
  if (hour === 24 && (minute > 0 || second > 0 || nanos > 0)) return undefined;
  if (get('h', 1) > 12 || get('h', 1) < 1 || get('K', 0) > 11) return undefined;
  const dayOfYearField = fields.get('D');
  const date =
    dayOfYearField === undefined || fields.has('M')
      ? daysFromCivil(year, month, Math.min(day, daysInMonth(year, month)))
      : daysFromCivil(year, 1, 1) + dayOfYearField - 1;
  const ms = date * dayMs + hour * hourMs + minute * minuteMs + second * 1000 + Math.floor(nanos / 1_000_000);
  return { ms, ns: nanos % 1_000_000, offsetMs: fields.get('offset') };
}
