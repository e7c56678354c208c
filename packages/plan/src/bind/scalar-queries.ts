/* Sub-queries as values: each is one row, which stands beside every row of FROM.
 *
 *   WHERE o.v > (SELECT AVG(v) FROM c)   ⇒   filter(v > a) ─ left on true ─ o,  aggregate(AVG(v) AS a) ─ c
 *
 * As long as it has no row its value is NULL. What may have several rows is refused, and what refers to the query around. */

import { UserError } from '#base';
import type { ColumnExpr } from '#expr';
import type { Expression, SubqueryExpression } from '#sql';
import { join } from '../logical/nodes/join.ts';
import type { Rel } from '../logical/rel.ts';
import type { Binder, Bound } from './binder.ts';
import { childrenOf } from './expression-tree.ts';
import { notYet } from './not-yet.ts';
import { isCorrelated } from './subqueries.ts';

/** FROM with a column behind its own for each sub-query that stands as a value in these expressions. */
export function withScalarQueries(from: Bound, nodes: readonly Expression[], binder: Binder): Bound {
  let { rel } = from;
  for (const node of nodes.flatMap(scalarQueries)) {
    const query = oneRow(node, from, binder);
    rel = join('left', rel, query, undefined);
    const index = rel.fields.length - 1;
    binder.values.set(node, { kind: 'column', index, type: rel.fields[index]!.type } satisfies ColumnExpr);
  }
  return rel === from.rel ? from : { rel, scope: from.scope.withFields(rel.fields) };
}
const scalarQueries = (node: Expression): readonly SubqueryExpression[] =>
  node.kind === 'subquery' ? [node] : childrenOf(node).flatMap(scalarQueries);

function oneRow({ query, span }: SubqueryExpression, from: Bound, binder: Binder): Rel {
  const rel = binder.subquery(query, from.scope);
  if (rel.fields.length !== 1)
    throw new UserError('SQL2014', {
      at: span,
      message: `a sub-query as a value has one column, and this one has ${rel.fields.length}`,
    });
  if (isCorrelated(rel)) throw notYet('a sub-query as a value that refers to the query around it', span);
  if (!hasOneRow(rel)) throw notYet('a sub-query as a value that may have several rows', span);
  return rel;
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
