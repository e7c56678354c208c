/* Rows that stand in the query: a source that ends at once. */

import { insertOnly } from '#catalog';
import type { Value } from '#data';
import type { RelField } from '../../logical/field.ts';
import { inPlace, noKeys, readNothing, typesOf, type NodeKind } from '../kind.ts';

/** The connector that gives the rows of its option `rows`. */
export const valuesConnector = '$values';

export interface ValuesNode {
  readonly kind: 'values';
  readonly inputs: readonly [];
  readonly rows: readonly (readonly Value[])[];
  readonly fields: readonly RelField[];
}

export const valuesKind: NodeKind<ValuesNode> = {
  ...inPlace,
  reads: () => readNothing,
  title: (node) => `Values(rows=[${node.rows.length}])`,
  needsUpdateBefore: () => false,
  gives: () => insertOnly,
  updatePairs: () => 'makes',
  keys: () => noKeys,
  state: () => 'none',
  becomes: (node, { encodeRows }) => ({
    kind: 'source',
    connector: valuesConnector,
    fields: node.fields,
    metadata: [],
    limit: undefined,
    calc: undefined,
    watermark: undefined,
    idleTimeoutMs: 0,
    quietTimeoutMs: 0,
    finalWatermarkOnly: true,
    alignment: undefined,
    table: {
      path: { catalog: '', database: '', object: 'values' },
      physical: node.fields,
      primaryKey: [],
      partitionedBy: [],
      options: [{ key: 'rows', value: encodeRows(node.rows, typesOf(node.fields)) }],
    },
  }),
};
