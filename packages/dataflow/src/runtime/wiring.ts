/* Which instances a plan's nodes have, which of them an edge connects, and in which thread each runs. The same in every
 * thread: edges are numbered alike everywhere, so two threads find the ring between them by its number. */

import { assert } from '#base';
import type { ConnectorRegistry } from '#catalog';
import type { InputPlan, JobPlan, LookupJoinSpec, NodePlan } from '#job';

/** By node and instance: the thread. */
export type Placement = readonly (readonly number[])[];

export interface InstanceRef {
  readonly node: number;
  readonly instance: number;
}
/** From one instance to some of the next node's: to all of them where rows are spread by a key. */
export interface Edge {
  readonly input: InputPlan;
  readonly from: InstanceRef;
  readonly to: readonly InstanceRef[];
}

export const instancesOf = (node: NodePlan, parallelism: number): number =>
  node.kind !== 'source' && node.single ? 1 : parallelism;

/** All edges of the plan, always in the same order. */
export function* edgesOf(plan: JobPlan, parallelism: number): Generator<Edge> {
  for (const [node, target] of plan.nodes.entries()) {
    if (target.kind === 'source') continue;
    const targets = Array.from({ length: instancesOf(target, parallelism) }, (_, instance) => ({
      node,
      instance,
    }));
    for (const input of target.inputs) {
      const sources = instancesOf(plan.nodes[input.node]!, parallelism);
      const { kind } = input.distribution;
      const isForward = kind === 'forward' && sources === targets.length;
      assert(
        kind !== 'forward' || isForward || targets.length === 1,
        'forward needs as many instances on both sides',
      );
      for (let i = 0; i < sources; i++)
        yield {
          input,
          from: { node: input.node, instance: i },
          to: isForward ? [targets[i]!] : kind === 'hash' ? targets : [targets[0]!],
        };
    }
  }
}

/** All in one thread. */
export const inOneThread = (plan: JobPlan, parallelism: number): Placement =>
  plan.nodes.map((node) => Array.from({ length: instancesOf(node, parallelism) }, () => 0));

/** An instance a thread; the first thread runs what there is one of, and what a connector of the program gives, takes or
 *  answers. */
export function spreadOverThreads(
  plan: JobPlan,
  parallelism: number,
  connectors: ConnectorRegistry,
): Placement {
  return plan.nodes.map((node) => {
    const isPinned = connectors.get(connectorOf(node) ?? '')?.pinned === true;
    return Array.from({ length: instancesOf(node, parallelism) }, (_, i) => (isPinned ? 0 : i));
  });
}

/** What a node reads from, writes to, or asks. */
function connectorOf(node: NodePlan): string | undefined {
  if (node.kind !== 'operator') return node.connector;
  return node.operator === 'lookup-join' || node.operator === 'kept-lookup-join'
    ? (node.spec as LookupJoinSpec).connector
    : undefined;
}

/** A connection between two threads. */
export interface Crossing {
  readonly from: number;
  readonly to: number;
}
/** Every pair of instances that an edge connects over threads, in the order of `edgesOf`: its index is its ring's. */
export function crossingsOf(plan: JobPlan, parallelism: number, placement: Placement): Crossing[] {
  const threadOf = ({ node, instance }: InstanceRef): number => placement[node]![instance]!;
  const crossings: Crossing[] = [];
  for (const edge of edgesOf(plan, parallelism))
    for (const target of edge.to)
      if (threadOf(edge.from) !== threadOf(target))
        crossings.push({ from: threadOf(edge.from), to: threadOf(target) });
  return crossings;
}
