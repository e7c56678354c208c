/* Which nodes run as one instance, whatever the parallelism: those that want all rows in one place, and what follows them
 * without spreading rows again; a union follows if one of its inputs is such. */

import { nodeKind } from '../kinds.ts';
import { topological, type PlanNode } from '../node.ts';

export function singleNodes(roots: readonly PlanNode[]): ReadonlySet<PlanNode> {
  const single = new Set<PlanNode>();
  for (const node of topological(roots)) {
    const kinds = node.inputs.map((_, i) => nodeKind(node).distribution(node, i).kind);
    const gathered = kinds.includes('single');
    const follows =
      kinds.length > 0 &&
      kinds.every((k) => k === 'forward') &&
      node.inputs.some((input) => single.has(input));
    if (gathered || follows) single.add(node);
  }
  return single;
}
