/* Values as Flink prints them: the toString of the Java object that stands for each type (LocalDateTime,
 * Instant, BigDecimal, Duration, Row, …). Not what CAST AS STRING gives. */

import { unreachable } from '#base';
import {
  bitmapText,
  mapTypes,
  variantText,
  type Instant,
  type LogicalType,
  type MapValue,
  type Value,
} from '#data';
import { dateToText, decimalToPlain, doubleToText, floatToText } from '#formats';

export type CellText = (value: Value) => string;

/** The text of values of `type`; NULL is `null`. */
export function cellText(type: LogicalType): CellText {
  const text = notNull(type);
  return (value) => (value === null ? 'null' : text(value));
}

function notNull(type: LogicalType): (value: Exclude<Value, null>) => string {
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
    case 'CHAR':
    case 'VARCHAR':
      return String;
    case 'FLOAT':
      return (v) => floatToText(v as number);
    case 'DOUBLE':
      return (v) => doubleToText(v as number);
    case 'DECIMAL':
      return (v) => bigDecimalText(v as bigint, type.scale);
    case 'BINARY':
    case 'VARBINARY':
      return (v) => `[${Array.from(v as Uint8Array, (byte) => (byte << 24) >> 24).join(', ')}]`;
    case 'DATE':
      return (v) => dateToText(v as number);
    case 'TIME':
      return (v) => localTimeText(v as number, 0);
    case 'TIMESTAMP':
      return (v) => localDateTimeText(v as Instant);
    case 'TIMESTAMP_LTZ':
      return (v) => instantText(v as Instant);
    case 'INTERVAL_YEAR_MONTH':
      return (v) => periodText(v as number);
    case 'INTERVAL_DAY_TIME':
      return (v) => durationText(v as bigint);
    case 'ARRAY': {
      const element = cellText(type.element);
      return (v) => `[${(v as readonly Value[]).map(element).join(', ')}]`;
    }
    case 'MAP':
    case 'MULTISET': {
      const [key, item] = mapTypes(type).map(cellText) as [CellText, CellText];
      return (v) => `{${(v as MapValue).entries.map(([k, i]) => `${key(k)}=${item(i)}`).join(', ')}}`;
    }
    case 'ROW': {
      const fields = type.fields.map((f) => cellText(f.type));
      return (v) => `+I[${(v as readonly Value[]).map((cell, i) => fields[i]!(cell)).join(', ')}]`;
    }
    case 'VARIANT':
      return (v) => variantText(v as Uint8Array, doubleToText);
    case 'BITMAP':
      return (v) => bitmapText(v as Uint8Array);
    case 'NULL':
    case 'SYMBOL':
      return () => 'null';
    default:
      return unreachable(type);
  }
}

/** BigDecimal.toString: with all digits of its scale, unless that would take six zeros after the point. */
function bigDecimalText(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString();
  const exponent = digits.length - 1 - scale;
  if (exponent >= -6) return decimalToPlain(unscaled, scale);
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${unscaled < 0n ? '-' : ''}${digits[0]}${fraction}E${exponent}`;
}

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));
const dayMs = 86_400_000;

/** A fraction of a second in groups of three digits, as java.time prints it; nothing for 0. */
function fractionText(ms: number, ns: number): string {
  const nanos = ms * 1_000_000 + ns;
  if (nanos === 0) return '';
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(000){1,2}$/, '')}`;
}

/** LocalTime.toString: the seconds are left out when all below the minute is 0. */
function localTimeText(msOfDay: number, ns: number): string {
  const seconds = Math.floor(msOfDay / 1000);
  const minutes = Math.floor(seconds / 60);
  const short = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  const fraction = fractionText(msOfDay % 1000, ns);
  return seconds % 60 === 0 && fraction === '' ? short : `${short}:${two(seconds % 60)}${fraction}`;
}

function localDateTimeText({ ms, ns }: Instant): string {
  const day = Math.floor(ms / dayMs);
  return `${dateToText(day)}T${localTimeText(ms - day * dayMs, ns)}`;
}

/** Instant.toString: as a date-time in UTC, its seconds always there. */
function instantText(value: Instant): string {
  const text = localDateTimeText(value);
  const short = text.length - text.indexOf('T') === 6;
  return `${text}${short ? ':00' : ''}Z`;
}

/** Period.toString of years and months: P1Y2M, P0D. */
function periodText(months: number): string {
  const years = Math.trunc(months / 12);
  const rest = months % 12;
  if (months === 0) return 'P0D';
  return `P${years === 0 ? '' : `${years}Y`}${rest === 0 ? '' : `${rest}M`}`;
}

/** Duration.toString of milliseconds: PT26H3M4.5S, PT-1S, PT0S. */
function durationText(value: bigint): string {
  if (value === 0n) return 'PT0S';
  const sign = value < 0n ? '-' : '';
  const size = value < 0n ? -value : value;
  const hours = size / 3_600_000n;
  const minutes = (size / 60_000n) % 60n;
  const ms = size % 60_000n;
  const fraction =
    ms % 1000n === 0n
      ? ''
      : `.${String(ms % 1000n)
          .padStart(3, '0')
          .replace(/0+$/, '')}`;
  const parts = [
    hours === 0n ? '' : `${sign}${hours}H`,
    minutes === 0n ? '' : `${sign}${minutes}M`,
    ms === 0n ? '' : `${sign}${ms / 1000n}${fraction}S`,
  ];
  return `PT${parts.join('')}`;
}
