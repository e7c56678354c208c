/* Each row as often as its last column says. */

import { hasUpdates } from '#catalog';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { noKeys, readColumns, stateless, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface ReplicateNode {
  readonly kind: 'replicate';
  readonly inputs: readonly [PlanNode];
  readonly fields: readonly RelField[];
}

export const replicateKind: NodeKind<ReplicateNode> = {
  ...stateless,
  reads: (node) => readColumns(node, [node.fields.length]),
  title: ({ inputs: [input] }) => `Replicate(count=[${input.fields.at(-1)!.name}])`,
  // The old row says how many copies go.
  needsUpdateBefore: () => true,
  gives: (_, [input]) => input!,
  updatePairs: (_, [below]) => (hasUpdates(below!.changes) ? 'parts' : 'passes'),
  keys: () => noKeys,
  origin: (_, column) => column,
  becomes: () => ({ kind: 'operator', ...operatorCall('replicate', {}) }),
};
