/* Where event time is in a job, and what holds it back: from a sink, through the input that is furthest behind, to a source
 * and its split.
 *
 *   sink ─▶ its input ─▶ of several the least that is not idle ─▶ … ─▶ source ─▶ of its splits the least that is active */

import type { JobPlan, NodePlan } from '#job';
import { readsLetters, takesLetters } from './accounts.ts';
import type { NodeMetrics, SplitProgress } from '#dataflow';

/** One node, all instances together. Times are ms; undefined: none yet. */
export interface NodeWatermark {
  readonly id: string;
  readonly title: string;
  readonly kind: NodePlan['kind'];
  readonly watermark: number | undefined;
  readonly idle: boolean;
  /** Of several inputs the id of the one that is furthest behind. */
  readonly waitsFor: string | undefined;
  /** Of a source: its splits, the one that holds it back first. */
  readonly splits: readonly SplitWatermark[];
}
export interface SplitWatermark {
  readonly split: string;
  readonly watermark: number | undefined;
  /** Ms of processing time; where no row came yet, since when it is waited for. */
  readonly lastRowAt: number;
  readonly state: SplitProgress['state'];
}

/** The nodes in the plan's order, sources first; but for those of dead letters, which have no event time. */
export function watermarksOf(plan: JobPlan, metrics: readonly NodeMetrics[]): readonly NodeWatermark[] {
  const of = new Map<string, readonly NodeMetrics[]>();
  for (const node of plan.nodes)
    of.set(
      node.id,
      metrics.filter((m) => m.id === node.id),
    );
  const timed = plan.nodes.filter((node) => !takesLetters(plan, node) && !readsLetters(node));
  return timed.map((node): NodeWatermark => {
    const own = of.get(node.id)!;
    const inputs = inputsOf(node).map((i) => plan.nodes[i]!);
    return {
      id: node.id,
      title: node.title,
      kind: node.kind,
      watermark: known(least(own)),
      idle: own.length > 0 && own.every((m) => m.idle),
      waitsFor: inputs.length > 1 ? furthestBehind(inputs, of) : inputs[0]?.id,
      splits: own
        .flatMap((m) => m.splits ?? [])
        .sort(byHold)
        .map(splitWatermark),
    };
  });
}
const inputsOf = (node: NodePlan): readonly number[] =>
  node.kind === 'source' ? [] : node.inputs.map((input) => input.node);

/** Of several instances the least of those that are not idle; where all are, the greatest counts. */
function least(all: readonly NodeMetrics[]): number {
  const active = all.filter((m) => !m.idle);
  if (active.length === 0) return Math.max(-Infinity, ...all.map((m) => m.watermark));
  return Math.min(...active.map((m) => m.watermark));
}
function furthestBehind(
  inputs: readonly NodePlan[],
  of: ReadonlyMap<string, readonly NodeMetrics[]>,
): string | undefined {
  const active = inputs.filter((n) => of.get(n.id)!.some((m) => !m.idle));
  const counted = active.length > 0 ? active : inputs;
  return [...counted].sort((a, b) => order(least(of.get(a.id)!), least(of.get(b.id)!)))[0]?.id;
}
const order = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
const holds = { active: 0, paused: 1, idle: 2, ended: 3 } as const;
const byHold = (a: SplitProgress, b: SplitProgress): number =>
  holds[a.state] - holds[b.state] || order(a.watermark, b.watermark);
const known = (watermark: number): number | undefined => (Number.isFinite(watermark) ? watermark : undefined);
const splitWatermark = ({ watermark, ...split }: SplitProgress): SplitWatermark => ({
  ...split,
  watermark: known(watermark),
});

/** The way from a node to the source that holds it back: that node first. */
export function heldBackBy(nodes: readonly NodeWatermark[], id: string): readonly NodeWatermark[] {
  const path: NodeWatermark[] = [];
  let next: string | undefined = id;
  while (next !== undefined) {
    const node: NodeWatermark | undefined = nodes.find((n) => n.id === next);
    if (node === undefined) break;
    path.push(node);
    next = node.waitsFor;
  }
  return path;
}
