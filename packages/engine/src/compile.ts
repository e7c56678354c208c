/* The physical plan as a job plan: one part a node, in the same order. Plain data comes out: it may be cloned into another
 * thread and run there. */

import { allChanges } from '#catalog';
import { deadLetterRow, type InputPlan, type JobPlan, type NodePlan } from '#job';
import {
  columnName,
  nodeKind,
  nodeTitle,
  rowConditions,
  type PhysicalPlan,
  type PlanNode,
  type PlannedNode,
} from '#plan';
import type { LogicalType } from '#data';
import { encodeRows } from './builtin.ts';

/** `collect`: a sink that is added to what a query's reader gets. */
export function compileJob(
  plan: PhysicalPlan,
  collect?: { readonly connector: string; readonly id: string },
): JobPlan {
  const nodes = plan.nodes.map((planned, i) => withConditions(compileNode(planned, plan), i, plan));
  if (collect === undefined) return { nodes };
  return { nodes: [...nodes, ...plan.roots.map((root) => collector(plan, root, collect))] };
}

function compileNode({ node, id, also, inputs, traits }: PlannedNode, plan: PhysicalPlan): NodePlan {
  const kind = nodeKind(node);
  const part = kind.becomes(node, {
    needed: traits.needed,
    changes: traits.changelog,
    inputs: inputs.map((input) => plan.nodes[input]!.traits.changelog),
    nameOf: (input, column) => columnName(node.inputs[input]!, column),
    encodeRows,
  });
  const { badRows } = traits;
  const base = { id, also, title: nodeTitle(node), outputTypes: typesOf(node), ...(badRows && { badRows }) };
  if (part.kind === 'source') return { ...base, ...part };
  const edges = inputs.map(
    (input, i): InputPlan => ({
      node: input,
      distribution: kind.distribution(node, i),
      input: kind.port(node, i),
      ...(kind.readsSide && { side: 'dead-letters' as const }),
    }),
  );
  const { single } = traits;
  if (part.kind === 'sink') return { ...base, ...part, inputs: edges, single };
  const inputTypes: (readonly LogicalType[])[] = [];
  const inputNames: (readonly string[])[] = [];
  edges.forEach((edge, i) => {
    const fields = kind.readsSide === true ? deadLetterRow : node.inputs[i]!.fields;
    inputTypes[edge.input] ??= fields.map((f) => f.type);
    inputNames[edge.input] ??= fields.map((f) => f.name);
  });
  return {
    ...base,
    ...part,
    inputs: edges,
    inputTypes,
    single,
    inputNames,
  };
}

/** What the one reader of a scan filters by. A row that is left out moves no watermark, so none may be made of rows. */
function withConditions(part: NodePlan, index: number, plan: PhysicalPlan): NodePlan {
  const { node: scan } = plan.nodes[index]!;
  if (part.kind !== 'source' || scan.kind !== 'scan' || scan.watermark !== undefined) return part;
  const readers = plan.nodes.filter((n) => n.inputs.includes(index) && nodeKind(n.node).readsSide !== true);
  const [reader] = readers;
  if (readers.length !== 1 || reader!.node.kind !== 'calc' || plan.roots.includes(index)) return part;
  const { condition } = reader!.node;
  if (condition === undefined) return part;
  const physical = scan.produced.length - scan.metadata.length;
  const conditions = rowConditions(condition, (column) => {
    const origin = scan.exprs === undefined ? { kind: 'column', index: column } : scan.exprs[column]!;
    return origin.kind === 'column' && origin.index < physical
      ? scan.produced[origin.index]!.name
      : undefined;
  });
  return conditions.length === 0 ? part : { ...part, conditions };
}

const typesOf = (node: PlanNode): LogicalType[] => node.fields.map((f) => f.type);

/** The reader of a query, as a sink of one instance. */
function collector(
  plan: PhysicalPlan,
  root: number,
  { connector, id }: { readonly connector: string; readonly id: string },
): NodePlan {
  const { node } = plan.nodes[root]!;
  return {
    kind: 'sink',
    id,
    title: 'Collect',
    connector,
    fields: node.fields,
    metadata: [],
    key: [],
    accepts: allChanges,
    notNull: [],
    places: [],
    dropNulls: false,
    single: true,
    outputTypes: typesOf(node),
    inputs: [{ node: root, input: 0, distribution: { kind: 'single' } }],
    table: {
      path: { catalog: '', database: '', object: id },
      physical: node.fields,
      primaryKey: [],
      partitionedBy: [],
      options: [],
    },
  };
}
