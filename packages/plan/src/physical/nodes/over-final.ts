/* Functions over any rows around each row, once all are known: batch mode. */

import { insertOnly } from '#catalog';
import type { OverCall } from '#expr';
import { operatorCall } from '#job';
import type { OverWindow, RelField } from '../../logical/field.ts';
import { byKey, inPlace, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';
import { callColumns, namedCalls } from './group-aggregate.ts';
import { overIdKey, overText } from './over-aggregate.ts';

/** Fields: the input's, then the calls. */
export interface OverFinalNode {
  readonly kind: 'over-final';
  readonly inputs: readonly [PlanNode];
  readonly window: OverWindow;
  readonly calls: readonly OverCall[];
  readonly fields: readonly RelField[];
}

export const overFinalKind: NodeKind<OverFinalNode> = {
  dropsLate: () => true,
  ...inPlace,
  idKey: ({ window }, nameOf) => overIdKey(window, nameOf),
  reads: (node) =>
    readColumns(node, [
      ...node.window.partition,
      ...node.window.keys.map((k) => k.column),
      ...callColumns(node.calls),
    ]),
  title: overText,
  distribution: ({ window }) => byKey(window.partition),
  takes: () => insertOnly,
  needsUpdateBefore: () => true,
  gives: () => insertOnly,
  updatePairs: () => 'makes',
  keys: (_, [below]) => below!.keys,
  state: () => 'unbounded',
  grows: () => undefined,
  origin: ({ inputs: [input] }, column) => (column < input.fields.length ? column : undefined),
  becomes({ window: { partition, keys, frame }, calls }, { nameOf }) {
    const spec = { partition, keys, calls: namedCalls(calls, nameOf), frame };
    return { kind: 'operator', ...operatorCall('over-final', spec) };
  },
};
