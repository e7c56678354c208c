/* Rows before a sink whose key is not the query's: the last of them per key of the sink. */

import { allChanges } from '#catalog';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { columnNames } from '../../text.ts';
import { byKey, inPlace, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface MaterializeNode {
  readonly kind: 'materialize';
  readonly inputs: readonly [PlanNode];
  /** The sink's primary key. */
  readonly keys: readonly number[];
  /** The input's upsert key, or undefined: rows are told apart by all their columns. */
  readonly inputKey: readonly number[] | undefined;
  /** It needs -U: updates may move rows from one key of the sink to another. */
  readonly whole: boolean;
  readonly ttlMs: number;
  readonly fields: readonly RelField[];
}

export const materializeKind: NodeKind<MaterializeNode> = {
  ...inPlace,
  idKey: ({ keys }, nameOf) => `[${keys.map((k) => nameOf(0, k)).join(',')}]`,
  reads: (node) => readColumns(node, [...node.keys, ...(node.inputKey ?? [])]),
  title: ({ keys, fields }) => `SinkUpsertMaterializer(key=[${columnNames(keys, fields)}])`,
  distribution: ({ keys }) => byKey(keys),
  needsUpdateBefore: ({ whole }) => whole,
  gives: () => ({ ...allChanges, updateBefore: false }),
  updatePairs: () => 'makes',
  keys: ({ keys }) => ({ unique: [keys], upsert: [keys] }),
  state: () => 'key',
  becomes: ({ keys, inputKey, ttlMs }) => ({
    kind: 'operator',
    ...operatorCall('materialize', { keys, inputKey, ttlMs }),
  }),
};
