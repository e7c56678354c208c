/* Values as Flink gives them to Java's Formatter. */

import type { Instant, LogicalType, Value } from '#data';
import { decimalText } from './decimal.ts';
import { formatValue } from './format-value.ts';
import { javaDecimalHash } from './java-hash.ts';
import { formatDouble, formatFloat } from './number-text.ts';
import type { PrintArgument } from './printf.ts';
import { localDateTimeText } from './timestamp-text.ts';

const integerWidth: Readonly<Record<string, 8 | 16 | 32 | 64>> = {
  TINYINT: 8,
  SMALLINT: 16,
  INT: 32,
  BIGINT: 64,
  // As Flink keeps them: days, milliseconds of the day.
  DATE: 32,
  TIME: 32,
};

export function printArgument(value: Value, type: LogicalType): PrintArgument {
  if (value === null) return null;
  const bits = integerWidth[type.kind];
  if (bits !== undefined) return { kind: 'integer', bits, value: BigInt(value as number | bigint) };
  switch (type.kind) {
    case 'BOOLEAN':
      return { kind: 'boolean', value: value as boolean };
    case 'FLOAT':
      return { kind: 'float', value: value as number, text: formatFloat(value as number) };
    case 'DOUBLE':
      return { kind: 'float', value: value as number, text: formatDouble(value as number) };
    // No number to PRINTF: only %s, %b and %h take it.
    case 'DECIMAL':
      return {
        kind: 'other',
        text: decimalText(value as bigint, type.scale),
        hash: javaDecimalHash(value as bigint, type.scale),
      };
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return { kind: 'other', text: localDateTimeText(value as Instant) };
    case 'INTERVAL_DAY_TIME':
      return { kind: 'integer', bits: 64, value: value as bigint };
    case 'INTERVAL_YEAR_MONTH':
      return { kind: 'integer', bits: 32, value: BigInt(value as number) };
    default:
      return { kind: 'other', text: formatValue(value, type, 'UTC') };
  }
}
