/* Deletes that are keys alone: who may be given them. Asked from above, over all readers: a process table function that decides by
 * its readers gives whole rows unless all of them are functions that take keys; one that gives keys alone may also be read by a sink
 * that is written by key.
 *
 *   function ─┐
 *             ├─ function: keys alone        function (requireFullDelete) ─ function: whole rows        sink ─ function: whole rows
 *   function ─┘ */

import { columnsOf, processTables, userProcess, type Expr } from '#expr';
import { rebuild, topological, withNodeInputs, type PlanNode } from '../node.ts';
import { isUpsertedByPartition } from '../nodes/process.ts';
import { Upward } from './upward.ts';

/** The nodes all of whose readers take deletes that are keys alone: functions, and where they cannot be had otherwise, sinks. */
export function readKeyOnly(roots: readonly PlanNode[], bySinks: boolean): ReadonlySet<PlanNode> {
  const upward = new Upward();
  const taken = new Map<PlanNode, boolean>();
  for (const node of topological(roots).reverse())
    node.inputs.forEach((input, i) => {
      const takes = takesKeyOnly(node, i, { above: taken.get(node) === true, bySinks, upward });
      taken.set(input, (taken.get(input) ?? true) && takes);
    });
  return new Set([...taken].flatMap(([node, takes]) => (takes ? [node] : [])));
}

/** The plan with process table functions that know whether their deletes may be keys alone. */
export function settleDeletes(roots: readonly PlanNode[]): readonly PlanNode[] {
  if (!topological(roots).some((node) => node.kind === 'process')) return roots;
  const keyOnly = readKeyOnly(roots, false);
  return rebuild(roots, (node, inputs) => {
    const same = withNodeInputs(node, inputs);
    return same.kind === 'process' && keyOnly.has(node) ? { ...same, keyOnlyDeletes: true } : same;
  });
}

/** `above`: so do all readers of the node. */
function takesKeyOnly(
  node: PlanNode,
  input: number,
  asked: { readonly above: boolean; readonly bySinks: boolean; readonly upward: Upward },
): boolean {
  const { above, bySinks, upward } = asked;
  switch (node.kind) {
    case 'sink':
      return bySinks && !node.accepts.updateBefore && node.key.length > 0;
    case 'process': {
      const table = processTables(userProcess(node.fn))[input]!;
      const { semantics, supportsUpdates, requiresUpdateBefore, requiresFullDelete } = table;
      const asItComes =
        supportsUpdates && semantics === 'set' && !requiresUpdateBefore && !requiresFullDelete;
      return asItComes && isUpsertedByPartition(node, input, upward.of(node.inputs[input]!));
    }
    case 'calc':
      return above && node.condition === undefined && node.exprs.every((e) => takesNulls(e, node.inputs[0]));
    case 'drop-update-before':
      return above;
    case 'normalize':
      return true;
    default:
      return false;
  }
}
/** It can be computed where columns beside the key are NULL. */
const takesNulls = (expr: Expr, { fields }: PlanNode): boolean =>
  expr.kind === 'column' || [...columnsOf(expr)].every((c) => fields[c]!.type.nullable);
