/* LATERAL (SELECT …) on the right side of a join: a query that may refer to the row beside it. What it asks of that row becomes
 * the condition of a join, as for EXISTS (subqueries.ts).
 *
 *   FROM o, LATERAL (SELECT v * o.n AS x FROM c WHERE c.id = o.c)   ⇒   project(o.*, v * n) ─ inner on c.id = o.c ─ o,  c */

import { UserError, type Span } from '#base';
import { notNull, types, withNullable } from '#data';
import { bindCall, literal, mapColumns, type Expr } from '#expr';
import type { DerivedTable, JoinRef } from '#sql';
import { conjunction } from '../logical/conditions.ts';
import { identity } from '../logical/field.ts';
import { column, project } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';
import { timedJoin } from '../logical/timed-join.ts';
import type { Binder, Bound } from './binder.ts';
import type { Decorrelated } from './chosen-rows.ts';
import { correlatedValues, isOneAggregate } from './correlated-value.ts';
import { bindExpression, boolean } from './expressions.ts';
import { asSeenAround, refersOutwards } from './outer.ts';
import { Scope } from './scope.ts';
import { hooks } from './shared.ts';
import { decorrelated, isCorrelated, unordered } from './subqueries.ts';

function namesOf({ alias }: DerivedTable, fields: readonly { readonly name: string }[]): string[] {
  if (alias === undefined || alias.columns.length === 0) return fields.map((f) => f.name);
  if (alias.columns.length === fields.length) return alias.columns.map((c) => c.text);
  throw new UserError('SQL2007', {
    at: alias.columns[0]!.span,
    message: `"${alias.name.text}" names ${alias.columns.length} columns, but there are ${fields.length}`,
  });
}

/** For LEFT: what is computed of the query's own columns alone is computed below the join, and so is a mark that says whether
 *  the query has a row: what is made of the row beside is NULL where it has none. */
function computedBelow(asked: Decorrelated): Decorrelated {
  const { rel, columns } = asked;
  const computed = columns.filter((e) => e.kind !== 'column' && !refersOutwards(e));
  const marked = columns.some(refersOutwards);
  if (computed.length === 0 && !marked) return asked;
  const mark = literal(true, notNull(types.BOOLEAN));
  const below = project(
    rel,
    [...identity(rel.fields), ...computed, ...(marked ? [mark] : [])],
    [
      ...rel.fields.map((f) => f.name),
      ...computed.map((_, i) => `$computed${i}`),
      ...(marked ? ['$there'] : []),
    ],
  );
  const first = rel.fields.length;
  const there = (e: Expr): Expr =>
    bindCall('CASE', [
      bindCall('IS NOT NULL', [mayBeNull(column(below, below.fields.length - 1))]),
      e,
      literal(null, types.NULL),
    ]);
  const moved = (e: Expr): Expr => {
    if (refersOutwards(e)) return there(e);
    return computed.includes(e) ? column(below, first + computed.indexOf(e)) : e;
  };
  return { ...asked, rel: below, columns: columns.map(moved) };
}
/** As the outer join gives it. */
const mayBeNull = (e: Expr): Expr => ({ ...e, type: withNullable(e.type, true) });

/** LEFT JOIN LATERAL of an aggregate, which always has its one row. */
function besideAggregate(
  left: Bound,
  query: Rel,
  on: Expr | undefined,
  { names, both, span }: { readonly names: readonly string[]; readonly both: Scope; readonly span: Span },
): Bound {
  const width = left.rel.fields.length;
  const { rel: joined, values } = correlatedValues(left.rel, left.rel, query, span);
  const whole = identity(joined.fields);
  const holds = on && mapColumns(on, (c) => (c.index < width ? whole[c.index]! : values[c.index - width]!));
  const isTrue = holds === undefined || (holds.kind === 'literal' && holds.value === true);
  const rel = project(
    joined,
    [
      ...whole.slice(0, width),
      ...values.map((e) => (isTrue ? e : bindCall('CASE', [holds, e, literal(null, types.NULL)]))),
    ],
    [...left.rel.fields.map((f) => f.name), ...names],
  );
  return { rel, scope: both.withFields(rel.fields) };
}

export function bindLateral(ref: JoinRef, right: DerivedTable, left: Bound, binder: Binder): Bound {
  if (ref.type === 'RIGHT' || ref.type === 'FULL')
    throw new UserError('SQL2008', {
      at: ref.span,
      message: `LATERAL refers to the rows on its left, so it cannot stand in a ${ref.type} JOIN`,
    });
  const query = binder.subquery(right.query, left.scope);
  const isOuter = ref.type === 'LEFT';
  const names = namesOf(right, query.fields);
  const named = query.fields.map((f, i) => ({ ...f, name: names[i]! }));
  const both = left.scope.join(Scope.of(right.alias?.name.text, named));
  const on =
    ref.on && boolean(bindExpression(ref.on, both.within(binder.outer), hooks(binder)), ref.on, 'ON');
  if (isOuter && isCorrelated(query) && isOneAggregate(query))
    return besideAggregate(left, query, on, { names, both, span: right.span });
  const asked = decorrelated(unordered(query), right.span, left.rel);
  const free = isOuter ? computedBelow(asked) : asked;
  const width = left.rel.fields.length;
  const around = (expr: Expr): Expr => asSeenAround(expr, (c) => ({ ...c, index: c.index + width }));
  const columns = free.columns.map(around);
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
