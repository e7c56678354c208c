/* CAST of single values: one function per pair of types, made once per expression. */

import {
  instant,
  isBinary,
  isString,
  isTimestamp,
  mapTypes,
  sameType,
  typeText,
  withNullable,
  type ArrayType,
  type DecimalType,
  type Instant,
  type IntervalType,
  type LengthType,
  type LogicalType,
  type MapValue,
  type RowType,
  type TemporalType,
  type Value,
} from '#data';
import { unreachable } from '#base';
import type { EvalContext } from '../context.ts';
import { dayMs, floorDiv, floorMod } from './civil.ts';
import { castFailed } from './data-errors.ts';
import {
  abs,
  decimalToDouble,
  divideHalfUp,
  doubleToDecimal,
  fit,
  parseDecimalAs,
  pow10,
  rescale,
} from './decimal.ts';
import { formatValue } from './format-value.ts';
import { parseDouble, parseInteger } from './number-text.ts';
import { parseDate, parseTime, parseTimestampLeniently, truncateInstant } from './timestamp-text.ts';
import { instantToLocal, localToInstant } from './zone.ts';

/** Casts a non-null value; null is DECIMAL overflow; throws UserError DATA3002 where the cast fails. */
export type CastFunction = (value: never, context: EvalContext) => Value;
type AnyCast = (value: Value, context: EvalContext) => Value;

const integerBits = { TINYINT: 8, SMALLINT: 16, INT: 32, BIGINT: 64 } as const;
export type IntegerKind = keyof typeof integerBits;

/** An exact integer as Java narrows it: the low bits. BIGINT as bigint, the others as number. */
export function wrapInteger(kind: IntegerKind, value: bigint): Value {
  const wrapped = BigInt.asIntN(integerBits[kind], value);
  return kind === 'BIGINT' ? wrapped : Number(wrapped);
}

/** A float as Java's (int), (long), (short) … : cut off, saturated at int or long, then the low bits; NaN is 0. */
export function floatToInteger(kind: IntegerKind, value: number): Value {
  if (Number.isNaN(value)) return kind === 'BIGINT' ? 0n : 0;
  if (kind === 'BIGINT') {
    if (value >= 2 ** 63) return 2n ** 63n - 1n;
    return value < -(2 ** 63) ? -(2n ** 63n) : BigInt(Math.trunc(value));
  }
  const int = Math.trunc(Math.max(-2147483648, Math.min(2147483647, value)));
  return kind === 'INT' ? int + 0 : kind === 'SMALLINT' ? (int << 16) >> 16 : (int << 24) >> 24;
}

const trueTexts = new Set(['t', 'true', 'y', 'yes', '1']);
const falseTexts = new Set(['f', 'false', 'n', 'no', '0']);

export function textToBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return trueTexts.has(lower) ? true : falseTexts.has(lower) ? false : undefined;
}

/** The function that casts values of `from` to `to`; the pair must be castable (types/cast-rules.ts). */
export function castFunction(from: LogicalType, to: LogicalType): CastFunction {
  return makeCast(from, to) as CastFunction;
}

function makeCast(from: LogicalType, to: LogicalType): AnyCast {
  // Elements of an array of nothing but NULL.
  if (from.kind === 'NULL') return () => null;
  if (sameType(from, to, false)) return (value) => value;
  switch (to.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return toText(from, to);
    case 'BOOLEAN':
      return toBoolean(from, to);
    case 'BINARY':
    case 'VARBINARY':
      return toBinary(from, to);
    case 'DECIMAL':
      return toDecimal(from, to);
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
      return toInteger(from, to.kind, to);
    case 'FLOAT':
    case 'DOUBLE':
      return toFloat(from, to);
    case 'DATE':
      return toDate(from, to);
    case 'TIME':
      return toTime(from, to);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return toTimestamp(from, to);
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return toInterval(from, to);
    case 'ARRAY': {
      const element = nullSafe(makeCast((from as ArrayType).element, to.element));
      return (value, context) => (value as Value[]).map((v) => element(v, context));
    }
    case 'MAP':
    case 'MULTISET': {
      const [sourceKey, sourceValue] = mapTypes(from);
      const [targetKey, targetValue] = mapTypes(to);
      const [key, item] = [
        nullSafe(makeCast(sourceKey, targetKey)),
        nullSafe(makeCast(sourceValue, targetValue)),
      ];
      return (value, context) => ({
        entries: (value as MapValue).entries.map(([k, v]) => [key(k, context), item(v, context)] as const),
      });
    }
    case 'ROW': {
      const fields = to.fields.map((f, i) => nullSafe(makeCast((from as RowType).fields[i]!.type, f.type)));
      return (value, context) => (value as Value[]).map((v, i) => fields[i]!(v, context));
    }
    case 'VARIANT':
    case 'BITMAP':
      return unsupported(from, to);
    case 'NULL':
    case 'SYMBOL':
      return () => null;
    default:
      return unreachable(to);
  }
}

const nullSafe =
  (cast: AnyCast): AnyCast =>
  (value, context) =>
    value === null ? null : cast(value, context);

function unsupported(from: LogicalType, to: LogicalType): never {
  throw new TypeError(`no cast from ${typeText(from)} to ${typeText(to)}`);
}

function toText(from: LogicalType, to: LengthType): AnyCast {
  const trimmed = (text: string): string => {
    if (to.kind === 'VARCHAR' && text.length <= to.length) return text;
    const points = [...text];
    if (points.length > to.length) return points.slice(0, to.length).join('');
    return to.kind === 'CHAR' ? text + ' '.repeat(to.length - points.length) : text;
  };
  return (value, context) => trimmed(formatValue(value, from, context.timeZone));
}

function toBoolean(from: LogicalType, to: LogicalType): AnyCast {
  if (isString(from)) return (value) => textToBoolean(value as string) ?? castFailed(value, from, to);
  return (value) => (typeof value === 'bigint' ? value !== 0n : value !== 0);
}

function toBinary(from: LogicalType, to: LengthType): AnyCast {
  return (value) => {
    const bytes: Uint8Array = isString(from) ? Buffer.from(value as string, 'utf8') : (value as Uint8Array);
    if (to.kind === 'VARBINARY' ? bytes.length <= to.length : bytes.length === to.length)
      return new Uint8Array(bytes);
    const result = new Uint8Array(Math.min(to.length, to.kind === 'BINARY' ? to.length : bytes.length));
    result.set(bytes.subarray(0, result.length));
    return result;
  };
}

function toDecimal(from: LogicalType, to: DecimalType): AnyCast {
  const { precision, scale } = to;
  switch (from.kind) {
    case 'DECIMAL':
      return (value) => fit(rescale(value as bigint, from.scale, scale), precision);
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
      return (value) => fit(BigInt(value as number | bigint) * pow10(scale), precision);
    case 'FLOAT':
      return (value) => doubleToDecimal(value as number, precision, scale);
    case 'DOUBLE':
      return (value) => doubleToDecimal(value as number, precision, scale);
    case 'BOOLEAN':
      return (value) => (value === true ? fit(pow10(scale), precision) : 0n);
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return (value) => fit(BigInt(value as number | bigint) * pow10(scale), precision);
    case 'CHAR':
    case 'VARCHAR':
      return (value) =>
        parseDecimalAs((value as string).trim(), precision, scale) ??
        castFailed(value, from, to, 'not a number of that many digits');
    default:
      return unsupported(from, to);
  }
}

function integerBounds(kind: IntegerKind): { low: bigint; high: bigint } {
  const half = 1n << BigInt(integerBits[kind] - 1);
  return { low: -half, high: half - 1n };
}

function toInteger(from: LogicalType, kind: IntegerKind, to: LogicalType): AnyCast {
  switch (from.kind) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return (value) => wrapInteger(kind, BigInt(value as number | bigint));
    case 'DECIMAL': {
      const unit = pow10(from.scale);
      return (value) => wrapInteger(kind, (value as bigint) / unit);
    }
    case 'FLOAT':
    case 'DOUBLE':
      return (value) => floatToInteger(kind, value as number);
    case 'BOOLEAN':
      return (value) => wrapInteger(kind, value === true ? 1n : 0n);
    case 'CHAR':
    case 'VARCHAR': {
      const { low, high } = integerBounds(kind);
      return (value) => {
        const parsed = parseInteger((value as string).trim(), low, high);
        if (parsed === undefined) castFailed(value, from, to, `not an integer between ${low} and ${high}`);
        return kind === 'BIGINT' ? parsed : Number(parsed);
      };
    }
    default:
      return unsupported(from, to);
  }
}

function toFloat(from: LogicalType, to: LogicalType): AnyCast {
  const round = to.kind === 'FLOAT' ? Math.fround : (v: number): number => v;
  switch (from.kind) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'FLOAT':
    case 'DOUBLE':
      return (value) => round(value as number);
    case 'BIGINT':
      return to.kind === 'FLOAT' ? (value) => bigintToFloat(value as bigint) : (value) => Number(value);
    case 'DECIMAL':
      return (value) => round(decimalToDouble(value as bigint, from.scale));
    case 'BOOLEAN':
      return (value) => (value === true ? 1 : 0);
    case 'CHAR':
    case 'VARCHAR':
      return (value) => {
        const parsed = parseDouble((value as string).trim());
        return parsed === undefined ? castFailed(value, from, to, 'not a number') : round(parsed);
      };
    default:
      return unsupported(from, to);
  }
}

/** (float) of a long, rounded once: going through double could round twice. */
export function bigintToFloat(value: bigint): number {
  const magnitude = abs(value);
  if (magnitude < 1n << 53n) return Math.fround(Number(value));
  // Keep 26 leading bits and one sticky bit: enough to round to 24 and far below what a double holds.
  const shift = BigInt(magnitude.toString(2).length - 27);
  const sticky = magnitude & ((1n << shift) - 1n) ? 1n : 0n;
  const scaled = Math.fround(Number(((magnitude >> shift) | sticky) * (1n << shift)));
  return value < 0n ? -scaled : scaled;
}

function toDate(from: LogicalType, to: LogicalType): AnyCast {
  if (isString(from)) return (value) => parseDate(value as string) ?? castFailed(value, from, to);
  if (from.kind === 'TIMESTAMP') return (value) => floorDiv((value as Instant).ms, dayMs);
  if (from.kind === 'TIMESTAMP_LTZ') {
    return (value, { timeZone }) => floorDiv(instantToLocal(timeZone, (value as Instant).ms), dayMs);
  }
  return unsupported(from, to);
}

function toTime(from: LogicalType, to: TemporalType): AnyCast {
  const unit = 10 ** Math.max(0, 3 - to.precision);
  const cut = (ms: number): number => ms - (ms % unit);
  if (isString(from)) return (value) => cut(parseTime(value as string) ?? castFailed(value, from, to));
  if (from.kind === 'TIME') return (value) => cut(value as number);
  if (from.kind === 'TIMESTAMP') return (value) => cut(floorMod((value as Instant).ms, dayMs));
  if (from.kind === 'TIMESTAMP_LTZ') {
    return (value, { timeZone }) => cut(floorMod(instantToLocal(timeZone, (value as Instant).ms), dayMs));
  }
  return unsupported(from, to);
}

function toTimestamp(from: LogicalType, to: TemporalType): AnyCast {
  const toLocal = localTimestamp(from, to);
  if (isTimestamp(from) && from.kind === to.kind)
    return (value) => truncateInstant(value as Instant, to.precision);
  if (from.kind === 'TIMESTAMP_LTZ') {
    return (value, { timeZone }) => {
      const { ms, ns } = value as Instant;
      return truncateInstant({ ms: instantToLocal(timeZone, ms), ns }, to.precision);
    };
  }
  if (to.kind === 'TIMESTAMP') return (value) => toLocal(value);
  return (value, { timeZone }) => {
    const { ms, ns } = toLocal(value);
    return { ms: localToInstant(timeZone, ms), ns };
  };
}

/** Values of `from` as local date-times. */
function localTimestamp(from: LogicalType, to: TemporalType): (value: Value) => Instant {
  if (isString(from))
    return (value) => parseTimestampLeniently(value as string, to.precision) ?? castFailed(value, from, to);
  if (from.kind === 'DATE') return (value) => instant((value as number) * dayMs);
  if (from.kind === 'TIME') return (value) => instant(value as number);
  return (value) => truncateInstant(value as Instant, to.precision);
}

function toInterval(from: LogicalType, to: IntervalType): AnyCast {
  const unit = intervalUnit(to);
  if (from.kind === to.kind) return (value) => value;
  if (from.kind === 'DECIMAL') {
    return (value) => ofUnits(to, divideHalfUp(value as bigint, pow10(from.scale)) * unit);
  }
  if (isString(from) || isBinary(from)) return unsupported(from, to);
  return (value) => ofUnits(to, BigInt(value as number | bigint) * unit);
}

const ofUnits = (to: IntervalType, value: bigint): Value =>
  to.kind === 'INTERVAL_YEAR_MONTH' ? Number(BigInt.asIntN(32, value)) : BigInt.asIntN(64, value);

/** Milliseconds or months of one unit of a single-field interval. */
function intervalUnit(type: IntervalType): bigint {
  switch (type.unit) {
    case 'YEAR':
      return 12n;
    case 'DAY':
      return 86_400_000n;
    case 'HOUR':
      return 3_600_000n;
    case 'MINUTE':
      return 60_000n;
    case 'SECOND':
      return 1000n;
    default:
      return 1n;
  }
}

/** `type` with the nullability that a cast gives: TRY_CAST always nullable. */
export const castType = (from: LogicalType, to: LogicalType, safe: boolean): LogicalType =>
  withNullable(to, safe || from.nullable || from.kind === 'NULL');
