/* Any value as text: what CAST(value AS STRING) gives. */

import { bitmapText, mapTypes, type Instant, type LogicalType, type MapValue, type Value } from '#data';
import { decimalText } from './decimal.ts';
import { formatDayTime, formatYearMonth } from './interval-text.ts';
import { formatDouble, formatFloat } from './number-text.ts';
import { formatDate, formatTime, formatTimestamp } from './timestamp-text.ts';
import { jsonOfVariant } from './variant-json.ts';
import { instantToLocal } from './zone.ts';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** UTF-8 bytes as text, what is malformed as U+FFFD. */
export const decodeUtf8 = (bytes: Uint8Array): string => utf8.decode(bytes);

/** The text of a non-null value; nested nulls read NULL. `zone` is where TIMESTAMP_LTZ is shown. */
export function formatValue(value: Value, type: LogicalType, zone: string): string {
  if (value === null) return 'NULL';
  switch (type.kind) {
    case 'BOOLEAN':
      return value === true ? 'TRUE' : 'FALSE';
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
      return String(value);
    case 'FLOAT':
      return formatFloat(value as number);
    case 'DOUBLE':
      return formatDouble(value as number);
    case 'DECIMAL':
      return decimalText(value as bigint, type.scale);
    case 'CHAR':
    case 'VARCHAR':
      return value as string;
    case 'BINARY':
    case 'VARBINARY':
      return decodeUtf8(value as Uint8Array);
    case 'VARIANT':
      return jsonOfVariant(value as Uint8Array);
    case 'BITMAP':
      return bitmapText(value as Uint8Array);
    case 'DATE':
      return formatDate(value as number);
    case 'TIME':
      return timeText(value as number, type.precision);
    case 'TIMESTAMP':
      return formatTimestamp(value as Instant, type.precision);
    case 'TIMESTAMP_LTZ': {
      const { ms, ns } = value as Instant;
      return formatTimestamp({ ms: instantToLocal(zone, ms), ns }, type.precision);
    }
    case 'INTERVAL_YEAR_MONTH':
      return formatYearMonth(value as number);
    case 'INTERVAL_DAY_TIME':
      return formatDayTime(value as bigint);
    case 'ARRAY':
      return `[${(value as Value[]).map((v) => formatValue(v, type.element, zone)).join(', ')}]`;
    case 'MAP':
    case 'MULTISET': {
      const [key, item] = mapTypes(type);
      const text = (value as MapValue).entries.map(
        ([k, v]) => `${formatValue(k, key, zone)}=${formatValue(v, item, zone)}`,
      );
      return `{${text.join(', ')}}`;
    }
    case 'ROW':
      return `(${(value as Value[])
        .map((v, i) => {
          const { name, type: field } = type.fields[i]!;
          return `${type.className === undefined ? '' : `${name}=`}${formatValue(v, field, zone)}`;
        })
        .join(', ')})`;
    case 'NULL':
    case 'SYMBOL':
      return 'NULL';
  }
}

/** A time of day, of whose fraction Flink leaves out zeros at the end, but for the first digit. */
function timeText(value: number, precision: number): string {
  const text = formatTime(value, Math.min(precision, 3));
  return precision === 0 ? text : text.replace(/(?<=\.\d+)0+$/, '');
}

const shownMax = 60;

/** A value for an error message: strings quoted, long ones cut. */
export function showValue(value: Value, type: LogicalType): string {
  const text = formatValue(value, type, 'UTC');
  const cut = text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
  return type.kind === 'CHAR' || type.kind === 'VARCHAR' ? `'${cut}'` : cut;
}
