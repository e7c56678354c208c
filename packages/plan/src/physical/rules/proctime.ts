/* Processing times among the columns of rows that are kept and taken back: a row comes at one time and is taken back at another,
 * so they are left out of what is kept, and made anew where rows go out (Flink materializes them where they are read).
 *
 *   orders [id, v, proc]   ⇒   calc [id, v, PROCTIME()] ─ rank ─ calc [id, v] ─ orders
 */

import { bindCall, type Expr } from '#expr';
import type { RelField } from '../../logical/field.ts';
import type { PlanNode } from '../node.ts';
import { calc } from '../nodes/calc.ts';

/** The node that `make` makes of the input without its processing times. It gives the columns of its input, then its own;
 *  `at` says where a column of the whole input lies. `fields` are those of the result; `read` stay whatever they are. */
export function besideProctime(
  input: PlanNode,
  fields: readonly RelField[],
  read: readonly number[],
  make: (narrow: PlanNode, at: (column: number) => number, fields: readonly RelField[]) => PlanNode,
): PlanNode {
  const width = input.fields.length;
  const isLeftOut = (f: RelField, i: number): boolean =>
    i < width && f.time === 'proctime' && !read.includes(i);
  const kept = fields.map((_, i) => i).filter((i) => !isLeftOut(fields[i]!, i));
  if (kept.length === fields.length) return make(input, (column) => column, fields);
  const below = kept.filter((i) => i < width);
  const plain = (index: number, field: RelField): Expr => ({ kind: 'column', index, type: field.type });
  const narrow = calc(
    input,
    undefined,
    below.map((i) => plain(i, input.fields[i]!)),
    below.map((i) => input.fields[i]!),
  );
  const made = make(
    narrow,
    (column) => below.indexOf(column),
    kept.map((i) => fields[i]!),
  );
  const exprs = fields.map((f, i) =>
    isLeftOut(f, i) ? bindCall('PROCTIME', []) : plain(kept.indexOf(i), f),
  );
  return calc(made, undefined, exprs, fields);
}
