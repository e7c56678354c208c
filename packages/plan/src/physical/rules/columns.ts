/* Columns that only the rule put in: keys that are computed below, and gone above. */

import { mapColumns, type Expr } from '#expr';
import type { RelField } from '../../logical/field.ts';
import { calc } from '../nodes/calc.ts';
import type { PlanNode } from '../node.ts';

/** The expression after `by` columns were put in front of column `from`. */
export const shiftColumns = (expr: Expr, from: number, by: number): Expr =>
  mapColumns(expr, (c) => (c.index >= from ? { ...c, index: c.index + by } : c));

/** The node without its `count` columns from `from` on: its columns are `fields` then. */
export function withoutColumns(
  node: PlanNode,
  from: number,
  count: number,
  fields: readonly RelField[],
): PlanNode {
  if (count === 0) return node;
  const kept = fields.map(
    (f, i): Expr => ({ kind: 'column', index: i < from ? i : i + count, type: f.type }),
  );
  return calc(node, undefined, kept, fields);
}
