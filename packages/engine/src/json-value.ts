/* Values as the JSON of `run --json`, `sql --json` and test files, and back. Numbers keep all their digits. */

import { UserError } from '#base';
import { bitmapOfIntegers, mapTypes, typeText, VariantError, type LogicalType, type Value } from '#data';
import { JsonSyntaxError, parseDate, parseTime, parseTimestamp, variantOfJson } from '#expr';

export { jsonText } from '#expr';

/** A parsed JSON value whose numbers are kept as their text. */
export type Json = null | boolean | string | JsonNumber | readonly Json[] | { readonly [key: string]: Json };
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
/** JSON.parse, but exact. Throws SyntaxError. */
export function parseJson(text: string): Json {
  const reviver = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? new JsonNumber(context?.source ?? String(value)) : value;
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown) as Json;
}

const bad = (found: string, type: LogicalType): UserError =>
  new UserError('DATA2001', { message: `${found} is not of type ${typeText({ ...type, nullable: true })}` });

/** A value of `type` from parsed JSON. Throws DATA2001. */
export function fromJson(json: Json, type: LogicalType): Value {
  if (json === null) return null;
  switch (type.kind) {
    case 'ARRAY':
      if (!Array.isArray(json)) throw bad(JSON.stringify(json), type);
      return (json as readonly Json[]).map((j) => fromJson(j, type.element));
    case 'ROW':
      if (Array.isArray(json))
        return type.fields.map((f, i) => fromJson((json as readonly Json[])[i] ?? null, f.type));
      if (typeof json !== 'object' || json instanceof JsonNumber) throw bad(JSON.stringify(json), type);
      return type.fields.map((f) => fromJson((json as { [key: string]: Json })[f.name] ?? null, f.type));
    case 'MAP':
    case 'MULTISET': {
      const [key, value] = mapTypes(type);
      if (typeof json !== 'object' || json instanceof JsonNumber) throw bad(JSON.stringify(json), type);
      const entries = Array.isArray(json)
        ? (json as readonly (readonly [Json, Json])[])
        : Object.entries(json);
      return { entries: entries.map(([k, v]) => [fromJson(k, key), fromJson(v, value)] as const) };
    }
    case 'BINARY':
    case 'VARBINARY':
      if (typeof json !== 'string') throw bad(JSON.stringify(json), type);
      return new Uint8Array(Buffer.from(json, 'base64'));
    case 'VARIANT':
      return variant(writtenAgain(json), type);
    default:
      if (typeof json === 'object' && !(json instanceof JsonNumber)) throw bad(JSON.stringify(json), type);
      return fromText(json instanceof JsonNumber ? json.text : String(json), type);
  }
}

/** The text of parsed JSON, its numbers as they were. */
function writtenAgain(json: Json): string {
  if (json instanceof JsonNumber) return json.text;
  if (Array.isArray(json)) return `[${(json as readonly Json[]).map(writtenAgain).join(',')}]`;
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  return `{${Object.entries(json)
    .map(([name, value]) => `${JSON.stringify(name)}:${writtenAgain(value)}`)
    .join(',')}}`;
}
function variant(text: string, type: LogicalType): Value {
  try {
    return variantOfJson(text, false);
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof VariantError) throw bad(`'${text}'`, type);
    throw error;
  }
}
/** `{1,2,4294967295}`, as a BITMAP is cast to STRING. */
function bitmap(text: string, type: LogicalType): Value {
  const members = text.replace(/^\{|\}$/g, '').split(',');
  const isList = text.startsWith('{') && text.endsWith('}') && members.every((m) => /^\d{1,10}$/.test(m));
  if (text === '{}') return bitmapOfIntegers([]);
  if (!isList || members.some((m) => Number(m) > 4294967295)) throw bad(`'${text}'`, type);
  return bitmapOfIntegers(members.map(Number));
}

function bigint(value: bigint, text: string, type: LogicalType): bigint {
  if (BigInt.asIntN(64, value) !== value) throw bad(text, type);
  return value;
}

/** A value of a type that is not nested, from its text. Throws DATA2001. */
export function fromText(text: string, type: LogicalType): Value {
  switch (type.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return text;
    case 'BOOLEAN':
      if (!/^(true|false)$/i.test(text)) throw bad(text, type);
      return text.toLowerCase() === 'true';
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
      return integer(text, type);
    case 'BIGINT':
      if (!/^[+-]?\d+$/.test(text)) throw bad(text, type);
      return bigint(BigInt(text.replace(/^\+/, '')), text, type);
    case 'DECIMAL':
      return decimal(text, type);
    case 'FLOAT':
      return Math.fround(double(text, type));
    case 'DOUBLE':
      return double(text, type);
    case 'DATE':
      return parseDate(text) ?? fail(text, type);
    case 'TIME':
      return parseTime(text) ?? fail(text, type);
    case 'TIMESTAMP':
      return parseTimestamp(text) ?? fail(text, type);
    case 'TIMESTAMP_LTZ':
      return parseTimestamp(text.replace(/Z$/, '')) ?? fail(text, type);
    case 'VARIANT':
      return variant(text, type);
    case 'BITMAP':
      return bitmap(text, type);
    case 'INTERVAL_DAY_TIME':
      return dayTime(text, type);
    case 'INTERVAL_YEAR_MONTH':
      return yearMonth(text, type);
    case 'BINARY':
    case 'VARBINARY':
      return new Uint8Array(Buffer.from(text, 'base64'));
    default:
      throw bad(text, type);
  }
}
const fail = (text: string, type: LogicalType): never => {
  throw bad(text, type);
};
function integer(text: string, type: LogicalType): number {
  const bits = { TINYINT: 8, SMALLINT: 16, INT: 32 }[type.kind as 'INT'];
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || value < -(2 ** (bits - 1)) || value >= 2 ** (bits - 1))
    throw bad(text, type);
  return value;
}
function decimal(
  text: string,
  type: {
    readonly kind: 'DECIMAL';
    readonly scale: number;
    readonly precision: number;
    readonly nullable: boolean;
  },
): bigint {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (!match || (match[2] === '' && (match[3] ?? '') === '')) throw bad(text, type);
  const fraction = match[3] ?? '';
  if (/[1-9]/.test(fraction.slice(type.scale))) throw bad(text, type);
  const unscaled = BigInt(`${match[2]}${fraction.slice(0, type.scale).padEnd(type.scale, '0')}` || '0');
  return match[1] === '-' ? -unscaled : unscaled;
}
function double(text: string, type: LogicalType): number {
  if (text === 'NaN') return Number.NaN;
  if (/^[+-]?Infinity$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw bad(text, type);
  return value;
}
/** `+1 02:03:04.567`, as Flink casts a day-time interval to STRING. */
function dayTime(text: string, type: LogicalType): bigint {
  const match = /^([+-]?)(\d+) (\d\d):(\d\d):(\d\d)\.(\d{3})\d*$/.exec(text);
  if (!match) throw bad(text, type);
  const [, sign, d, h, m, s, ms] = match;
  const total =
    (((BigInt(d!) * 24n + BigInt(h!)) * 60n + BigInt(m!)) * 60n + BigInt(s!)) * 1000n + BigInt(ms!);
  return sign === '-' ? -total : total;
}
function yearMonth(text: string, type: LogicalType): number {
  const match = /^([+-]?)(\d+)-(\d\d?)$/.exec(text);
  if (!match) throw bad(text, type);
  const months = Number(match[2]) * 12 + Number(match[3]);
  return match[1] === '-' ? -months : months;
}
