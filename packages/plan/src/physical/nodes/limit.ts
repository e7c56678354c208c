/* The first rows of an input that only inserts, in the order of arrival. */

import { insertOnly } from '#catalog';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { inPlace, readNothing, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface LimitNode {
  readonly kind: 'limit';
  readonly inputs: readonly [PlanNode];
  readonly offset: number;
  readonly limit: number | undefined;
  readonly fields: readonly RelField[];
}

export const limitKind: NodeKind<LimitNode> = {
  ...inPlace,
  reads: () => readNothing,
  title: ({ offset, limit }) => `Limit(offset=[${offset}], fetch=[${limit ?? 'all'}])`,
  distribution: () => ({ kind: 'single' }),
  needsUpdateBefore: () => true,
  gives: () => insertOnly,
  updatePairs: () => 'makes',
  keys: (_, [below]) => ({ unique: below!.keys.unique, upsert: [] }),
  state: () => 'none',
  becomes: ({ offset, limit }) => ({ kind: 'operator', ...operatorCall('limit', { offset, limit }) }),
};
