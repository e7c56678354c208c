/* Functions over the rows before each row in any order: kept up to date as rows come and go. */

import { operatorCall } from '#job';
import type { OverCall } from '#expr';
import type { OverWindow, RelField } from '../../logical/field.ts';
import { byKey, inPlace, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';
import { callColumns, namedCalls } from './group-aggregate.ts';
import { overIdKey, overText } from './over-aggregate.ts';

/** Fields: the input's, then the calls. */
export interface OverSortedNode {
  readonly kind: 'over-sorted';
  readonly inputs: readonly [PlanNode];
  /** Its frame goes from the first row of the partition to the current one. */
  readonly window: OverWindow;
  readonly calls: readonly OverCall[];
  readonly ttlMs: number;
  readonly fields: readonly RelField[];
}

export const overSortedKind: NodeKind<OverSortedNode> = {
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
  needsUpdateBefore: () => true,
  gives: (_, [input], needed) => ({
    insert: true,
    updateBefore: needed,
    updateAfter: true,
    delete: input!.updateBefore || input!.delete,
    keyOnlyDelete: false,
  }),
  updatePairs: () => 'makes',
  keys({ window: { partition } }, [below]) {
    // A row that goes to another partition goes to another instance.
    const upsert = below!.keys.upsert.filter((k) => partition.every((p) => k.includes(p)));
    return { unique: below!.keys.unique, upsert };
  },
  state: ({ ttlMs }) => (ttlMs > 0 ? 'ttl' : 'unbounded'),
  grows: () =>
    "keeps every row that its input holds, for one may yet come in front of any. Set 'table.exec.state.ttl', or order it by a time attribute.",
  origin: ({ inputs: [input] }, column) => (column < input.fields.length ? column : undefined),
  becomes({ window: { partition, keys, frame }, calls, ttlMs }, { needed, nameOf }) {
    const spec = {
      partition,
      keys,
      calls: namedCalls(calls, nameOf),
      unit: frame.unit,
      updateBefore: needed,
      ttlMs,
    };
    return { kind: 'operator', ...operatorCall('over-sorted', spec) };
  },
};
