/* Operator ids: what state is found again by. An id is the target, the kind, the key by source column and an occurrence;
 * never filters, projections or the list of aggregates, so that those may change under a savepoint (DESIGN.md 6). */

import { nodeKind } from './kinds.ts';
import type { PlanNode } from './node.ts';

/** `order`: all nodes, inputs first. */
export function assignIds(order: readonly PlanNode[], target: string): ReadonlyMap<PlanNode, string> {
  const used = new Map<string, number>();
  return new Map(
    order.map((node) => {
      const key = nodeKind(node).idKey(node, (input, column) => columnName(node.inputs[input]!, column));
      const base = `${target}/${node.kind}${key}`;
      const n = (used.get(base) ?? 0) + 1;
      used.set(base, n);
      return [node, n === 1 ? base : `${base}~${n}`];
    }),
  );
}

/** The source column that a column is, or its name where it is computed. */
function columnName(node: PlanNode, column: number): string {
  const below = nodeKind(node).origin?.(node, column);
  return below === undefined ? node.fields[column]!.name : columnName(node.inputs[0]!, below);
}
