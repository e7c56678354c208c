/* Sub-queries in ON. Of an inner join they are conditions as in WHERE. Of an outer join each is computed beside the rows of the
 * one side that it asks, and the join asks for what came out:
 *
 *   o LEFT JOIN u ON o.id = u.id AND o.id IN (SELECT …)  ⇒  left on id = id AND $on ─ project(o.*, o.id IN (…) AS $on) ─ o,  u */

import { UserError } from '#base';
import { types } from '#data';
import type { Expr } from '#expr';
import type { Expression, JoinRef } from '#sql';
import { identity } from '../logical/field.ts';
import { project } from '../logical/nodes/project.ts';
import type { Binder, Bound } from './binder.ts';
import { bindExpression, boolean } from './expressions.ts';
import { notYet } from './not-yet.ts';
import { writtenOut } from './quantified.ts';
import { valueQueries, withScalarQueries } from './scalar-queries.ts';
import { Scope } from './scope.ts';
import { hooks } from './shared.ts';
import { ands, bindWhere } from './subqueries.ts';

/** ON without its sub-queries, and those. Undefined where it has none. */
export function conditionsOf(
  on: Expression | undefined,
): { readonly plain: Expression | undefined; readonly asking: readonly Expression[] } | undefined {
  if (on === undefined) return undefined;
  const parts = ands(writtenOut(on));
  const asking = parts.filter((p) => valueQueries(p).length > 0);
  if (asking.length === 0) return undefined;
  const plain = parts.filter((p) => !asking.includes(p));
  return { plain: plain.length === 0 ? undefined : plain.reduce(bothHold), asking };
}
export const bothHold = (left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator: 'AND',
  left,
  right,
  span: left.span,
});

/** The rows of an inner join for which the conditions hold. */
export function whereHolds(joined: Bound, asking: readonly Expression[], binder: Binder): Bound {
  const condition = asking.reduce(bothHold);
  const within = { ...joined, scope: joined.scope.within(binder.outer) };
  const made = bindWhere(withScalarQueries(within, condition, [], binder), condition, binder);
  return {
    rel: firstColumns(made, joined),
    scope: joined.scope.withFields(made.rel.fields.slice(0, width(joined))),
  };
}
const width = ({ rel }: Bound): number => rel.fields.length;
/** Without the columns that values were made of. */
const firstColumns = ({ rel }: Bound, of: Bound): Bound['rel'] =>
  rel.fields.length === width(of)
    ? rel
    : project(
        rel,
        identity(rel.fields).slice(0, width(of)),
        rel.fields.slice(0, width(of)).map((f) => f.name),
      );

/** Both sides with a column behind their own for each condition over a sub-query, named as ON then asks for it. */
export function withConditions(
  ref: JoinRef,
  left: Bound,
  right: Bound,
  asking: readonly Expression[],
  binder: Binder,
): { readonly left: Bound; readonly right: Bound; readonly on: readonly Expression[] } {
  let sides = [left, right] as const;
  const on = asking.map((node, i): Expression => {
    const name = `$on${i}`;
    for (const side of [0, 1] as const) {
      const made = computed(sides[side], node, name, binder);
      if (made === undefined) continue;
      sides = side === 0 ? [made, sides[1]] : [sides[0], made];
      return { kind: 'column', path: [{ text: name, quoted: true, span: node.span }], span: node.span };
    }
    throw notYet(`a sub-query in the ON of a ${ref.type} JOIN that asks both sides`, node.span);
  });
  return { left: sides[0], right: sides[1], on };
}
/** The side with the condition as a column; undefined where that asks more than the side has. */
function computed(side: Bound, node: Expression, name: string, binder: Binder): Bound | undefined {
  let made: Bound;
  let value: Expr;
  try {
    made = withScalarQueries(side, undefined, [node], binder);
    value = boolean(bindExpression(node, made.scope, hooks(binder)), node, 'ON');
  } catch (error) {
    // A name that the side does not have.
    if (error instanceof UserError && (error.code === 'SQL1004' || error.code === 'SQL2002'))
      return undefined;
    throw error;
  }
  const { fields } = side.rel;
  const rel = project(
    made.rel,
    [...identity(made.rel.fields).slice(0, fields.length), value],
    [...fields.map((f) => f.name), name],
  );
  const extra = { name, type: types.BOOLEAN, time: undefined };
  return { rel, scope: side.scope.withFields(rel.fields).join(Scope.of(undefined, [extra])) };
}
