/* A sub-query that asks the query around it for equal values, and for nothing else: its rows can be grouped by those values
 * once, and each row around finds its group (Flink: RelDecorrelator's value generator, the other way round).
 *
 *   … FROM c WHERE c.k = o.k AND c.v > 1      ⇒      rows: c with v > 1, keys: c.k, equal to: o.k */

import type { Span } from '#base';
import { bindCall, columnsOf, mapColumns, type Expr } from '#expr';
import { conjunction } from '../logical/conditions.ts';
import { windowColumns } from '../logical/kinds.ts';
import { aggregate } from '../logical/nodes/aggregate.ts';
import { join, type JoinRel } from '../logical/nodes/join.ts';
import { column, project } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';
import { notYet } from './not-yet.ts';
import { asSeenAround, refersOutwards } from './outer.ts';
import type { Decorrelated } from './subqueries.ts';

/** Pairs of what equals: of the sub-query's rows, and of the query around as that sees it. */
export interface EqualTo {
  readonly inner: Expr;
  readonly outer: Expr;
}

/** What must hold between the sub-query and the query around, as pairs. Throws SQL9001 where it is more than equality. */
export function equalTo({ conditions }: Decorrelated, span: Span): EqualTo[] {
  return conditions.map((condition) => {
    const [a, b] = condition.kind === 'call' && condition.fn === '=' ? condition.args : [];
    for (const [inner, outer] of [
      [a, b],
      [b, a],
    ]) {
      if (inner === undefined || outer === undefined) continue;
      if (refersOutwards(inner) || !refersOutwards(outer) || columnsOf(outer).size > 0) continue;
      return { inner, outer: asSeenAround(outer, (c) => c) };
    }
    throw notYet('a sub-query that asks the query around it for more than equal values', span);
  });
}

/** `left` beside the group of `groups`, whose first columns are the keys; NULLs where there is none. */
export function besideGroup(left: Rel, groups: Rel, pairs: readonly EqualTo[]): JoinRel {
  const width = left.fields.length;
  const conditions = pairs.map(({ outer }, i) => {
    const key: Expr = { kind: 'column', index: width + i, type: groups.fields[i]!.type };
    return bindCall('=', [outer, key]);
  });
  return join('left', left, groups, conjunction(conditions));
}

/** The values that keys have, each once. */
export function keysOnce(rel: Rel, keys: readonly Expr[]): Rel {
  const rows = project(
    rel,
    keys,
    keys.map((_, i) => `$key${i}`),
  );
  return aggregate(rows, windowColumns(rows), { keys: [...keys.keys()], calls: [], names: [] });
}

/** The expression over the columns of `rel` that begin at `from`. */
export const shiftedTo = (expr: Expr, rel: Rel, from: number): Expr =>
  mapColumns(expr, (c) => column(rel, from + c.index) as typeof c);
