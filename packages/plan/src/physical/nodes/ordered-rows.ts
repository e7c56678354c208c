/* A table in the order that a process table function asks for, each partition by itself. */

import { operatorCall } from '#job';
import type { RelField, SortKey } from '../../logical/field.ts';
import { columnNames, orderText } from '../../text.ts';
import { byKey, inPlace, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface OrderedRowsNode {
  readonly kind: 'ordered-rows';
  readonly inputs: readonly [PlanNode];
  /** What its state is found again by: the uid of the function, and the name of its table. */
  readonly uid: string;
  readonly partition: readonly number[];
  /** By a rowtime first, ascending. */
  readonly keys: readonly SortKey[];
  readonly fields: readonly RelField[];
}

export const orderedRowsKind: NodeKind<OrderedRowsNode> = {
  ...inPlace,
  dropsLate: () => true,
  idKey: ({ uid }) => `[${uid}]`,
  reads: (node) => readColumns(node, [...node.partition, ...node.keys.map((k) => k.column)]),
  title({ partition, keys, fields }) {
    const by = partition.length === 0 ? '' : `partitionBy=[${columnNames(partition, fields)}], `;
    return `OrderedRows(${by}orderBy=[${orderText(keys, fields)}])`;
  },
  distribution: ({ partition }) => byKey(partition),
  needsUpdateBefore: (_, _input, needed) => needed,
  gives: (_, [input]) => input!,
  // A -U waits for another time than its +U where that moves the row.
  updatePairs: () => 'parts',
  keys: (_, [below]) => below!.keys,
  state: () => 'interval',
  origin: (_, column) => column,
  becomes: ({ partition, keys }) => ({
    kind: 'operator',
    ...operatorCall('ordered-rows', { partition, keys }),
  }),
};
