/* ORDER BY the rowtime as it passes, or once at the end of a bounded input. */

import { insertOnly } from '#catalog';
import { operatorCall } from '#job';
import type { RelField, SortKey } from '../../logical/field.ts';
import { orderText } from '../../text.ts';
import { inPlace, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface SortNode {
  readonly kind: 'sort';
  readonly inputs: readonly [PlanNode];
  readonly keys: readonly SortKey[];
  readonly mode: 'rowtime' | 'end';
  readonly fields: readonly RelField[];
}

export const sortKind: NodeKind<SortNode> = {
  dropsLate: () => true,
  ...inPlace,
  reads: (node) =>
    readColumns(
      node,
      node.keys.map((k) => k.column),
    ),
  title: ({ mode, keys, fields }) =>
    `${mode === 'rowtime' ? 'TemporalSort' : 'Sort'}(orderBy=[${orderText(keys, fields)}])`,
  distribution: () => ({ kind: 'single' }),
  takes: () => insertOnly,
  needsUpdateBefore: () => true,
  gives: (_, [input]) => input!,
  updatePairs: () => 'makes',
  keys: (_, [below]) => below!.keys,
  state: ({ mode }) => (mode === 'end' ? 'unbounded' : 'window'),
  grows: () => undefined,
  becomes: ({ keys, mode }) => ({ kind: 'operator', ...operatorCall('sort', { keys, mode }) }),
};
