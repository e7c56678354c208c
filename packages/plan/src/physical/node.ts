/* The physical plan: what runs. A node says which nodes it reads; nodes may be shared, so a plan is a DAG. Nodes are plain
 * data; what a kind of node does stands in its file in nodes/ and in the table of kinds.ts. Traits are not part of a node:
 * passes infer them over the whole DAG (traits/). */

import type { CalcNode } from './nodes/calc.ts';
import type { CheckRowsNode } from './nodes/check-rows.ts';
import type { CompactNode } from './nodes/compact.ts';
import type { DeadLettersNode } from './nodes/dead-letters.ts';
import type { DeduplicateNode } from './nodes/deduplicate.ts';
import type { DropUpdateBeforeNode } from './nodes/drop-update-before.ts';
import type { EmitWindowAggregateNode } from './nodes/emit-window-aggregate.ts';
import type { ExpandNode } from './nodes/expand.ts';
import type { FreshnessNode } from './nodes/freshness.ts';
import type { FromChangelogNode } from './nodes/from-changelog.ts';
import type { GroupAggregateNode } from './nodes/group-aggregate.ts';
import type { IntervalJoinNode } from './nodes/interval-join.ts';
import type { JoinNode } from './nodes/join.ts';
import type { LimitNode } from './nodes/limit.ts';
import type { LookupJoinNode } from './nodes/lookup-join.ts';
import type { MatchNode } from './nodes/match.ts';
import type { MaterializeNode } from './nodes/materialize.ts';
import type { NormalizeNode } from './nodes/normalize.ts';
import type { OrderedRowsNode } from './nodes/ordered-rows.ts';
import type { OverAggregateNode } from './nodes/over-aggregate.ts';
import type { OverFinalNode } from './nodes/over-final.ts';
import type { OverSortedNode } from './nodes/over-sorted.ts';
import type { PredictNode } from './nodes/predict.ts';
import type { ProcessNode } from './nodes/process.ts';
import type { RankNode } from './nodes/rank.ts';
import type { ReplicateNode } from './nodes/replicate.ts';
import type { ScanNode } from './nodes/scan.ts';
import type { SinkNode } from './nodes/sink.ts';
import type { SortNode } from './nodes/sort.ts';
import type { TemporalJoinNode } from './nodes/temporal-join.ts';
import type { ToChangelogNode } from './nodes/to-changelog.ts';
import type { UnionNode } from './nodes/union.ts';
import type { UnnestNode } from './nodes/unnest.ts';
import type { ValuesNode } from './nodes/values.ts';
import type { WindowAggregateNode } from './nodes/window-aggregate.ts';
import type { WindowJoinNode } from './nodes/window-join.ts';
import type { WindowRankNode } from './nodes/window-rank.ts';
import type { WindowTableNode } from './nodes/window-table.ts';

export type PlanNode =
  | CalcNode
  | CheckRowsNode
  | CompactNode
  | DeadLettersNode
  | DeduplicateNode
  | DropUpdateBeforeNode
  | EmitWindowAggregateNode
  | ExpandNode
  | FreshnessNode
  | FromChangelogNode
  | GroupAggregateNode
  | IntervalJoinNode
  | JoinNode
  | LimitNode
  | LookupJoinNode
  | MatchNode
  | MaterializeNode
  | NormalizeNode
  | OrderedRowsNode
  | OverAggregateNode
  | OverFinalNode
  | OverSortedNode
  | PredictNode
  | ProcessNode
  | RankNode
  | ReplicateNode
  | ScanNode
  | SinkNode
  | SortNode
  | TemporalJoinNode
  | ToChangelogNode
  | UnionNode
  | UnnestNode
  | ValuesNode
  | WindowAggregateNode
  | WindowJoinNode
  | WindowRankNode
  | WindowTableNode;

/** Every node once, inputs before what reads them. */
export function topological(roots: readonly PlanNode[]): PlanNode[] {
  const seen = new Set<PlanNode>();
  const order: PlanNode[] = [];
  const visit = (node: PlanNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    node.inputs.forEach(visit);
    order.push(node);
  };
  roots.forEach(visit);
  return order;
}

/** The DAG with every node replaced, inputs first; what is shared stays shared. */
export function rebuild(
  roots: readonly PlanNode[],
  replace: (node: PlanNode, inputs: readonly PlanNode[]) => PlanNode,
): readonly PlanNode[] {
  const made = new Map<PlanNode, PlanNode>();
  for (const node of topological(roots))
    made.set(
      node,
      replace(
        node,
        node.inputs.map((i) => made.get(i)!),
      ),
    );
  return roots.map((r) => made.get(r)!);
}
export function withNodeInputs(node: PlanNode, inputs: readonly PlanNode[]): PlanNode {
  return inputs.every((input, i) => input === node.inputs[i]) ? node : ({ ...node, inputs } as PlanNode);
}
