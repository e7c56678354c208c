/* A source of upserts as a process table function reads it whose partition is the key: as they come, without the rows that would make
 * them whole.
 *
 *   scan ─▶ normalize ─▶ calc ─▶ …        becomes        scan ─▶ calc ─▶ … */

import { columnsOf, type Expr } from '#expr';
import { nodeKind } from '../kinds.ts';
import { withNodeInputs, type PlanNode } from '../node.ts';
import type { Conversion } from './rule.ts';

/** `whole`: deletes must be whole rows. */
export function upsertsBelow(
  node: PlanNode,
  partition: readonly number[],
  whole: boolean,
  to: Conversion,
): PlanNode {
  const columns = new Set(partition);
  if (node.kind === 'normalize') {
    const sameKey = node.keys.length === columns.size && node.keys.every((k) => columns.has(k));
    const [source] = node.inputs;
    return sameKey && !(whole && to.upward.changes(source, false).keyOnlyDelete) ? source : node;
  }
  if (node.kind !== 'calc') return node;
  const read = partition.map((c) => nodeKind(node).origin?.(node, c));
  const key = read.filter((c) => c !== undefined);
  if (key.length < partition.length || !readsOnly(node.condition, key)) return node;
  return withNodeInputs(node, [upsertsBelow(node.inputs[0], key, whole, to)]);
}
const readsOnly = (condition: Expr | undefined, columns: readonly number[]): boolean =>
  condition === undefined || [...columnsOf(condition)].every((c) => columns.includes(c));
