/* A sub-query as a value that refers to the query around it: an aggregate over the rows that it chooses.
 *
 *   SELECT (SELECT MAX(v) FROM c WHERE c.k = o.k) FROM o   ⇒   left on o.k = k ─ o,  aggregate(k, MAX(v)) ─ c
 *
 * Where no row was chosen there is no group: then COUNT is 0, and all else NULL. */

import type { Span } from '#base';
import { notNull, types } from '#data';
import { bindCall, literal, mapColumns, type AggregateCall, type Expr } from '#expr';
import { windowColumns } from '../logical/kinds.ts';
import { aggregate, type AggregateRel } from '../logical/nodes/aggregate.ts';
import { column, project } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';
import { besideGroup, chosenRows, type Chosen } from './chosen-rows.ts';
import { notYet } from './not-yet.ts';
import { asSeenAround } from './outer.ts';
import { decorrelated } from './subqueries.ts';

/** The rows of `left` with the columns that the value is made of behind theirs, and the value over them. `around`: the rows
 *  of the query around, the first columns of `left`. */
export function correlatedValue(
  left: Rel,
  around: Rel,
  query: Rel,
  span: Span,
): { readonly rel: Rel; readonly value: Expr } {
  const { value, of } = overAggregate(query, span);
  const free = decorrelated(of.input, span);
  const chosen = chosenRows(around, free, span);
  if (chosen.by.length === 0)
    throw notYet('a sub-query as a value that asks the query around it above its aggregate', span);
  const groups = grouped(of, chosen);
  const rel = besideGroup(left, groups, chosen.by);
  const first = left.fields.length + chosen.by.length;
  const results = of.calls.map((call, i) => orNone(call, column(rel, first + i)));
  return { rel, value: asSeenAround(value, (c) => results[c.index]!) };
}

/** The value of a query over its aggregate, and that. */
function overAggregate(rel: Rel, span: Span): { readonly value: Expr; readonly of: AggregateRel } {
  if (rel.kind === 'project') {
    const below = rel.input;
    if (below.kind === 'aggregate') return { value: rel.exprs[0]!, of: checked(below, span) };
    const { value, of } = overAggregate(below, span);
    return { value: mapColumns(rel.exprs[0]!, () => value as never), of };
  }
  if (rel.kind !== 'aggregate')
    throw notYet('a sub-query as a value that refers to the query around it and is no aggregate', span);
  return { value: column(rel, 0), of: checked(rel, span) };
}
function checked(rel: AggregateRel, span: Span): AggregateRel {
  if (rel.keys.length > 0 || rel.window !== undefined)
    throw notYet('a sub-query as a value that refers to the query around it and has GROUP BY', span);
  return rel;
}

/** The calls by what their rows were chosen by: fields are that, then the calls. */
function grouped({ calls, fields }: AggregateRel, { rel, columns, by }: Chosen): Rel {
  const read = [...new Set(calls.flatMap((c) => [...c.args, ...(c.filter === undefined ? [] : [c.filter])]))];
  const rows = project(
    rel,
    [...by.map((b) => b.inner), ...read.map((i) => columns[i]!)],
    [...by.map((_, i) => `$key${i}`), ...read.map((_, i) => `$value${i}`)],
  );
  const at = (old: number): number => by.length + read.indexOf(old);
  const moved = calls.map(
    (c): AggregateCall => ({
      ...c,
      args: c.args.map(at),
      filter: c.filter === undefined ? undefined : at(c.filter),
    }),
  );
  return aggregate(rows, windowColumns(rows), {
    keys: [...by.keys()],
    calls: moved,
    names: fields.map((f) => f.name),
  });
}
/** What a call gives where no row was. A sub-query may be NULL by its type, whatever it is. */
const orNone = (call: AggregateCall, result: Expr): Expr =>
  call.fn === 'COUNT'
    ? { ...bindCall('COALESCE', [result, literal(0n, notNull(types.BIGINT))]), type: types.BIGINT }
    : result;
