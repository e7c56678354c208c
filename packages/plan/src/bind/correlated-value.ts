/* A sub-query as a value that refers to the query around it: an aggregate over the rows that it chooses.
 *
 *   SELECT (SELECT MAX(v) FROM c WHERE c.k = o.k) FROM o   ⇒   left on o.k = k ─ o,  aggregate(k, MAX(v)) ─ c
 *
 * Where no row was chosen there is no group: then COUNT is 0, and all else NULL. A query that may have several rows is an
 * aggregate too: of the only value that there may be (Flink: SINGLE_VALUE). */

import { assert, type Span } from '#base';
import { notNull, types } from '#data';
import { bindAggregate, bindCall, literal, mapColumns, type AggregateCall, type Expr } from '#expr';
import { identity } from '../logical/field.ts';
import { windowColumns } from '../logical/kinds.ts';
import { aggregate, type AggregateRel } from '../logical/nodes/aggregate.ts';
import { column } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';
import { besideGroup, chosenRows, groupsOf } from './chosen-rows.ts';
import { asSeenAround } from './outer.ts';
import { decorrelated } from './subqueries.ts';

/** The rows of `left` with the columns that the values are made of behind theirs, and a value for each column of the query over
 *  them. `around`: the rows of the query around, the first columns of `left`. `isAggregate` holds for the query. */
export function correlatedValues(
  left: Rel,
  around: Rel,
  query: Rel,
  span: Span,
): { readonly rel: Rel; readonly values: readonly Expr[] } {
  const { values, of } = overAggregate(query);
  const chosen = chosenRows(around, decorrelated(of.input, span, around), span);
  const groups = groupsOf(of, chosen);
  const rel = besideGroup(left, groups, chosen.by);
  const first = left.fields.length + chosen.by.length;
  const results = of.calls.map((call, i) => orNone(call, column(rel, first + i)));
  return { rel, values: values.map((value) => asSeenAround(value, (c) => results[c.index]!)) };
}

/** Whether the query is projections of an aggregate over all rows that it chooses: it always has one row. */
export const isOneAggregate = (rel: Rel): boolean =>
  rel.kind === 'project'
    ? isOneAggregate(rel.input)
    : rel.kind === 'aggregate' && rel.keys.length === 0 && rel.window === undefined;

/** The value of the only row that a query of one column may have. */
export function singleValue(query: Rel): Rel {
  const argTypes = [query.fields[0]!.type];
  const call: AggregateCall = {
    ...bindAggregate('$SINGLE_VALUE', argTypes),
    distinct: false,
    args: [0],
    argTypes,
    filter: undefined,
  };
  const names = [query.fields[0]!.name];
  return aggregate(query, windowColumns(query), { keys: [], calls: [call], names });
}

/** The values of a query over its aggregate, and that. */
function overAggregate(rel: Rel): { readonly values: readonly Expr[]; readonly of: AggregateRel } {
  if (rel.kind === 'aggregate') return { values: identity(rel.fields), of: rel };
  assert(rel.kind === 'project', 'above its aggregate a query has projections alone');
  const { values, of } = overAggregate(rel.input);
  return { values: rel.exprs.map((e) => mapColumns(e, (c) => values[c.index]!)), of };
}

/** What a call gives where no row was. A sub-query may be NULL by its type, whatever it is. */
const orNone = (call: AggregateCall, result: Expr): Expr =>
  call.fn === 'COUNT'
    ? { ...bindCall('COALESCE', [result, literal(0n, notNull(types.BIGINT))]), type: types.BIGINT }
    : result;
