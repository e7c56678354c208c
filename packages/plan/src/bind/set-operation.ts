/* UNION, INTERSECT and EXCEPT over two relations whose columns have the same types. With ALL, the last two count: each
 * side's rows are marked, counted by all their columns, and come out as often as the counts say.
 *
 *   INTERSECT ALL   left ─ (row, 1, NULL) ─┐
 *                                          union ─ COUNT of each mark by row ─ least of both ─ replicate
 *   EXCEPT ALL     right ─ (row, NULL, 1) ─┘                                 └ left − right ─┘
 *
 * Flink: RewriteIntersectAllRule, RewriteMinusAllRule. */

import { notNull, types } from '#data';
import { bindAggregate, bindCall, castTo, literal, type AggregateCall, type Expr } from '#expr';
import { conjunction } from '../logical/conditions.ts';
import { windowColumns } from '../logical/kinds.ts';
import { aggregate } from '../logical/nodes/aggregate.ts';
import { join } from '../logical/nodes/join.ts';
import { column, project } from '../logical/nodes/project.ts';
import { replicate } from '../logical/nodes/replicate.ts';
import { union } from '../logical/nodes/union.ts';
import type { Rel } from '../logical/rel.ts';

export function setOperation(
  operator: 'UNION' | 'INTERSECT' | 'EXCEPT',
  all: boolean,
  left: Rel,
  right: Rel,
): Rel {
  if (operator === 'UNION') {
    const rows = union([left, right].flatMap((side) => flatten(side, all)));
    return all ? rows : distinct(rows);
  }
  if (all) return counted(operator, left, right);
  return distinct(join(operator === 'INTERSECT' ? 'semi' : 'anti', left, right, sameRow(left, right)));
}

const keysOf = (rel: Rel): number[] => rel.fields.map((_, i) => i);
const distinct = (rel: Rel): Rel =>
  aggregate(rel, windowColumns(rel), { keys: keysOf(rel), calls: [], names: [] });

/** UNION ALL of UNION ALLs is one union. */
const flatten = (rel: Rel, all: boolean): readonly Rel[] =>
  all && rel.kind === 'union' ? rel.inputs : [rel];

/** Rows of the two sides that are alike in every column, NULL like NULL. */
function sameRow(left: Rel, right: Rel): Expr | undefined {
  const width = left.fields.length;
  return conjunction(
    left.fields.map((_, i) =>
      bindCall('IS NOT DISTINCT FROM', [
        column(left, i),
        { kind: 'column', index: width + i, type: right.fields[i]!.type },
      ]),
    ),
  );
}

function counted(operator: 'INTERSECT' | 'EXCEPT', left: Rel, right: Rel): Rel {
  const width = left.fields.length;
  const rows = union([marked(left, 0), marked(right, 1)]);
  const groups = aggregate(rows, windowColumns(rows), {
    keys: keysOf(left),
    calls: [countOf(rows, width), countOf(rows, width + 1)],
    names: ['$lefts', '$rights'],
  });
  const [lefts, rights] = [column(groups, width), column(groups, width + 1)];
  const count =
    operator === 'EXCEPT'
      ? bindCall('-', [lefts, rights])
      : bindCall('CASE', [bindCall('<', [lefts, rights]), lefts, rights]);
  const exprs = [...left.fields.map((_, i) => column(groups, i)), count];
  return replicate(project(groups, exprs, [...left.fields.map((f) => f.name), '$count']));
}

/** The rows of a side, with a mark in that side's column behind them. */
function marked(rel: Rel, side: number): Rel {
  const mark = (of: number): Expr =>
    of === side ? literal(1, notNull(types.INT)) : castTo(literal(null, types.NULL), types.INT);
  return project(
    rel,
    [...rel.fields.map((_, i) => column(rel, i)), mark(0), mark(1)],
    [...rel.fields.map((f) => f.name), '$left', '$right'],
  );
}
function countOf(rel: Rel, index: number): AggregateCall {
  const { type } = rel.fields[index]!;
  const counts = bindAggregate('COUNT', [type]);
  return { ...counts, distinct: false, args: [index], argTypes: [type], filter: undefined };
}
