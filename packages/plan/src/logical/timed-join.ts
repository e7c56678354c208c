/* Joins as they are bound: one that is bounded in time, by an interval or by windows, gives its rows in the order of time that
 * watermarks follow, and so its time attributes stay what they are. */

import type { Expr } from '#expr';
import { intervalOf } from './interval.ts';
import { windowColumns } from './kinds.ts';
import { givesLeftOnly, join, type JoinRel, type JoinTtl, type JoinType } from './nodes/join.ts';
import type { Rel } from './rel.ts';
import { windowJoinRest } from './window-join.ts';

/** What a join is by its condition. Semi and anti joins are never bounded by an interval. */
export function joinForm(
  type: JoinType,
  left: Rel,
  right: Rel,
  condition: Expr | undefined,
): 'regular' | 'interval' | 'window' {
  const width = left.fields.length;
  if (windowJoinRest(windowColumns(left), windowColumns(right), condition, width) !== undefined)
    return 'window';
  return !givesLeftOnly(type) && intervalOf(left.fields, right.fields, condition) !== undefined
    ? 'interval'
    : 'regular';
}

/** The join, with the time attributes that are left. */
export const timedJoin = (
  type: JoinType,
  left: Rel,
  right: Rel,
  condition: Expr | undefined,
  ttl: JoinTtl = {},
): JoinRel => {
  const keepsTimes = joinForm(type, left, right, condition) !== 'regular';
  return join(type, left, right, condition, { ...ttl, keepsTimes });
};

/** A join whose condition or inputs have changed, with the time attributes that it has now. */
export function retimed(rel: JoinRel): JoinRel {
  const { fields } = timedJoin(rel.type, rel.left, rel.right, rel.condition);
  return { ...rel, fields: rel.fields.map((f, i) => ({ ...f, time: fields[i]!.time })) };
}
