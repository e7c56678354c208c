/* Temporal joins: FOR SYSTEM_TIME AS OF a rowtime of the left side. What stands right is a table or a view with versions: it
 * has a rowtime, from which on each row holds, and a key by which a row follows another; the planner looks for that. */

import { UserError } from '#base';
import { typeText } from '#data';
import type { Expression, JoinRef } from '#sql';
import { temporalJoin } from '../logical/nodes/temporal-join.ts';
import type { Binder, Bound } from './binder.ts';
import { bindExpression } from './expressions.ts';
import { commonNames, merging } from './join.ts';
import { joinCondition } from './lookup-join.ts';
import type { Scope } from './scope.ts';

/** The rowtime that FOR SYSTEM_TIME AS OF names; undefined where it names none. */
export function rowtimeColumn(asOf: Expression, left: Scope): number | undefined {
  const time = bindExpression(asOf, left);
  return time.kind === 'column' && left.fields[time.index]!.time === 'rowtime' ? time.index : undefined;
}

export function bindTemporalJoin(
  ref: JoinRef,
  left: Bound,
  right: Bound,
  leftTime: number,
  binder: Binder,
): Bound {
  const type = ref.type === 'INNER' ? 'inner' : 'left';
  const name = right.scope.tables[0]!.name ?? '';
  if (ref.type !== 'INNER' && ref.type !== 'LEFT')
    throw new UserError('SQL2008', {
      at: ref.span,
      message: `Temporal table join currently only supports INNER JOIN and LEFT JOIN, not ${ref.type}`,
    });
  const rightTime = right.rel.fields.findIndex((f) => f.time === 'rowtime');
  if (rightTime < 0)
    throw new UserError('SQL2008', {
      at: ref.right.span,
      message: `Event-Time Temporal Table Join requires both primary key and row time attribute in versioned table, but no row time attribute can be found in "${name}"`,
      hint: 'Declare the time from which on a row holds: WATERMARK FOR ts AS ts.',
    });
  const [ofLeft, ofRight] = [left.rel.fields[leftTime]!.type, right.rel.fields[rightTime]!.type];
  if (ofLeft.kind !== ofRight.kind)
    throw new UserError('SQL2008', {
      at: ref.right.span,
      message: `Event-Time Temporal Table Join requires same rowtime type in left table and versioned table, but the rowtime types are ${typeText(ofLeft)} and ${typeText(ofRight)}.`,
    });
  const names = commonNames(ref, left.scope, right.scope);
  const condition = joinCondition(ref, names, left, right.scope, binder);
  const rel = temporalJoin({ type, left: left.rel, right: right.rel, leftTime, rightTime, condition, name });
  const both = left.scope.join(right.scope);
  return { rel, scope: merging(both, names, type, left.scope, right.scope).withFields(rel.fields) };
}
