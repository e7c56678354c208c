/* Rows before a sink whose key is not the query's, settled at each watermark: ON CONFLICT DO NOTHING and DO ERROR. */

import { allChanges } from '#catalog';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { columnNames } from '../../text.ts';
import { byKey, inPlace, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface CompactNode {
  readonly kind: 'compact';
  readonly inputs: readonly [PlanNode];
  /** The sink's primary key. */
  readonly keys: readonly number[];
  /** The input's upsert key, or undefined: rows are told apart by all their columns. */
  readonly inputKey: readonly number[] | undefined;
  /** What becomes of rows that meet in one key. */
  readonly conflict: 'NOTHING' | 'ERROR';
  /** Of the sink's primary key. */
  readonly keyNames: readonly string[];
  readonly ttlMs: number;
  readonly fields: readonly RelField[];
}

export const compactKind: NodeKind<CompactNode> = {
  ...inPlace,
  idKey: ({ keys }, nameOf) => `[${keys.map((k) => nameOf(0, k)).join(',')}]`,
  reads: (node) => readColumns(node, [...node.keys, ...(node.inputKey ?? [])]),
  title: ({ keys, conflict, fields }) =>
    `SinkUpsertMaterializer(key=[${columnNames(keys, fields)}], conflict=[${conflict}], compaction=[WATERMARK])`,
  distribution: ({ keys }) => byKey(keys),
  needsUpdateBefore: () => true,
  gives: () => ({ ...allChanges, updateBefore: false }),
  updatePairs: () => 'makes',
  keys: ({ keys }) => ({ unique: [keys], upsert: [keys] }),
  state: () => 'key',
  becomes: ({ keys, inputKey, conflict, keyNames, ttlMs }) => ({
    kind: 'operator',
    ...operatorCall('compact', { keys, inputKey, conflict, keyNames, ttlMs }),
  }),
};
