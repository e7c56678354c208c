/* One row per element of a column. */

import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { columnNames } from '../../text.ts';
import { noKeys, readColumns, stateless, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface UnnestNode {
  readonly kind: 'unnest';
  readonly inputs: readonly [PlanNode];
  readonly column: number;
  readonly ordinality: boolean;
  readonly left: boolean;
  readonly fields: readonly RelField[];
}

export const unnestKind: NodeKind<UnnestNode> = {
  ...stateless,
  reads: (node) => readColumns(node, [node.column]),
  title: ({ inputs: [input], column, left }) =>
    `Correlate(unnest=[${columnNames([column], input.fields)}], joinType=[${left ? 'LEFT' : 'INNER'}])`,
  gives: (_, [input]) => input!,
  keys: () => noKeys,
  becomes: ({ inputs: [input], column, ordinality, left }) => ({
    kind: 'operator',
    ...operatorCall('unnest', { column, ordinality, left, type: input.fields[column]!.type }),
  }),
};
