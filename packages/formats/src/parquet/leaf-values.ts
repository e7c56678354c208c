/* From a value as it lies in a file to one of a column's type, as Flink 2.3 maps them, and where it has no mapping as the file
 * says what the value is. */

import type { SchemaElement } from 'hyparquet';
import { instant, type DecimalType, type LogicalType, type Value } from '#data';
import { bigEndian } from '../binary-numbers.ts';
import { malformed } from './malformed.ts';
import type { RawValue } from './leaf-cursor.ts';
import type { Times, TimeUnit } from './times.ts';

export type ToValue = (raw: RawValue) => Value;

/** Undefined where values of the file are none of the type. */
export function leafValue(element: SchemaElement, type: LogicalType, times: Times): ToValue | undefined {
  const physical = element.type!;
  const isBytes = physical === 'BYTE_ARRAY' || physical === 'FIXED_LEN_BYTE_ARRAY';
  switch (type.kind) {
    case 'BOOLEAN':
      return physical === 'BOOLEAN' ? (raw) => raw as boolean : undefined;
    case 'TINYINT':
      return physical === 'INT32' && !isDecimal(element) ? (raw) => ((raw as number) << 24) >> 24 : undefined;
    case 'SMALLINT':
      return physical === 'INT32' && !isDecimal(element) ? (raw) => ((raw as number) << 16) >> 16 : undefined;
    case 'INT':
      return physical === 'INT32' && !isDecimal(element) ? (raw) => raw as number : undefined;
    case 'BIGINT':
      if (isDecimal(element)) return undefined;
      if (physical === 'INT64') return (raw) => raw as bigint;
      if (physical !== 'INT32') return undefined;
      return isUnsigned(element) ? (raw) => BigInt((raw as number) >>> 0) : (raw) => BigInt(raw as number);
    case 'FLOAT':
      return physical === 'FLOAT' ? (raw) => raw as number : undefined;
    case 'DOUBLE':
      return physical === 'FLOAT' || physical === 'DOUBLE' ? (raw) => raw as number : undefined;
    case 'DATE':
      return physical === 'INT32' ? (raw) => raw as number : undefined;
    case 'TIME':
      return timeOfDay(element, type.precision);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return pointInTime(element, type.precision, times);
    case 'DECIMAL':
      return decimal(element, type);
    case 'CHAR':
    case 'VARCHAR':
      return isBytes && !isDecimal(element) ? (raw) => text.decode(raw as Uint8Array) : undefined;
    case 'BINARY':
    case 'VARBINARY':
      return isBytes && !isDecimal(element) ? (raw) => new Uint8Array(raw as Uint8Array) : undefined;
    default:
      return undefined;
  }
}
const text = new TextDecoder('utf-8', { ignoreBOM: true });

export const isDecimal = ({ logical_type: logical, converted_type: converted }: SchemaElement): boolean =>
  logical?.type === 'DECIMAL' || converted === 'DECIMAL';
export const isUnsigned = ({ logical_type: logical, converted_type: converted }: SchemaElement): boolean =>
  (logical?.type === 'INTEGER' && !logical.isSigned) || converted?.startsWith('UINT_') === true;
/** The unit of a TIME or TIMESTAMP, by whichever of the two annotations it has. */
export function unitOf(element: SchemaElement, kind: 'TIME' | 'TIMESTAMP'): TimeUnit | undefined {
  const { logical_type: logical, converted_type: converted } = element;
  if (logical?.type === kind) return logical.unit;
  return converted === `${kind}_MILLIS` ? 'MILLIS' : converted === `${kind}_MICROS` ? 'MICROS' : undefined;
}

function timeOfDay(element: SchemaElement, precision: number): ToValue | undefined {
  const per = 10 ** Math.max(0, 3 - precision);
  const cut = (ms: number): number => ms - (ms % per);
  if (element.type === 'INT32') return (raw) => cut(raw as number);
  const unit = element.type === 'INT64' ? unitOf(element, 'TIME') : undefined;
  if (unit === undefined) return undefined;
  const count = unit === 'NANOS' ? 1_000_000n : unit === 'MICROS' ? 1000n : 1n;
  return (raw) => cut(Number((raw as bigint) / count));
}

/** Digits that the column does not have are cut off. */
function pointInTime(element: SchemaElement, precision: number, times: Times): ToValue | undefined {
  const perMs = 10 ** Math.max(0, 3 - precision);
  const perNs = 10 ** Math.min(6, 9 - precision);
  const cut = ({ ms, ns }: { readonly ms: number; readonly ns: number }): Value =>
    instant(Math.floor(ms / perMs) * perMs, precision <= 3 ? 0 : ns - (ns % perNs));
  if (element.type === 'INT96') return (raw) => cut(times.fromInt96(raw as Uint8Array));
  const unit = element.type === 'INT64' ? unitOf(element, 'TIMESTAMP') : undefined;
  return unit && ((raw) => cut(times.fromCount(raw as bigint, unit)));
}

function decimal(element: SchemaElement, { precision, scale }: DecimalType): ToValue | undefined {
  const { type } = element;
  const isWhole = type === 'INT32' || type === 'INT64';
  if (!isDecimal(element) && !isWhole) return undefined;
  if (type === 'BOOLEAN' || type === 'FLOAT' || type === 'DOUBLE' || type === 'INT96') return undefined;
  const logical = element.logical_type;
  const found = (logical?.type === 'DECIMAL' ? logical.scale : element.scale) ?? 0;
  const unsigned = isWhole && isUnsigned(element);
  const limit = 10n ** BigInt(precision);
  const more = 10n ** BigInt(Math.max(0, scale - found));
  const less = 10n ** BigInt(Math.max(0, found - scale));
  return (raw) => {
    const signed = raw instanceof Uint8Array ? bigEndian(raw) : BigInt(raw as number | bigint);
    const unscaled = unsigned ? BigInt.asUintN(type === 'INT32' ? 32 : 64, signed) : signed;
    const value = (unscaled * more) / less;
    if (value * less === unscaled * more && value < limit && value > -limit) return value;
    throw malformed(
      `${unscaled} with ${found} digits behind the point is no DECIMAL(${precision}, ${scale})`,
      0,
      'Declare the column with the precision and scale of the file.',
    );
  };
}
