/* Short forms for the literals that examples are written with. */

import { instant, notNull, types, type LogicalType, type Value } from '#data';
import { castTo } from '../bind/cast-to.ts';
import { literal, textLiteral } from '../bind/literal.ts';
import type { Expr, LiteralExpr } from '../expression.ts';
import { parseDecimal } from '../values/decimal.ts';
import { parseDate, parseTime, parseTimestamp } from '../values/timestamp-text.ts';

export const str = textLiteral;
export const bool = (value: boolean): LiteralExpr => literal(value, types.BOOLEAN);
export const int = (value: number): LiteralExpr => literal(value, types.INT);
export const tinyint = (value: number): LiteralExpr => literal(value, types.TINYINT);
export const bigint = (value: bigint): LiteralExpr => literal(value, types.BIGINT);
export const double = (value: number): LiteralExpr => literal(value, types.DOUBLE);
export const float = (value: number): LiteralExpr => literal(Math.fround(value), types.FLOAT);

/** A literal such as 1.50: DECIMAL(3, 2). */
export function dec(text: string): LiteralExpr {
  const { value, scale } = parseDecimal(text)!;
  const digits = text.replace(/[-.]/g, '').replace(/^0+/, '');
  return literal(value, types.decimal(Math.max(digits.length, scale, 1), scale));
}
/** X'…'. */
export const bytes = (hex: string): LiteralExpr => {
  const value = new Uint8Array(Buffer.from(hex, 'hex'));
  return literal(value, types.binary(value.length));
};
export const date = (text: string): LiteralExpr => literal(parseDate(text)!, types.DATE);
export const time = (text: string): LiteralExpr => literal(parseTime(text)!, types.time(0));
export const ts = (text: string, precision: number): LiteralExpr =>
  literal(parseTimestamp(text)!, types.timestamp(precision));
export const ltz = (ms: number, precision: number): LiteralExpr =>
  literal(instant(ms), types.timestampLtz(precision));
export const nullOf = (type: LogicalType): LiteralExpr => literal(null, type);
export const cast = (expr: Expr, type: LogicalType): Expr => castTo(expr, type);
export const arrayOf = (element: LogicalType, ...values: Value[]): LiteralExpr =>
  literal(values, types.array(values.includes(null) ? element : notNull(element)));
export const mapOf = (
  key: LogicalType,
  value: LogicalType,
  ...entries: (readonly [Value, Value])[]
): LiteralExpr => literal({ entries }, types.map(notNull(key), notNull(value)));
/** A date-time value for expected results. */
export const at = (text: string): Value => parseTimestamp(text)!;
export const day = (text: string): Value => parseDate(text)!;
