/* Rows that come as the changes that a column of them says. */

import { allChanges } from '#catalog';
import { operatorCall } from '#job';
import { changeNames, type ChangeName } from '../../logical/change-names.ts';
import type { RelField } from '../../logical/field.ts';
import { inPlace, noKeys, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface FromChangelogNode {
  readonly kind: 'from-changelog';
  readonly inputs: readonly [PlanNode];
  readonly op: number;
  readonly codes: readonly (readonly [string, ChangeName])[];
  readonly fields: readonly RelField[];
}

export const fromChangelogKind: NodeKind<FromChangelogNode> = {
  ...inPlace,
  reads: (node) => readColumns(node, [node.op]),
  title: ({ op, codes, inputs: [input] }) =>
    `ProcessTableFunction(invocation=[FROM_CHANGELOG], op=[${input.fields[op]!.name}], mapping=[${codes.map((c) => c.join(' AS ')).join(', ')}])`,
  needsUpdateBefore: () => false,
  // As in Flink, whatever the codes are.
  gives: () => allChanges,
  updatePairs: () => 'makes',
  keys: () => noKeys,
  state: () => 'none',
  origin: ({ op }, column) => (column < op ? column : column + 1),
  becomes: ({ op, codes, inputs: [input] }) => ({
    kind: 'operator',
    ...operatorCall('from-changelog', {
      op,
      type: input.fields[op]!.type,
      codes: codes.map(([code, change]) => [code, changeNames.indexOf(change)] as const),
    }),
  }),
};
