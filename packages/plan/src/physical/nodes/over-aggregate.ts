/* Functions over the rows before each row, by event time or in order of arrival: each row goes out once. */

import { insertOnly } from '#catalog';
import type { OverCall } from '#expr';
import { operatorCall } from '#job';
import type { OverWindow, RelField } from '../../logical/field.ts';
import { callText, columnNames, frameText, orderText } from '../../text.ts';
import { byKey, inPlace, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';
import { callColumns, namedCalls } from './group-aggregate.ts';

/** Fields: the input's, then the calls. */
export interface OverAggregateNode {
  readonly kind: 'over-aggregate';
  readonly inputs: readonly [PlanNode];
  /** Ordered by one time attribute; its frame ends at the current row. */
  readonly window: OverWindow;
  readonly calls: readonly OverCall[];
  /** The rowtime column; undefined: processing time. */
  readonly time: number | undefined;
  readonly ttlMs: number;
  readonly fields: readonly RelField[];
}

/** What OVER nodes have in common in EXPLAIN. */
export function overText({
  inputs: [input],
  window,
  calls,
  fields,
}: Pick<OverAggregateNode, 'inputs' | 'window' | 'calls' | 'fields'>): string {
  const made = calls.map((c, i) => callText(c, input.fields, fields[input.fields.length + i]!.name));
  const select = [...input.fields.map((f) => f.name), ...made];
  return `OverAggregate(partitionBy=[${columnNames(window.partition, input.fields)}], orderBy=[${orderText(window.keys, input.fields)}], window=[${frameText(window.frame)}], select=[${select.join(', ')}])`;
}
export const overIdKey = (
  { partition, keys, frame }: OverWindow,
  nameOf: (input: number, column: number) => string,
): string =>
  `[${partition.map((k) => nameOf(0, k)).join(',')};${keys.map((k) => nameOf(0, k.column)).join(',')};${frameText(frame)}]`;

export const overAggregateKind: NodeKind<OverAggregateNode> = {
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
  state({ window: { partition, frame }, ttlMs }) {
    if (frame.unit === 'range' && frame.from !== -Infinity) return 'window';
    return partition.length === 0 ? 'none' : ttlMs > 0 ? 'ttl' : 'unbounded';
  },
  grows: ({ window: { frame } }) =>
    `keeps ${frame.from === -Infinity ? 'the results so far' : `the last ${1 - frame.from} rows`} of every partition that it ever saw. Set 'table.exec.state.ttl' where partitions come without end, or bound the frame by a range of time.`,
  origin: ({ inputs: [input] }, column) => (column < input.fields.length ? column : undefined),
  becomes({ window: { partition, frame }, calls, time, ttlMs }, { nameOf }) {
    const kept = { unit: frame.unit, preceding: 0 - frame.from };
    const spec = { partition, calls: namedCalls(calls, nameOf), frame: kept, time, ttlMs };
    return { kind: 'operator', ...operatorCall('over-aggregate', spec) };
  },
};
