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
  const whole = castTo(interval, types.BIGINT);
  const count = length === 1 ? whole : bindCall('/', [whole, literal(BigInt(length), notNull(types.BIGINT))]);
  return castTo(count, withNullable(target, interval.type.nullable));
}

/** Whether Flink counts an interval for an element of this type. */
export const countsAs = (from: LogicalType, to: LogicalType): boolean =>
  isInterval(from) && (to.kind === 'INT' || to.kind === 'BIGINT');
