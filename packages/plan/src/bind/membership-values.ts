/* EXISTS and IN (SELECT …) as values, wherever they stand: a column beside every row says whether its group is there.
 *
 *   WHERE o.v > 1 OR EXISTS (SELECT 1 FROM c WHERE c.k = o.k)
 *   ⇒  filter(v > 1 OR k IS NOT NULL) ─ left on o.k = k ─ o,  DISTINCT k ─ c
 *
 * x IN (…) is NULL where x is, or where there is a NULL and no x: both are asked for beside, by counts of the whole. */

import { notNull, types } from '#data';
import { bindAggregate, bindCall, literal, type AggregateCall, type Expr } from '#expr';
import type { Expression, ExistsExpression, InExpression } from '#sql';
import { windowColumns } from '../logical/kinds.ts';
import { aggregate } from '../logical/nodes/aggregate.ts';
import { join } from '../logical/nodes/join.ts';
import { column, project } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';
import type { Binder, Bound } from './binder.ts';
import { besideGroup, equalTo, keysOnce, type EqualTo } from './equal-columns.ts';
import { bindExpression } from './expressions.ts';
import { notYet } from './not-yet.ts';
import { refersOutwards } from './outer.ts';
import { hooks } from './shared.ts';
import { freeQuery, neverNull, type Decorrelated } from './subqueries.ts';

export type MembershipNode = ExistsExpression | InExpression;
interface Valued {
  readonly rel: Rel;
  readonly value: Expr;
}

/** `rel`, the rows of `from` with more columns, with those behind that the value of EXISTS or IN is made of. */
export function membershipValue(rel: Rel, node: MembershipNode, from: Bound, binder: Binder): Valued {
  const { span } = node;
  if (node.kind === 'exists') {
    const free = freeQuery(
      { query: node.query, negated: false, values: undefined, span },
      from.scope,
      binder,
    );
    return free.conditions.length === 0 ? anyRow(rel, free) : found(rel, free, equalTo(free, span));
  }
  const values = node.operand.kind === 'row' ? node.operand.items : [node.operand];
  const query = node.list as Extract<InExpression['list'], { kind: 'query' }>;
  const free = freeQuery({ query, negated: false, values, span }, from.scope, binder);
  const left = values.map((v: Expression) => bindExpression(v, from.scope, hooks(binder)));
  if (free.columns.some(refersOutwards))
    throw notYet('IN over a sub-query that gives values of the query around it', span);
  const equal = left.map((outer, i): EqualTo => ({ inner: free.columns[i]!, outer }));
  const there = found(rel, free, [...equalTo(free, span), ...equal]);
  const mayBeNull = equal.some(
    ({ inner, outer }) => !neverNull(outer, from.rel) || !neverNull(inner, free.rel),
  );
  if (!mayBeNull) return there;
  if (free.conditions.length > 0 || equal.length > 1)
    throw notYet(
      'IN as a value, where a NULL may be met, over a sub-query that refers to the query around it or has several columns',
      span,
    );
  return orUnknown(there, free, equal[0]!);
}

const counting = (rel: Rel, of: readonly number[]): AggregateCall => {
  const argTypes = of.map((i) => rel.fields[i]!.type);
  return { ...bindAggregate('COUNT', argTypes), distinct: false, args: of, argTypes, filter: undefined };
};
const isMore = (a: Expr, b: Expr): Expr => bindCall('IS TRUE', [bindCall('>', [a, b])]);
const zero = literal(0n, notNull(types.BIGINT));

/** Whether the query has a row. */
function anyRow(left: Rel, { rel }: Decorrelated): Valued {
  const count = aggregate(rel, windowColumns(rel), {
    keys: [],
    calls: [counting(rel, [])],
    names: ['$rows'],
  });
  const made = join('left', left, count, undefined);
  return { rel: made, value: isMore(column(made, left.fields.length), zero) };
}
/** Whether the query has a row whose keys equal those of the row beside. */
function found(left: Rel, { rel }: Decorrelated, pairs: readonly EqualTo[]): Valued {
  const made = besideGroup(
    left,
    keysOnce(
      rel,
      pairs.map((p) => p.inner),
    ),
    pairs,
  );
  // A key that was met is not NULL.
  return { rel: made, value: bindCall('IS NOT NULL', [column(made, left.fields.length)]) };
}
/** NULL in place of FALSE, where the value or one of those of the query is NULL. */
function orUnknown(there: Valued, { rel }: Decorrelated, { inner, outer }: EqualTo): Valued {
  const rows = project(rel, [inner], ['$value']);
  const counts = aggregate(rows, windowColumns(rows), {
    keys: [],
    calls: [counting(rows, []), counting(rows, [0])],
    names: ['$rows', '$values'],
  });
  const made = join('left', there.rel, counts, undefined);
  const [all, values] = [there.rel.fields.length, there.rel.fields.length + 1].map((i) => column(made, i));
  const isFalse = literal(false, notNull(types.BOOLEAN));
  const unknown = bindCall('OR', [bindCall('IS NULL', [outer]), isMore(all!, values!)]);
  const value = bindCall('CASE', [
    there.value,
    literal(true, notNull(types.BOOLEAN)),
    bindCall('AND', [isMore(all!, zero), unknown]),
    literal(null, types.NULL),
    isFalse,
  ]);
  return { rel: made, value };
}
