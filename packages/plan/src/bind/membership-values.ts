/* EXISTS and IN (SELECT …) as values, wherever they stand: a column beside every row says whether its group is there.
 *
 *   WHERE o.v > 1 OR EXISTS (SELECT 1 FROM c WHERE c.k = o.k)
 *   ⇒  filter(v > 1 OR k IS NOT NULL) ─ left on o.k = k ─ o,  DISTINCT k ─ c
 *
 * x IN (…) is NULL where x is, or where there is a NULL and no x: both are asked for beside, by counts. */

import { notNull, types } from '#data';
import { bindAggregate, bindCall, literal, type AggregateCall, type Expr } from '#expr';
import type { Expression, ExistsExpression, InExpression } from '#sql';
import { identity } from '../logical/field.ts';
import { windowColumns } from '../logical/kinds.ts';
import { aggregate } from '../logical/nodes/aggregate.ts';
import { join } from '../logical/nodes/join.ts';
import { column, project } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';
import type { Binder, Bound } from './binder.ts';
import {
  besideGroup,
  chosenRows,
  keysOnce,
  type Chosen,
  type ChosenBy,
  type Decorrelated,
} from './chosen-rows.ts';
import { bindExpression } from './expressions.ts';
import { notYet } from './not-yet.ts';
import { hooks } from './shared.ts';
import { freeQuery, neverNull } from './subqueries.ts';

export type MembershipNode = ExistsExpression | InExpression;
interface Valued {
  readonly rel: Rel;
  readonly value: Expr;
}

/** `rel`, the rows of `from` with more columns, with those behind that the value of EXISTS or IN is made of. */
export function membershipValue(
  rel: Rel,
  node: MembershipNode,
  from: Bound,
  binder: Binder,
  bound?: readonly Expr[],
): Valued {
  const { span } = node;
  if (node.kind === 'exists') {
    const free = freeQuery(
      { query: node.query, negated: false, values: undefined, span },
      from.scope,
      binder,
    );
    if (free.conditions.length === 0) return anyRow(rel, free);
    return found(rel, chosenRows(from.rel, { ...free, columns: [] }, span), []);
  }
  const values = node.operand.kind === 'row' ? node.operand.items : [node.operand];
  const query = node.list as Extract<InExpression['list'], { kind: 'query' }>;
  const free = freeQuery({ query, negated: false, values, span }, from.scope, binder);
  const left = bound ?? values.map((v: Expression) => bindExpression(v, from.scope, hooks(binder)));
  const chosen = chosenRows(from.rel, free, span);
  const equal = left.map((outer, i): ChosenBy => ({ inner: chosen.columns[i]!, outer, nullSafe: false }));
  const there = found(rel, chosen, equal);
  const mayBeNull = equal.some(
    ({ inner, outer }) => !neverNull(outer, from.rel) || !neverNull(inner, chosen.rel),
  );
  if (!mayBeNull) return there;
  if (equal.length > 1) throw notYet('IN of several columns as a value, where a NULL may be met,', span);
  return orUnknown(there, chosen, equal[0]!);
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
/** Whether the query has a row that was chosen, and whose values are equal. */
function found(left: Rel, { rel, by }: Chosen, equal: readonly ChosenBy[]): Valued {
  const all = [...equal, ...by];
  const keys = keysOnce(
    rel,
    all.map((b) => b.inner),
  );
  // A key that was met by = is not NULL; of the others one cannot tell.
  if (!all[0]!.nullSafe) {
    const made = besideGroup(left, keys, all);
    return { rel: made, value: bindCall('IS NOT NULL', [column(made, left.fields.length)]) };
  }
  const marked = project(
    keys,
    [...identity(keys.fields), literal(true, notNull(types.BOOLEAN))],
    [...keys.fields.map((f) => f.name), '$found'],
  );
  const made = besideGroup(left, marked, all);
  return { rel: made, value: bindCall('IS NOT NULL', [column(made, made.fields.length - 1)]) };
}
/** NULL in place of FALSE, where the value or one of those that were chosen is NULL. */
function orUnknown(there: Valued, { rel, by }: Chosen, { inner, outer }: ChosenBy): Valued {
  const rows = project(rel, [...by.map((b) => b.inner), inner], [...by.map((_, i) => `$key${i}`), '$value']);
  const counts = aggregate(rows, windowColumns(rows), {
    keys: [...by.keys()],
    calls: [counting(rows, []), counting(rows, [by.length])],
    names: ['$rows', '$values'],
  });
  const made =
    by.length === 0 ? join('left', there.rel, counts, undefined) : besideGroup(there.rel, counts, by);
  const first = there.rel.fields.length + by.length;
  const [all, values] = [column(made, first), column(made, first + 1)];
  const unknown = bindCall('OR', [bindCall('IS NULL', [outer]), isMore(all, values)]);
  const value = bindCall('CASE', [
    there.value,
    literal(true, notNull(types.BOOLEAN)),
    bindCall('AND', [isMore(all, zero), unknown]),
    literal(null, types.NULL),
    literal(false, notNull(types.BOOLEAN)),
  ]);
  return { rel: made, value };
}
