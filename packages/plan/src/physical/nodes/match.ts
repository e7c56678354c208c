/* Runs of rows that fit a pattern, one row for each. */

import { insertOnly } from '#catalog';
import { operatorCall } from '#job';
import type { RelField, SortKey } from '../../logical/field.ts';
import {
  matchArguments,
  matchColumns,
  matchText,
  patternText,
  type MatchPattern,
} from '../../logical/nodes/match.ts';
import { byKey, inPlace, noKeys, type NodeKind } from '../kind.ts';
import { matchStates } from '../match-states.ts';
import type { PlanNode } from '../node.ts';

/** Fields: the partition's columns, then the measures. */
export interface MatchNode extends MatchPattern {
  readonly kind: 'match';
  readonly inputs: readonly [PlanNode];
  readonly partition: readonly number[];
  /** A time attribute first. */
  readonly order: readonly SortKey[];
  /** The rowtime's column; undefined: processing time. */
  readonly time: number | undefined;
  readonly fields: readonly RelField[];
}

export const matchKind: NodeKind<MatchNode> = {
  dropsLate: () => true,
  ...inPlace,
  idKey: ({ partition, elements }, nameOf) =>
    `[${partition.map((k) => nameOf(0, k)).join(',')};${patternText(elements)}]`,
  reads: (node) => ({
    exprs: matchArguments(node).map((expr) => ({ expr, over: node.inputs[0].fields })),
    columns: matchColumns(node).map((index) => ({ index, over: node.inputs[0].fields })),
  }),
  title: (node) => `Match(${matchText(node, node.inputs[0].fields)})`,
  distribution: ({ partition }) => byKey(partition),
  takes: () => insertOnly,
  needsUpdateBefore: () => true,
  gives: () => insertOnly,
  updatePairs: () => 'makes',
  keys: () => noKeys,
  state: ({ withinMs }) => (withinMs > 0 ? 'interval' : 'unbounded'),
  grows: () =>
    'keeps the rows of every match that has begun, for as long as rows come that go on with it. Say how long a match may take: PATTERN (…) WITHIN INTERVAL … .',
  origin: ({ partition }, column) => partition[column],
  becomes: ({ partition, order, time, elements, skip, withinMs, parts, conditions, measures }) => ({
    kind: 'operator',
    ...operatorCall('match', {
      partition,
      time,
      order: order.slice(1),
      variables: elements.map((e) => e.variable),
      states: matchStates(elements),
      skip,
      withinMs,
      parts,
      conditions,
      measures,
    }),
  }),
};
