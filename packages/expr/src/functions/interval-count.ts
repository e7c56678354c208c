/* Intervals where a number is asked for. */

import { isInterval, notNull, types, withNullable, type IntervalType, type LogicalType } from '#data';
import { bindCall } from '../bind/bind-call.ts';
import { castTo } from '../bind/cast-to.ts';
import { literal } from '../bind/literal.ts';
import type { Expr } from '../expression.ts';
import { unitMs } from '../values/time-units.ts';

/** How often an interval has its last field, as Calcite casts it to a number: INTERVAL '25' HOUR is 25. */
export function intervalCount(interval: Expr, target: LogicalType): Expr {
  const { kind, unit } = interval.type as IntervalType;
  const last = unit.split(' ').at(-1)!;
  const length = kind === 'INTERVAL_YEAR_MONTH' ? (last === 'YEAR' ? 12 : 1) : unitMs[last]!;
  if (interval.kind === 'literal' && interval.value !== null) {
    const count = halfDown(BigInt(interval.value as number | bigint), BigInt(length));
    return castTo(literal(count, types.BIGINT), target);
  }
  // Of several fields the last counts: what cast would refuse.
  const ofOneField = { ...interval, type: { ...interval.type, unit: last } } as Expr;
  const whole = castTo(ofOneField, types.BIGINT);
  const count = length === 1 ? whole : bindCall('/', [whole, literal(BigInt(length), notNull(types.BIGINT))]);
  return castTo(count, withNullable(target, interval.type.nullable));
}

/** A constant is rounded, as Calcite does; only what is more than a half goes up. */
function halfDown(value: bigint, length: bigint): bigint {
  const [whole, rest] = [value / length, value % length];
  if (2n * (rest < 0n ? -rest : rest) <= length) return whole;
  return whole + (value < 0n ? -1n : 1n);
}

/** Whether Flink counts an interval for an element of this type. */
export const countsAs = (from: LogicalType, to: LogicalType): boolean =>
  isInterval(from) && (to.kind === 'INT' || to.kind === 'BIGINT');
