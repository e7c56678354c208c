/* Interval joins: bounds become numbers, equalities beside them keys. */

import { UserError } from '#base';
import { typeText } from '#data';
import { intervalOf, type Interval } from '../../logical/interval.ts';
import type { JoinRel } from '../../logical/nodes/join.ts';
import type { PlanNode } from '../node.ts';
import { requireInserts } from './inserts-only.ts';
import { keyedJoin } from './join-keys.ts';
import type { Conversion } from './rule.ts';

export function intervalJoin(rel: JoinRel, to: Conversion): PlanNode {
  const interval = intervalOf(rel.left.fields, rel.right.fields, rel.condition)!;
  checkTimes(rel, interval);
  const { keyed, withoutKeys } = keyedJoin(rel, interval.rest, to);
  for (const input of keyed.inputs) requireInserts(input, 'an interval join', 'IntervalJoin', to);
  const { timeKind, leftTime, rightTime, lowerMs, upperMs } = interval;
  const lagMs = to.session.settings.durationMs('table.exec.interval-join.min-cleanup-interval');
  return withoutKeys({
    kind: 'interval-join',
    ...keyed,
    type: rel.type as Exclude<JoinRel['type'], 'semi' | 'anti'>,
    timeKind,
    leftTime,
    rightTime,
    lowerMs,
    upperMs,
    lagMs,
  });
}

/** What Flink's StreamPhysicalIntervalJoinRule asks of the time attributes. */
function checkTimes(rel: JoinRel, { timeKind, leftTime, rightTime }: Interval): void {
  if (timeKind === 'rowtime') {
    const [left, right] = [rel.left.fields[leftTime]!.type, rel.right.fields[rightTime]!.type];
    if (left.kind === right.kind) return;
    throw new UserError('PLAN1006', {
      message: `Interval join with rowtime attribute requires same rowtime types, but the types are ${typeText(left)} and ${typeText(right)}.`,
      hint: 'Declare both rowtimes as TIMESTAMP(3), or both as TIMESTAMP_LTZ(3).',
    });
  }
  const rowtime = [...rel.left.fields, ...rel.right.fields].find((f) => f.time === 'rowtime');
  if (rowtime === undefined) return;
  throw new UserError('PLAN1006', {
    message: `Interval join with proctime attribute requires no event-time attributes are in the join inputs, but there is "${rowtime.name}".`,
    hint: 'Its watermarks would not be held back. Leave the column out, or CAST it: then it is no time attribute.',
  });
}
