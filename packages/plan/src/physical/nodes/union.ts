/* The rows of several inputs, as they come. */

import { unionOfChanges } from '../changes.ts';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { noKeys, readNothing, stateless, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface UnionNode {
  readonly kind: 'union';
  readonly inputs: readonly PlanNode[];
  readonly fields: readonly RelField[];
}

export const unionKind: NodeKind<UnionNode> = {
  ...stateless,
  reads: () => readNothing,
  title: () => 'Union(all=[true])',
  gives: (_, inputs) => unionOfChanges(inputs),
  keys: () => noKeys,
  becomes: () => ({ kind: 'operator', ...operatorCall('union', { updateBefore: 'keep' }) }),
};
