/* Values as PostgreSQL writes and reads them in text, with the settings of connection.ts: ISO dates in UTC,
 * bytes in hex. Nothing passes through a double that is not one. */

import { UserError } from '#base';
import { typeText, type Instant, type LogicalType, type Value } from '#data';
import {
  cutInstant,
  dateToText,
  decimalToPlain,
  parseDate,
  parseDecimal,
  parseInteger,
  timeToText,
  toDecimalType,
} from '#formats';

export type ToText = (value: Exclude<Value, null>) => string;
export type FromText = (text: string) => Value;

const dayMs = 86_400_000;

/** Years beyond four digits have no sign, and those before year 1 are counted from 1 BC. */
function isoToPostgres(date: string, rest: string): string {
  if (date.startsWith('+')) return date.slice(1) + rest;
  const year = Number(/^-?\d+/.exec(date)![0]);
  if (year > 0) return date + rest;
  return `${String(1 - year).padStart(4, '0')}${date.slice(-6)}${rest} BC`;
}

export const dateText = (days: number): string => isoToPostgres(dateToText(days), '');
export function timestampText(ms: number, ns: number, zoned: boolean): string {
  const days = Math.floor(ms / dayMs);
  return isoToPostgres(dateToText(days), ` ${timeToText(ms - days * dayMs, ns)}${zoned ? '+00' : ''}`);
}
export const approximateText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

export function toText(type: LogicalType): ToText {
  switch (type.kind) {
    case 'FLOAT':
    case 'DOUBLE':
      return (v) => approximateText(v as number);
    case 'DECIMAL':
      return (v) => decimalToPlain(v as bigint, type.scale);
    case 'BINARY':
    case 'VARBINARY':
      return (v) => `\\x${Buffer.from(v as Uint8Array).toString('hex')}`;
    case 'DATE':
      return (v) => dateText(v as number);
    case 'TIME':
      return (v) => timeToText(v as number);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return (v) => timestampText((v as Instant).ms, (v as Instant).ns, type.kind === 'TIMESTAMP_LTZ');
    case 'ARRAY': {
      const element = toText(type.element);
      const nested = type.element.kind === 'ARRAY';
      const item = (v: Value): string =>
        v === null ? 'NULL' : nested ? element(v) : `"${element(v).replace(/["\\]/g, '\\$&')}"`;
      return (v) => `{${(v as readonly Value[]).map(item).join(',')}}`;
    }
    default:
      return String;
  }
}

/** Reads values of `type` out of the column `name`. They throw JDBC1007 for text of another form. */
export function fromText(type: LogicalType, name: string): FromText {
  const read = reader(type, name);
  return (text) => {
    const value = read(text);
    if (value !== undefined) return value;
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    throw new UserError('JDBC1007', {
      message: `column "${name}": found '${shown}', expected a ${typeText(type)}`,
    });
  };
}

function reader(type: LogicalType, name: string): (text: string) => Value | undefined {
  const narrow =
    (bits: bigint) =>
    (text: string): number | undefined => {
      const value = parseInteger(text, -(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n);
      return value === undefined ? undefined : Number(value);
    };
  switch (type.kind) {
    case 'BOOLEAN':
      return (t) => (t === 't' || t === 'true' ? true : t === 'f' || t === 'false' ? false : undefined);
    case 'TINYINT':
      return narrow(8n);
    case 'SMALLINT':
      return narrow(16n);
    case 'INT':
      return narrow(32n);
    case 'BIGINT':
      return (t) => parseInteger(t, -(1n << 63n), (1n << 63n) - 1n);
    case 'FLOAT':
      return (t) => {
        const v = parseApproximate(t);
        return v === undefined ? undefined : Math.fround(v);
      };
    case 'DOUBLE':
      return parseApproximate;
    case 'DECIMAL':
      return (t) => {
        const value = parseDecimal(t);
        return value === undefined ? undefined : (toDecimalType(value, type) ?? undefined);
      };
    case 'CHAR':
    case 'VARCHAR':
      return (t) => t;
    case 'BINARY':
    case 'VARBINARY':
      return (t) => (t.startsWith('\\x') ? new Uint8Array(Buffer.from(t.slice(2), 'hex')) : undefined);
    case 'DATE':
      return (t) => {
        const at = parseStamp(t);
        return at === undefined ? undefined : at.days;
      };
    case 'TIME':
      return (t) => {
        const at = parseClock(t);
        return at === undefined ? undefined : cutInstant(at.ms, 0, Math.min(type.precision, 3)).ms;
      };
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return (t) => {
        const at = parseStamp(t);
        return at === undefined
          ? undefined
          : cutInstant(at.days * dayMs + at.clock.ms, at.clock.ns, type.precision);
      };
    case 'ARRAY': {
      const element = fromText(type.element, name);
      return (t) => arrayReader(t, element, type.element.kind === 'ARRAY');
    }
    default:
      return () => undefined;
  }
}

function parseApproximate(text: string): number | undefined {
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return Number(text);
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? undefined : value;
}

/** HH:MM:SS[.ffffff][+00]. */
function parseClock(text: string): Instant | undefined {
  const match = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[+-]00(?::?00)?)?$/.exec(text);
  if (match === null) return undefined;
  const nanos = Number((match[4] ?? '').padEnd(9, '0'));
  const seconds = (Number(match[1]) * 60 + Number(match[2])) * 60 + Number(match[3]);
  return { ms: (seconds % 86_400) * 1000 + Math.floor(nanos / 1_000_000), ns: nanos % 1_000_000 };
}

/** YYYY-MM-DD[ HH:MM:SS.ffffff][+00][ BC]. */
function parseStamp(text: string): { readonly days: number; readonly clock: Instant } | undefined {
  const match = /^(\d{4,7})(-\d\d-\d\d)(?: (\d[^ ]*))?( BC)?$/.exec(text);
  if (match === null) return undefined;
  const year = match[4] === undefined ? Number(match[1]) : 1 - Number(match[1]);
  const digits = String(Math.abs(year)).padStart(4, '0');
  const days = parseDate(`${year < 0 ? '-' : year > 9999 ? '+' : ''}${digits}${match[2]!}`);
  const clock = match[3] === undefined ? { ms: 0, ns: 0 } : parseClock(match[3]);
  return days === undefined || clock === undefined ? undefined : { days, clock };
}

/** `{1,NULL,"a \"b\""}`, nested for arrays of arrays. */
function arrayReader(text: string, element: FromText, nested: boolean): Value[] | undefined {
  // Bounds that do not start at 1 stand in front.
  const start = text.startsWith('[') ? text.indexOf('=') + 1 : 0;
  if (text[start] !== '{' || !text.endsWith('}')) return undefined;
  const values: Value[] = [];
  let at = start + 1;
  while (at < text.length - 1) {
    const from = at;
    if (nested && text[at] === '{') {
      at = closing(text, at) + 1;
      values.push(element(text.slice(from, at)));
    } else if (text[at] === '"') {
      at = closing(text, at) + 1;
      values.push(element(text.slice(from + 1, at - 1).replace(/\\(.)/gs, '$1')));
    } else {
      while (at < text.length - 1 && text[at] !== ',') at++;
      const plain = text.slice(from, at);
      values.push(plain === 'NULL' ? null : element(plain));
    }
    if (text[at] === ',') at++;
  }
  return values;
}

/** Where the brace or quote at `at` closes. */
function closing(text: string, at: number): number {
  let depth = 0;
  let quoted = false;
  for (let i = at; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') i++;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === '{') depth++;
    else if (!quoted && c === '}') depth--;
    if (depth === 0 && !quoted) return i;
  }
  return text.length - 1;
}
