/* The first rows of each partition of a window, once it closes; in batch mode of each partition, at the end. */

import { insertOnly } from '#catalog';
import { operatorCall } from '#job';
import type { RelField, SortKey } from '../../logical/field.ts';
import { columnNames, orderText } from '../../text.ts';
import { byKey, inPlace, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface WindowRankNode {
  readonly kind: 'window-rank';
  readonly inputs: readonly [PlanNode];
  /** The columns of the window among them. */
  readonly partition: readonly number[];
  /** Undefined: no window closes, the input ends (batch). */
  readonly window: { readonly start: number; readonly end: number } | undefined;
  readonly keys: readonly SortKey[];
  /** Ranks that count, both included: 1 is the first. */
  readonly from: number;
  readonly to: number;
  /** The number of the row stands behind its columns. */
  readonly numbered: boolean;
  /** The last row by time: of those of one time the one that came last. */
  readonly latestOfEquals: boolean;
  readonly zone: string | undefined;
  readonly fields: readonly RelField[];
}

/** Partition, order and range, as Flink writes them. */
function rankText({ window, partition, keys, from, to, fields }: WindowRankNode): string {
  const others = partition.filter((c) => c !== window?.start && c !== window?.end);
  return `rankType=[ROW_NUMBER], rankRange=[rankStart=${from}, rankEnd=${to}], partitionBy=[${columnNames(others, fields)}], orderBy=[${orderText(keys, fields)}]`;
}

export const windowRankKind: NodeKind<WindowRankNode> = {
  dropsLate: () => true,
  ...inPlace,
  idKey({ partition, keys, window }, nameOf) {
    const order = keys.map((k) => `${nameOf(0, k.column)} ${k.descending ? 'desc' : 'asc'}`);
    return `[${partition.map((k) => nameOf(0, k)).join(',')};${order.join(',')};${window === undefined ? 'end' : 'window'}]`;
  },
  reads: (node) =>
    readColumns(node, [
      ...node.partition,
      ...node.keys.map((k) => k.column),
      ...(node.window === undefined ? [] : [node.window.start, node.window.end]),
    ]),
  title(node) {
    const { window, fields } = node;
    if (window === undefined) return `Rank(${rankText(node)})`;
    return `WindowRank(window=[attached(win_start=[${columnNames([window.start], fields)}], win_end=[${columnNames([window.end], fields)}])], ${rankText(node)})`;
  },
  distribution: ({ partition }) => byKey(partition),
  takes: () => insertOnly,
  needsUpdateBefore: () => true,
  gives: () => insertOnly,
  updatePairs: () => 'makes',
  keys({ partition, from, to, numbered, fields }, [below]) {
    const own = numbered ? [[...partition, fields.length - 1]] : from === to ? [partition] : [];
    const key = [...own.filter((k) => k.length > 0), ...below!.keys.unique];
    return { unique: key, upsert: key };
  },
  state: ({ window }) => (window === undefined ? 'unbounded' : 'window'),
  grows: () => undefined,
  origin: ({ numbered, fields }, column) => (numbered && column === fields.length - 1 ? undefined : column),
  becomes({ partition, window, keys, from, to, numbered, latestOfEquals, zone }) {
    const spec = { partition, end: window?.end, keys, from, to, numbered, latestOfEquals, zone };
    return { kind: 'operator', ...operatorCall('window-rank', spec) };
  },
};
