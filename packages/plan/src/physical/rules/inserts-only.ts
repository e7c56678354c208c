/* Nodes that take rows which come, and no changes of rows. */

import { UserError } from '#base';
import { changelogText, hasUpdates, isInsertOnly } from '#catalog';
import { nodeKind, nodeTitle } from '../kinds.ts';
import type { PlanNode } from '../node.ts';
import type { Upward } from '../traits/upward.ts';
import type { Conversion } from './rule.ts';

/** Throws PLAN2003 where the input changes or takes back rows; as Flink does. */
export function requireInserts(
  input: PlanNode,
  what: string,
  node: string,
  { upward }: Conversion,
  hint = `Rows that went into ${what} are let go when their time is over, so nothing could be taken back. Join rows that only come, or leave the bounds on time out: a regular join keeps both sides.`,
): void {
  const mode = upward.changes(input, true);
  if (isInsertOnly(mode)) return;
  const kinds = [hasUpdates(mode) ? 'update' : '', mode.delete ? 'delete' : ''].filter((k) => k !== '');
  throw new UserError('PLAN2003', {
    message: `${node} doesn't support consuming ${kinds.join(' and ')} changes which is produced by node ${nodeTitle(makerOf(input, upward)).replace(/\(.*$/s, '')} ${changelogText(mode)}`,
    hint,
  });
}

/** The node that makes the changes: those above only pass them on. */
export function makerOf(node: PlanNode, upward: Upward): PlanNode {
  let maker = node;
  while (
    maker.inputs.length === 1 &&
    nodeKind(maker).updatePairs(maker, upward.below(maker)) !== 'makes' &&
    !isInsertOnly(upward.changes(maker.inputs[0]!, true))
  )
    maker = maker.inputs[0]!;
  return maker;
}
