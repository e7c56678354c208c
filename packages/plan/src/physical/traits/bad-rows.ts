/* Which nodes meet bad and late rows, and which table's policy holds for them. All other nodes fail the job.
 *
 *   bad rows    the scan of a table, what checks its rows, a calc right behind them: the table's
 *               a lookup join: that of the table that it asks
 *               a sink, and calcs right in front of it whose rows are no table's, as above a join, and only come: the sink's.
 *               One that changes may lie in the sink already, where what takes it back fails too
 *   late rows   operators that drop them: all tables below */

import { isInsertOnly } from '#catalog';
import type { BadRowsPlan } from '#job';
import type { BadRowsOptions } from '../bad-rows-options.ts';
import { nodeKind } from '../kinds.ts';
import { topological, type PlanNode } from '../node.ts';
import type { CheckRowsNode } from '../nodes/check-rows.ts';
import type { LookupJoinNode } from '../nodes/lookup-join.ts';
import type { ScanNode } from '../nodes/scan.ts';
import type { SinkNode } from '../nodes/sink.ts';
import { givenChanges, neededUpdateBefore } from './changes.ts';

/** A table that asks for something, as its node. */
export type AskingNode = (CheckRowsNode | LookupJoinNode | ScanNode | SinkNode) & {
  readonly badRows: BadRowsOptions;
};

export interface BadRowsTrait {
  readonly plan: Omit<BadRowsPlan, 'recordBytesMax'>;
  /** Whose policy it is; several where late rows may be of several tables. */
  readonly of: readonly AskingNode[];
}

export function badRowsOf(roots: readonly PlanNode[]): ReadonlyMap<PlanNode, BadRowsTrait> {
  const traits = new Map<PlanNode, BadRowsTrait>();
  const below = new Map<PlanNode, ReadonlySet<AskingNode>>();
  for (const node of topological(roots)) {
    const keepers = new Set(node.inputs.flatMap((input) => [...below.get(input)!]));
    if (asks(node)) {
      if (node.badRows.onError !== 'fail') traits.set(node, ofTable(node));
      if (node.kind === 'scan' && node.badRows.keepsLate) keepers.add(node);
    }
    below.set(node, keepers);
    const scan = scanBelow(node);
    if (scan !== undefined && asks(scan) && scan.badRows.onError !== 'fail') traits.set(node, ofTable(scan));
    if (nodeKind(node).dropsLate?.(node) === true && keepers.size > 0) traits.set(node, late([...keepers]));
  }
  for (const [node, sink] of beforeSinks(roots)) traits.set(node, ofTable(sink));
  return traits;
}
/** The scan right below a calc. */
function scanBelow(node: PlanNode): ScanNode | undefined {
  const before = node.kind === 'calc' ? node.inputs[0] : undefined;
  const scan = before?.kind === 'check-rows' ? before.inputs[0] : before;
  return scan?.kind === 'scan' ? scan : undefined;
}
/** Calcs whose bad rows are the matter of the sink that reads them, and nobody else. */
function beforeSinks(roots: readonly PlanNode[]): Map<PlanNode, AskingNode> {
  const found = new Map<PlanNode, AskingNode>();
  const sinks = roots.filter(asks);
  if (sinks.length === 0) return found;
  const given = givenChanges(roots, neededUpdateBefore(roots, false));
  const readers = new Map<PlanNode, number>();
  for (const node of topological(roots))
    for (const input of node.inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  for (const sink of sinks) {
    for (
      let [node] = sink.inputs;
      node?.kind === 'calc' && readers.get(node) === 1 && scanBelow(node) === undefined;
      [node] = node.inputs
    )
      if (isInsertOnly(given.get(node.inputs[0])!)) found.set(node, sink);
  }
  return found;
}
const asks = (node: PlanNode): node is AskingNode =>
  (node.kind === 'scan' ||
    node.kind === 'sink' ||
    node.kind === 'check-rows' ||
    node.kind === 'lookup-join') &&
  node.badRows !== undefined;

const ofTable = (node: AskingNode): BadRowsTrait => ({
  plan: { table: node.name, onError: node.badRows.onError, keepsLate: false, rateMax: node.badRows.rateMax },
  of: [node],
});
const late = (of: readonly AskingNode[]): BadRowsTrait => ({
  plan: {
    table: [...new Set(of.map((node) => node.name))].join(', '),
    onError: 'fail',
    keepsLate: true,
    rateMax: undefined,
  },
  of,
});
