/* Changes as rows that come, each with the code of its change. */

import { insertOnly } from '#catalog';
import { operatorCall } from '#job';
import { changeNames, type ChangeName } from '../../logical/change-names.ts';
import type { RelField } from '../../logical/field.ts';
import { inPlace, noKeys, readNothing, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface ToChangelogNode {
  readonly kind: 'to-changelog';
  readonly inputs: readonly [PlanNode];
  readonly codes: readonly (readonly [ChangeName, string])[];
  readonly onTime: number | undefined;
  readonly fields: readonly RelField[];
}

export const toChangelogKind: NodeKind<ToChangelogNode> = {
  ...inPlace,
  reads: () => readNothing,
  title: ({ codes, fields }) =>
    `ProcessTableFunction(invocation=[TO_CHANGELOG], op=[${fields[0]!.name}], mapping=[${codes.map((c) => c.join(' AS ')).join(', ')}])`,
  // As in Flink: whole changes, whichever of them go further.
  needsUpdateBefore: () => true,
  gives: () => insertOnly,
  updatePairs: () => 'makes',
  keys: () => noKeys,
  state: () => 'none',
  origin({ inputs: [input], onTime }, column) {
    if (column === 0) return undefined;
    return column <= input.fields.length ? column - 1 : onTime;
  },
  becomes: ({ codes, onTime }) => ({
    kind: 'operator',
    ...operatorCall('to-changelog', {
      codes: changeNames.map((name) => codes.find(([c]) => c === name)?.[1]),
      onTime,
    }),
  }),
};
