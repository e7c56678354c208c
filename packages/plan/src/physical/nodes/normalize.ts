/* An upsert source made whole: the last row per key is kept, so that deletes and updates are whole. */

import { allChanges } from '#catalog';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { columnNames } from '../../text.ts';
import { byKey, inPlace, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface NormalizeNode {
  readonly kind: 'normalize';
  readonly inputs: readonly [PlanNode];
  readonly keys: readonly number[];
  readonly ttlMs: number;
  readonly fields: readonly RelField[];
}

export const normalizeKind: NodeKind<NormalizeNode> = {
  ...inPlace,
  idKey: ({ keys }, nameOf) => `[${keys.map((k) => nameOf(0, k)).join(',')}]`,
  reads: (node) => readColumns(node, node.keys),
  title: ({ keys, fields }) => `ChangelogNormalize(key=[${columnNames(keys, fields)}])`,
  distribution: ({ keys }) => byKey(keys),
  needsUpdateBefore: () => false,
  gives: (_, _inputs, needed) => ({ ...allChanges, updateBefore: needed }),
  updatePairs: () => 'makes',
  keys: ({ keys }) => ({ unique: [keys], upsert: [keys] }),
  state: () => 'key',
  becomes: ({ keys, ttlMs }, { needed }) => ({
    kind: 'operator',
    ...operatorCall('normalize', { keys, updateBefore: needed, ttlMs }),
  }),
};
