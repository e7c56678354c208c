/* Which values compare with which, and the casts that bring both sides to one form. */

import {
  isApproximate,
  isOrderable,
  isExactNumeric,
  isInterval,
  isNumeric,
  isString,
  sameType,
  types,
  withNullable,
  type LogicalType,
} from '#data';
import { castTo } from '../bind/cast-to.ts';
import { isConstant } from '../bind/fold.ts';
import type { Expr } from '../expression.ts';
import { commonType, mergedType } from '../types/common-type.ts';
import { asDecimal } from '../types/decimal-types.ts';
import { parseDouble } from '../values/number-text.ts';
import { implicitly } from './parameters.ts';

const isTimePoint = (t: LogicalType): boolean =>
  ['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ'].includes(t.kind);
const isNested = (t: LogicalType): boolean =>
  t.kind === 'ARRAY' || t.kind === 'MAP' || t.kind === 'ROW' || t.kind === 'MULTISET';

/** Both sides as types that compare: numbers of one kind (decimals may differ in scale), texts, times. Undefined when
 *  they do not compare; ARRAY, MAP and ROW have equality but no order. A string beside a time is cast to it. */
export function comparable(a: Expr, b: Expr, ordered: boolean): readonly [Expr, Expr] | undefined {
  const [x, y] = [a.type, b.type];
  if (ordered && !(isOrderable(x) && isOrderable(y))) return undefined;
  if (x.kind === 'NULL' || y.kind === 'NULL') {
    const target = x.kind === 'NULL' ? (y.kind === 'NULL' ? types.INT : y) : x;
    return ordered && isNested(target) ? undefined : [implicitly(a, target), implicitly(b, target)];
  }
  if (isExactNumeric(x) && isExactNumeric(y)) return comparableExact(a, b);
  if (isNumeric(x) && isNumeric(y)) {
    // A DECIMAL beside a FLOAT loses none of its digits.
    const target = x.kind === 'DECIMAL' || y.kind === 'DECIMAL' ? types.DOUBLE : mergedType([x, y])!;
    return [implicitly(a, target), implicitly(b, target)];
  }
  if (x.kind === 'TIMESTAMP' && y.kind === 'TIMESTAMP_LTZ')
    return [castTo(a, { ...y, precision: x.precision }), b];
  if (x.kind === 'TIMESTAMP_LTZ' && y.kind === 'TIMESTAMP')
    return [a, castTo(b, { ...x, precision: y.precision })];
  if (isTimePoint(x) && isString(y)) return [a, asTime(b, x, ordered)];
  if (isString(x) && isTimePoint(y)) return [asTime(a, y, ordered), b];
  if (isString(x) && isString(y)) return [a, b];
  if (isNested(x)) {
    const target = ordered ? undefined : commonType([x, y]);
    return target && [implicitly(a, target), implicitly(b, target)];
  }
  if (x.kind === y.kind || (isInterval(x) && x.kind === y.kind)) return [a, b];
  const binary = ['BINARY', 'VARBINARY'];
  return binary.includes(x.kind) && binary.includes(y.kind) ? [a, b] : undefined;
}

/** A text that is no constant is NULL to an equality where it is no time; what orders them fails, as in Flink. */
const asTime = (text: Expr, time: LogicalType, ordered: boolean): Expr =>
  castTo(text, withNullable(time, true), { safe: !ordered && !isConstant(text) });

/** Both sides as = and IN of one value take them: numbers in their common type, as Calcite has it for equality alone. Of FLOAT and DOUBLE
 *  that is the first; digits behind the point that it has no room for are rounded away. */
export function equatable(a: Expr, b: Expr): readonly [Expr, Expr] | undefined {
  const [x, y] = [a.type, b.type];
  if (!isNumeric(x) || !isNumeric(y)) return comparable(a, b, false);
  const target = commonType([x, y])!;
  const hasRoom = target.kind === 'DECIMAL' && target.scale >= Math.max(scaleOf(x), scaleOf(y));
  return hasRoom ? comparable(a, b, false) : [implicitly(a, target), implicitly(b, target)];
}
/** One of several values of IN: FLOAT and DOUBLE as for =, anything else without losing a digit. */
export const listed = (value: Expr, item: Expr): readonly [Expr, Expr] | undefined =>
  isApproximate(value.type) && isApproximate(item.type)
    ? equatable(value, item)
    : comparable(value, item, false);

/** A list of IN as what is looked for takes it: other values beside a text are taken as texts, and texts beside a number, a
 *  time or a BOOLEAN as such, and fail where they are none. Constant texts that are no numbers stay, to be refused. */
export function listFor(value: LogicalType, items: readonly Expr[]): readonly Expr[] {
  const all = commonType(items.map((i) => i.type));
  if (all === undefined || all.kind === 'NULL') return items;
  if (isString(value) && isPlain(all)) return items.map((item) => castTo(item, types.STRING));
  if (!isPlain(value) || !isString(all) || (isNumeric(value) && items.some(isNoNumber))) return items;
  return items.map((item) => castTo(item, value));
}
const isNoNumber = (item: Expr): boolean =>
  item.kind === 'literal' && typeof item.value === 'string' && parseDouble(item.value.trim()) === undefined;
const isPlain = (type: LogicalType): boolean =>
  isNumeric(type) || isTimePoint(type) || type.kind === 'BOOLEAN';

const scaleOf = (type: LogicalType): number => (type.kind === 'DECIMAL' ? type.scale : 0);

function comparableExact(a: Expr, b: Expr): readonly [Expr, Expr] {
  if (sameType(a.type, b.type, false)) return [a, b];
  if (a.type.kind !== 'DECIMAL' && b.type.kind !== 'DECIMAL') {
    const target = commonType([a.type, b.type])!;
    return [implicitly(a, target), implicitly(b, target)];
  }
  return [implicitly(a, asDecimal(a.type)), implicitly(b, asDecimal(b.type))];
}
