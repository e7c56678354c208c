/* Operator ids: what state is found again by. An id is the target, the kind, the key by source column and an occurrence;
 * never filters, projections or the list of aggregates, so that those may change under a savepoint (DESIGN.md 6). */

import { exprText } from '../text.ts';
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

/** The source column that a column is, the expression over source columns, or its name where it is neither. */
export function columnName(node: PlanNode, column: number): string {
  const kind = nodeKind(node);
  const below = kind.origin?.(node, column);
  if (below !== undefined) return columnName(node.inputs[0]!, below);
  const expr = kind.computes?.(node, column);
  if (expr === undefined) return kind.names?.(node, column) ?? node.fields[column]!.name;
  const names = node.inputs[0]!.fields.map((field, i) => ({
    get name() {
      return field.name === '' ? `$${i}` : columnName(node.inputs[0]!, i);
    },
  }));
  return exprText(expr, names);
}
