/* Sub-queries as values: each is one row, which stands beside every row of FROM.
 *
 *   WHERE o.v > (SELECT AVG(v) FROM c)   ⇒   filter(v > a) ─ left on true ─ o,  aggregate(AVG(v) AS a) ─ c
 *
 * As long as it has no row its value is NULL; a second row stops the job (Flink: SINGLE_VALUE). What refers to the query around is in
 * correlated-value.ts, EXISTS and IN as values in membership-values.ts. */

import { UserError } from '#base';
import type { Expr } from '#expr';
import type { Expression, SubqueryExpression } from '#sql';
import { join } from '../logical/nodes/join.ts';
import { column } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';
import type { Binder, Bound } from './binder.ts';
import { correlatedValues, isOneAggregate, singleValue } from './correlated-value.ts';
import { childrenOf } from './expression-tree.ts';
import { membershipValue, type MembershipNode } from './membership-values.ts';
import { ands, isCorrelated, membershipOf, unordered } from './subqueries.ts';

/** FROM with columns behind its own for each sub-query that stands as a value in WHERE, but for those that are conditions of
 *  a join, and in the expressions of each row. */
export function withScalarQueries(
  from: Bound,
  where: Expression | undefined,
  nodes: readonly Expression[],
  binder: Binder,
): Bound {
  let { rel } = from;
  const asked = where === undefined ? [] : ands(where).flatMap(besideJoins);
  for (const node of [...asked, ...nodes].flatMap(valueQueries)) {
    const made = valueOf(rel, node, from, binder);
    rel = made.rel;
    binder.values.set(node, made.value);
  }
  return rel === from.rel ? from : { rel, scope: from.scope.withFields(rel.fields) };
}
/** EXISTS and IN among the ANDs of WHERE are joins: of them only what is compared may hold values. */
const besideJoins = (node: Expression): readonly Expression[] =>
  membershipOf(node) === undefined ? [node] : (membershipOf(node)!.values ?? []);
/** Those that stand as values in the expression. */
export function valueQueries(node: Expression): readonly (SubqueryExpression | MembershipNode)[] {
  if (node.kind === 'subquery' || node.kind === 'exists') return [node];
  const below = childrenOf(node).flatMap(valueQueries);
  return node.kind === 'in' && !Array.isArray(node.list) ? [...below, node] : below;
}

/** `rel`, the rows of `from` with more columns, with those behind that the value of the sub-query is made of. `left`: what IN
 *  compares, where that is bound already. */
export const valueOf = (
  rel: Rel,
  node: SubqueryExpression | MembershipNode,
  from: Bound,
  binder: Binder,
  left?: readonly Expr[],
): { readonly rel: Rel; readonly value: Expr } =>
  node.kind === 'subquery' ? scalar(rel, node, from, binder) : membershipValue(rel, node, from, binder, left);

function scalar(
  rel: Rel,
  { query, span }: SubqueryExpression,
  from: Bound,
  binder: Binder,
): { readonly rel: Rel; readonly value: Expr } {
  const made = binder.subquery(query, from.scope);
  if (made.fields.length !== 1)
    throw new UserError('SQL2014', {
      at: span,
      message: `a sub-query as a value has one column, and this one has ${made.fields.length}`,
    });
  if (isCorrelated(made)) {
    const one = isOneAggregate(made) ? made : singleValue(unordered(made));
    const { rel: found, values } = correlatedValues(rel, from.rel, one, span);
    return { rel: found, value: values[0]! };
  }
  const beside = join('left', rel, hasOneRow(made) ? made : singleValue(unordered(made)), undefined);
  return { rel: beside, value: column(beside, beside.fields.length - 1) };
}
/** One row at most, whatever its input holds. */
function hasOneRow(rel: Rel): boolean {
  switch (rel.kind) {
    case 'project':
    case 'filter':
      return hasOneRow(rel.input);
    case 'aggregate':
      return rel.keys.length === 0 && rel.window === undefined;
    case 'sort':
      return rel.limit === 1;
    case 'values':
      return rel.rows.length === 1;
    default:
      return false;
  }
}
