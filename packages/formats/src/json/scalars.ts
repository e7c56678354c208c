/* One JSON value → one SQL value of a scalar type, with the conversions that Flink's json format makes:
 * numbers may be written as strings and strings as numbers, a decimal with too many digits is NULL.
 * Whole numbers and decimals are made from their digits: 9007199254740993.7 as BIGINT is 9007199254740993. */

import { UserError } from '#base';
import { typeText, type LogicalType, type Value } from '#data';
import { parseBase64 } from '../text/base64.ts';
import {
  javaTrim,
  parseDecimal,
  parseDouble,
  parseFloat32,
  parseInteger,
  toDecimalType,
  wholePart,
} from '../text/numbers.ts';
import { parseDate, parseSqlTime, parseTimestamp } from '../text/time.ts';
import type { JsonCursor } from './cursor.ts';
import { canonicalText } from './canonical.ts';
import type { JsonDecodeSettings } from './options.ts';

/** Converts the value that the cursor has just read, which is not null. Undefined when it cannot be one of
 *  the type. */
export type ScalarConversion = (cursor: JsonCursor) => Value | undefined;

const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n } as const;

/** `exactFloats`: numbers inside a container that is read as a string keep their decimal digits. */
export function scalarConversion(
  type: LogicalType,
  settings: JsonDecodeSettings,
  exactFloats: boolean,
): ScalarConversion {
  switch (type.kind) {
    case 'NULL':
      return () => null;
    case 'BOOLEAN':
      return toBoolean;
    case 'TINYINT':
      return wholeNumber(-128, 127, false);
    case 'SMALLINT':
      return wholeNumber(-32768, 32767, false);
    case 'INT':
    case 'INTERVAL_YEAR_MONTH':
      return wholeNumber(-2147483648, 2147483647, true);
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      return toLong;
    case 'FLOAT':
      return (c) => (isContainer(c) ? undefined : parseFloat32(c.text()));
    case 'DOUBLE':
      return (c) => (isContainer(c) ? undefined : parseDouble(c.text()));
    case 'DECIMAL':
      return (c) => {
        if (c.kind !== 'string' && !isNumber(c)) return undefined;
        const decimal = parseDecimal(javaTrim(c.text()));
        return decimal === undefined ? undefined : toDecimalType(decimal, type);
      };
    case 'CHAR':
    case 'VARCHAR':
      return toText(settings, exactFloats);
    case 'BINARY':
    case 'VARBINARY':
      return (c) => (c.kind === 'string' ? parseBase64(c.text()) : undefined);
    case 'DATE':
      return fromText(parseDate);
    case 'TIME':
      return fromText((text) => parseSqlTime(text, type.precision));
    case 'TIMESTAMP':
      return fromText((text) => parseTimestamp(text, settings.style, false, type.precision));
    case 'TIMESTAMP_LTZ':
      return fromText((text) => parseTimestamp(text, settings.style, true, type.precision));
    default:
      throw new UserError('FMT1003', {
        message: `the ${settings.format} format has no form for ${typeText(type)}`,
      });
  }
}

const isContainer = (c: JsonCursor): boolean => c.kind === 'object' || c.kind === 'array';
const isNumber = (c: JsonCursor): boolean => c.kind === 'integer' || c.kind === 'float';

function fromText(parse: (text: string) => Value | undefined): ScalarConversion {
  return (c) => (isContainer(c) ? undefined : parse(c.text()));
}

/** Java's parseBoolean: everything that is not "true" is false. */
function toBoolean(c: JsonCursor): Value | undefined {
  if (c.kind === 'true' || c.kind === 'false') return c.kind === 'true';
  return !isContainer(c) && javaTrim(c.text()).toLowerCase() === 'true';
}

function wholeNumber(min: number, max: number, takesFloats: boolean): ScalarConversion {
  return (c) => {
    if (isContainer(c)) return undefined;
    const text = c.text();
    if (c.kind !== 'float' || !takesFloats) {
      const value = parseInteger(javaTrim(text), BigInt(min), BigInt(max));
      return value === undefined ? undefined : Number(value);
    }
    // Flink checks the range before it cuts the fraction: 2147483647.5 is out of range.
    const decimal = parseDecimal(text);
    const whole = decimal === undefined ? undefined : wholePart(decimal, 10);
    return whole === undefined || Number(text) < min || Number(text) > max ? undefined : Number(whole);
  };
}

function toLong(c: JsonCursor): Value | undefined {
  if (isContainer(c)) return undefined;
  const text = c.text();
  if (c.kind !== 'float') return parseInteger(javaTrim(text), int64.min, int64.max);
  const decimal = parseDecimal(text);
  const whole = decimal === undefined ? undefined : wholePart(decimal, 19);
  return whole === undefined || whole < int64.min || whole > int64.max ? undefined : whole;
}

function toText(settings: JsonDecodeSettings, exactFloats: boolean): ScalarConversion {
  return (c) => {
    if (isContainer(c) || (!settings.rawNumbers && c.kind === 'float')) {
      return canonicalText(c.data, c.start, c.stop, exactFloats);
    }
    return c.text();
  };
}
