/* Result types of DECIMAL arithmetic and of SUM and AVG, as Flink derives them (SQL Server's rules, with the scale
 * given up first when 38 digits do not suffice).
 *
 *   a + b, a - b   scale max(s1, s2)             precision max(p1-s1, p2-s2) + scale + 1
 *   a * b          scale s1 + s2                 precision p1 + p2 + 1
 *   a / b          scale max(6, s1 + p2 + 1)     precision p1 - s1 + s2 + scale
 *   a % b          scale max(s1, s2)             precision min(p1-s1, p2-s2) + scale
 */

import { notNull, types, withNullable, type DecimalType, type LogicalType } from '#data';

export const decimalPrecisionMax = 38;
const adjustedScaleMin = 6;

interface Digits {
  readonly precision: number;
  readonly scale: number;
}

/** A type of at most 38 digits: whole digits are kept, fraction digits beyond the first six are given up. */
function bounded(precision: number, scale: number): DecimalType {
  if (precision <= decimalPrecisionMax) return notNull(types.decimal(precision, scale));
  const kept = Math.max(decimalPrecisionMax - (precision - scale), Math.min(scale, adjustedScaleMin));
  return notNull(types.decimal(decimalPrecisionMax, kept));
}

/** The type of `a op b`, NOT NULL. */
export function decimalResult(op: '+' | '-' | '*' | '/' | '%', a: Digits, b: Digits): DecimalType {
  switch (op) {
    case '+':
    case '-': {
      const scale = Math.max(a.scale, b.scale);
      return bounded(Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale);
    }
    case '*':
      return bounded(a.precision + b.precision + 1, a.scale + b.scale);
    case '/': {
      const scale = Math.max(adjustedScaleMin, a.scale + b.precision + 1);
      return bounded(a.precision - a.scale + b.scale + scale, scale);
    }
    case '%': {
      const scale = Math.max(a.scale, b.scale);
      return bounded(Math.min(a.precision - a.scale, b.precision - b.scale) + scale, scale);
    }
  }
}

/** The type of ROUND(a, digits) for a constant number of digits. */
export function roundResult(a: Digits, digits: number): DecimalType {
  if (digits >= a.scale) return notNull(types.decimal(a.precision, a.scale));
  if (digits < 0) return notNull(types.decimal(Math.min(decimalPrecisionMax, 1 + a.precision - a.scale), 0));
  return notNull(types.decimal(1 + a.precision - a.scale + digits, digits));
}

/** The DECIMAL that holds every value of an exact numeric type. */
export function asDecimal(type: LogicalType): DecimalType {
  switch (type.kind) {
    case 'DECIMAL':
      return type;
    case 'TINYINT':
      return { kind: 'DECIMAL', precision: 3, scale: 0, nullable: type.nullable };
    case 'SMALLINT':
      return { kind: 'DECIMAL', precision: 5, scale: 0, nullable: type.nullable };
    case 'INT':
      return { kind: 'DECIMAL', precision: 10, scale: 0, nullable: type.nullable };
    case 'BIGINT':
      return { kind: 'DECIMAL', precision: 19, scale: 0, nullable: type.nullable };
    default:
      throw new TypeError(`not an exact numeric type: ${type.kind}`);
  }
}

/** The type of SUM(argument); nullability as the argument's. */
export function sumResult(argument: LogicalType): LogicalType {
  return argument.kind === 'DECIMAL' ? { ...argument, precision: decimalPrecisionMax } : argument;
}

/** The type of AVG(argument); nullability as the argument's. */
export function avgResult(argument: LogicalType): LogicalType {
  if (argument.kind !== 'DECIMAL') return argument;
  const result = decimalResult('/', { precision: 38, scale: argument.scale }, { precision: 20, scale: 0 });
  return withNullable(result, argument.nullable);
}
