/* Aggregates over windows in two phases, where rows would cross from one instance to another.
 *
 *   rows ─▶ exchange by key ─▶ aggregate      becomes      rows ─▶ local aggregate ─▶ exchange by key ─▶ aggregate
 *
 * Fewer rows cross. The state is that of one phase, under the same names: a snapshot fits both, and any parallelism. Done only
 * where it changes no result and saves time: late rows that somebody asks for are sent as they are, and so are rows of windows
 * that share slices, which are short and have few rows of a key (ADR 38). Flink: TwoStageOptimizedWindowAggregateRule. */

import { types, withNullable, type LogicalType } from '#data';
import type {
  InputPlan,
  JobPlan,
  LocalWindowAggregateSpec,
  NodePlan,
  OperatorPlan,
  WindowAggregateSpec,
  WindowShape,
} from '#job';
import { partialTypes } from '../kernels/partials.ts';

export interface TwoPhaseSettings {
  readonly parallelism: number;
  /** Somebody takes rows that are late. */
  readonly showsLate: boolean;
}

/** The plan as it runs. Its nodes are those of `plan`, under the same ids, and the first phases. */
export function inTwoPhases(plan: JobPlan, settings: TwoPhaseSettings): JobPlan {
  if (settings.parallelism === 1 || settings.showsLate) return plan;
  const nodes: NodePlan[] = [];
  /** By index in `plan`: the index among `nodes`. */
  const at: number[] = [];
  for (const node of plan.nodes) {
    const moved = withInputs(node, (input) => ({ ...input, node: at[input.node]! }));
    const parts = moved.kind === 'operator' ? partsOf(moved) : undefined;
    const isOne =
      moved.kind === 'operator' && moved.single && moved.inputs.every((i) => isSingle(nodes[i.node]!));
    if (parts === undefined || isOne) nodes.push(moved);
    else nodes.push(secondPhase(parts, addFirstPhases(parts, nodes)));
    at.push(nodes.length - 1);
  }
  return { nodes };
}
const isSingle = (node: NodePlan): boolean => node.kind !== 'source' && node.single;
function withInputs(node: NodePlan, change: (input: InputPlan) => InputPlan): NodePlan {
  return node.kind === 'source' ? node : { ...node, inputs: node.inputs.map(change) };
}

/** An aggregate that can be taken apart. */
interface Parts {
  readonly node: OperatorPlan;
  readonly spec: WindowAggregateSpec;
  readonly window: LocalWindowAggregateSpec['window'];
  /** Of keys, end of the slice, rows, partials. */
  readonly types: readonly LogicalType[];
}
/** Undefined where one phase must do all. */
function partsOf(node: OperatorPlan): Parts | undefined {
  if (node.operator !== 'window-aggregate' || node.badRows !== undefined) return undefined;
  const spec = node.spec as WindowAggregateSpec;
  const { keys, calls, window, retract } = spec;
  if (window.kind !== 'rowtime' || retract || sharesSlices(window.shape)) return undefined;
  const isSpread = node.inputs.every(({ distribution: d, side }) => {
    if (side !== undefined || d.kind === 'forward') return false;
    return d.kind === 'single' || d.columns.every((c) => keys.includes(c));
  });
  const partials = calls.map(partialTypes);
  if (!isSpread || partials.includes(undefined)) return undefined;
  const keyTypes = keys.map((k) => node.inputTypes[0]![k]!);
  const ends = withNullable(types.timestamp(3), false);
  const all = [...keyTypes, ends, withNullable(types.BIGINT, false), ...partials.flatMap((p) => p!)];
  return { node, spec, window, types: all };
}

const sharesSlices = (shape: WindowShape): boolean =>
  shape.kind === 'cumulate' || (shape.kind === 'hop' && shape.slideMs < shape.sizeMs);

/** One for each node that the aggregate reads. */
function addFirstPhases({ node, spec, window, types: all }: Parts, nodes: NodePlan[]): InputPlan[] {
  const { keys, calls, zone } = spec;
  return node.inputs.map((input, i): InputPlan => {
    const local: LocalWindowAggregateSpec = { keys, calls, window, zone };
    nodes.push({
      kind: 'operator',
      operator: 'local-window-aggregate',
      spec: local,
      id: `${node.id}/local${i === 0 ? '' : i}`,
      title: `Local${node.title}`,
      inputs: [{ node: input.node, distribution: { kind: 'forward' }, input: 0 }],
      inputNames: node.inputNames,
      inputTypes: node.inputTypes,
      outputTypes: all,
      single: isSingle(nodes[input.node]!),
      transient: true,
    });
    const { distribution } = input;
    return {
      node: nodes.length - 1,
      input: input.input,
      distribution:
        distribution.kind === 'hash'
          ? { kind: 'hash', columns: distribution.columns.map((c) => keys.indexOf(c)) }
          : distribution,
    };
  });
}
function secondPhase({ node, spec, window, types: all }: Parts, inputs: readonly InputPlan[]): OperatorPlan {
  const width = spec.keys.length;
  const [names] = node.inputNames;
  const second: WindowAggregateSpec = {
    ...spec,
    keys: spec.keys.map((_, i) => i),
    window: { kind: 'slices', shape: window.shape, end: width, rows: width + 1 },
  };
  return {
    ...node,
    spec: second,
    inputs,
    inputTypes: [all],
    inputNames: [all.map((_, i) => (i < width ? names![spec.keys[i]!]! : `$${i}`))],
  };
}
