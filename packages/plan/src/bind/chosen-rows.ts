/* The rows that a sub-query chooses by the row of the query around it, each beside what it was chosen by: they can be grouped
 * by that once, and each row around finds its group.
 *
 *   … FROM c WHERE c.k = o.k AND c.v > 1   ⇒   rows: c with v > 1,                          by: c.k = o.k
 *   … FROM c WHERE c.v < o.v               ⇒   rows: DISTINCT o.v ─ join on c.v < v ─ c,    by: v, which is o.v
 *
 * Where more than equality is asked, the values of the query around are joined with the sub-query's rows (Flink:
 * RelDecorrelator and its value generator). */

import type { Span } from '#base';
import { bindCall, columnsOf, type AggregateCall, type ColumnExpr, type Expr } from '#expr';
import { conjunction } from '../logical/conditions.ts';
import { windowColumns } from '../logical/kinds.ts';
import { aggregate, type AggregateRel } from '../logical/nodes/aggregate.ts';
import { join, type JoinRel } from '../logical/nodes/join.ts';
import { column, project } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';
import { notYet } from './not-yet.ts';
import { asSeenAround, outerColumns, refersOutwards, withOuter } from './outer.ts';

/** A sub-query, and what it asks of the query around it taken out of it (subqueries.ts). */
export interface Decorrelated {
  /** Asks nothing of the query around. */
  readonly rel: Rel;
  /** The sub-query's columns, over `rel` and the query around. */
  readonly columns: readonly Expr[];
  /** What must hold between `rel` and the query around. */
  readonly conditions: readonly Expr[];
}
/** A value of the chosen rows, and what it equals in the query around. */
export interface ChosenBy {
  readonly inner: Expr;
  readonly outer: Expr;
  /** NULL equals NULL. */
  readonly nullSafe: boolean;
}
export interface Chosen {
  readonly rel: Rel;
  /** The sub-query's columns, over `rel`. */
  readonly columns: readonly Expr[];
  readonly by: readonly ChosenBy[];
}

/** `around`: the rows of the query around. Throws SQL9001 for what refers further out. */
export function chosenRows(around: Rel, free: Decorrelated, span: Span): Chosen {
  const pairs = free.conditions.map(equality);
  if (pairs.every((p) => p !== undefined) && !free.columns.some(refersOutwards))
    return { rel: free.rel, columns: free.columns, by: pairs };
  return byValues(around, free, span);
}

/** What the sub-query's rows equal, if that is what the condition says. */
function equality(condition: Expr): ChosenBy | undefined {
  if (condition.kind !== 'call') return undefined;
  const nullSafe = condition.fn === 'IS NOT DISTINCT FROM';
  const [a, b] = condition.fn === '=' || nullSafe ? condition.args : [];
  for (const [inner, outer] of [
    [a, b],
    [b, a],
  ]) {
    if (inner === undefined || outer === undefined) continue;
    if (refersOutwards(inner) || !refersOutwards(outer) || columnsOf(outer).size > 0) continue;
    return { inner, outer: asSeenAround(outer, (c) => c), nullSafe };
  }
  return undefined;
}

function byValues(around: Rel, { rel, columns, conditions }: Decorrelated, span: Span): Chosen {
  const read = outerColumns([...conditions, ...columns]);
  if (read.some(({ level }) => level > 1))
    throw notYet('a sub-query in a sub-query that refers to the query around both', span);
  const outer = [...new Map(read.map(({ column: c }) => [c.index, c])).values()];
  const values = keysOnce(around, outer);
  const width = outer.length;
  const beside = (expr: Expr): Expr =>
    withOuter(
      expr,
      (c) => ({ ...c, index: c.index + width }),
      (_, c) =>
        column(
          values,
          outer.findIndex((o) => o.index === c.index),
        ),
    );
  const rows = join('inner', values, rel, conjunction(conditions.map(beside)));
  return {
    rel: rows,
    columns: columns.map(beside),
    by: outer.map((c, i): ChosenBy => ({ inner: column(rows, i), outer: c, nullSafe: true })),
  };
}

/** The groups of an aggregate over chosen rows, for each that they may be chosen by: its fields are what rows are chosen by, the
 *  keys, then the calls. */
export function groupsOf({ keys, calls, fields, ttlMs }: AggregateRel, { rel, columns, by }: Chosen): Rel {
  const read = [
    ...new Set([
      ...keys,
      ...calls.flatMap((c) => [...c.args, ...(c.filter === undefined ? [] : [c.filter])]),
    ]),
  ];
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
    keys: [...by.keys(), ...keys.map(at)],
    calls: moved,
    names: fields.slice(keys.length).map((f) => f.name),
    ttlMs,
  });
}

/** `left` beside the group of `groups`, whose first columns are the keys; NULLs where there is none. */
export function besideGroup(left: Rel, groups: Rel, by: readonly ChosenBy[]): JoinRel {
  const width = left.fields.length;
  const conditions = by.map(({ outer, nullSafe }, i) => {
    const key: ColumnExpr = { kind: 'column', index: width + i, type: groups.fields[i]!.type };
    return bindCall(nullSafe ? 'IS NOT DISTINCT FROM' : '=', [outer, key]);
  });
  return join('left', left, groups, conjunction(conditions));
}

/** The values that keys have, each once. */
export function keysOnce(rel: Rel, keys: readonly Expr[]): Rel {
  const names = keys.map((_, i) => `$key${i}`);
  const rows = project(rel, keys, names);
  return aggregate(rows, windowColumns(rows), { keys: [...keys.keys()], calls: [], names: [] });
}
