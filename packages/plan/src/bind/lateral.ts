/* LATERAL (SELECT …) on the right side of a join: a query that may refer to the row beside it. What it asks of that row becomes
 * the condition of a join, as for EXISTS (subqueries.ts).
 *
 *   FROM o, LATERAL (SELECT v * o.n AS x FROM c WHERE c.id = o.c)   ⇒   project(o.*, v * n) ─ inner on c.id = o.c ─ o,  c */

import { UserError } from '#base';
import { mapColumns, type Expr } from '#expr';
import type { DerivedTable, JoinRef } from '#sql';
import { conjunction } from '../logical/conditions.ts';
import { identity } from '../logical/field.ts';
import { column, project } from '../logical/nodes/project.ts';
import { timedJoin } from '../logical/timed-join.ts';
import type { Binder, Bound } from './binder.ts';
import { bindExpression, boolean } from './expressions.ts';
import { notYet } from './not-yet.ts';
import { asSeenAround, refersOutwards } from './outer.ts';
import { Scope } from './scope.ts';
import { hooks } from './shared.ts';
import { decorrelated, hasCorrelatedAggregate, unordered, type Decorrelated } from './subqueries.ts';

function namesOf({ alias }: DerivedTable, fields: readonly { readonly name: string }[]): string[] {
  if (alias === undefined || alias.columns.length === 0) return fields.map((f) => f.name);
  if (alias.columns.length === fields.length) return alias.columns.map((c) => c.text);
  throw new UserError('SQL2007', {
    at: alias.columns[0]!.span,
    message: `"${alias.name.text}" names ${alias.columns.length} columns, but there are ${fields.length}`,
  });
}

/** What is computed of the query's own columns alone is computed below the join. */
function computedBelow(asked: Decorrelated): Decorrelated {
  const { rel, columns } = asked;
  const computed = columns.filter((e) => e.kind !== 'column' && !refersOutwards(e));
  if (computed.length === 0) return asked;
  const below = project(
    rel,
    [...identity(rel.fields), ...computed],
    [...rel.fields.map((f) => f.name), ...computed.map((_, i) => `$computed${i}`)],
  );
  const first = rel.fields.length;
  const moved = (e: Expr): Expr => (computed.includes(e) ? column(below, first + computed.indexOf(e)) : e);
  return { ...asked, rel: below, columns: columns.map(moved) };
}

export function bindLateral(ref: JoinRef, right: DerivedTable, left: Bound, binder: Binder): Bound {
  if (ref.type === 'RIGHT' || ref.type === 'FULL')
    throw new UserError('SQL2008', {
      at: ref.span,
      message: `LATERAL refers to the rows on its left, so it cannot stand in a ${ref.type} JOIN`,
    });
  const query = binder.subquery(right.query, left.scope);
  if (hasCorrelatedAggregate(query))
    throw notYet(
      'LATERAL (SELECT …) with an aggregate over rows that it chooses by the row beside',
      right.span,
    );
  const isOuter = ref.type === 'LEFT';
  const asked = decorrelated(unordered(query), right.span);
  const free = isOuter ? computedBelow(asked) : asked;
  const width = left.rel.fields.length;
  const around = (expr: Expr): Expr => asSeenAround(expr, (c) => ({ ...c, index: c.index + width }));
  const columns = free.columns.map(around);
  // A value that is made of the row beside would not be NULL where the query has no row.
  if (isOuter && columns.some((e) => e.kind !== 'column' || e.index < width))
    throw notYet('a LEFT JOIN LATERAL with values of the row beside in its columns', right.span);
  const names = namesOf(right, query.fields);
  const named = query.fields.map((f, i) => ({ ...f, name: names[i]! }));
  const both = left.scope.join(Scope.of(right.alias?.name.text, named));
  const on =
    ref.on && boolean(bindExpression(ref.on, both.within(binder.outer), hooks(binder)), ref.on, 'ON');
  const joinedOn = on && mapColumns(on, (c) => (c.index < width ? c : columns[c.index - width]!));
  const condition = conjunction([
    ...free.conditions.map(around),
    ...(joinedOn === undefined ? [] : [joinedOn]),
  ]);
  const joined = timedJoin(isOuter ? 'left' : 'inner', left.rel, free.rel, condition);
  const whole = identity(joined.fields);
  const rel = project(
    joined,
    [...whole.slice(0, width), ...columns.map((e) => mapColumns(e, (c) => whole[c.index]!))],
    [...left.rel.fields.map((f) => f.name), ...names],
  );
  return { rel, scope: both.withFields(rel.fields) };
}
