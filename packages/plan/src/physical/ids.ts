/* Operator ids: what state is found again by. An id is the target, the kind, the key by source column and an occurrence;
 * never filters, projections or the list of aggregates, so that those may change under a savepoint (DESIGN.md 6). A node that
 * several targets share has an id for each: whichever of them stays, its state is found. */

import { exprText } from '../text.ts';
import { nodeKind } from './kinds.ts';
import { topological, type PlanNode } from './node.ts';

/** `order`: all nodes, inputs first; `targets`: those of the roots, in their order. An id for each target of a node, the first
 *  target's first; of several targets also the one that names them all, as savepoints did before a node had an id for each. */
export function assignIds(
  order: readonly PlanNode[],
  roots: readonly PlanNode[],
  targets: readonly string[],
): ReadonlyMap<PlanNode, readonly string[]> {
  const used = new Map<string, number>();
  const reached = targetsOf(order, roots, targets);
  return new Map(
    order.map((node) => {
      const key = nodeKind(node).idKey(node, (input, column) => columnName(node.inputs[input]!, column));
      const all = targets.length > 1 ? [targets.join('+')] : [];
      const ids = [...reached.get(node)!, ...all].map((target) => {
        const base = `${target}/${node.kind}${key}`;
        const n = (used.get(base) ?? 0) + 1;
        used.set(base, n);
        return n === 1 ? base : `${base}~${n}`;
      });
      return [node, ids];
    }),
  );
}

/** Of each node the targets that it is read for, in their order; what reads dead letters belongs to those whose nodes give
 *  them. */
function targetsOf(
  order: readonly PlanNode[],
  roots: readonly PlanNode[],
  targets: readonly string[],
): ReadonlyMap<PlanNode, ReadonlySet<string>> {
  const reached = new Map(order.map((node) => [node, new Set<string>()]));
  roots.forEach((root, i) => {
    for (const node of topological([root])) reached.get(node)!.add(targets[i]!);
  });
  for (const node of order) {
    const own = reached.get(node)!;
    if (own.size === 0) for (const input of node.inputs) for (const t of reached.get(input)!) own.add(t);
  }
  return reached;
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
