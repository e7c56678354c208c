/* What bounds the state of each node: for EXPLAIN and `check`. */

import type { StateBound } from '../kind.ts';
import { nodeKind, nodeTitle } from '../kinds.ts';
import { topological, type PlanNode } from '../node.ts';
import type { Upward } from './upward.ts';

export const stateBounds = (roots: readonly PlanNode[], upward: Upward): ReadonlyMap<PlanNode, StateBound> =>
  new Map(topological(roots).map((node) => [node, nodeKind(node).state(node, upward.below(node))]));

/** What a node without a bound would keep for ever, for its user; undefined: nothing. */
export function growth(node: PlanNode, bound: StateBound): string | undefined {
  const grows = bound === 'unbounded' ? nodeKind(node).grows?.(node) : undefined;
  return grows === undefined ? undefined : `${nodeTitle(node)} ${grows}`;
}
