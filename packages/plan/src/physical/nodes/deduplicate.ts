/* The first or the last row of each key, by event time or in order of arrival. */

import { insertOnly } from '#catalog';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { columnNames } from '../../text.ts';
import { byKey, inPlace, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface DeduplicateNode {
  readonly kind: 'deduplicate';
  readonly inputs: readonly [PlanNode];
  readonly keys: readonly number[];
  readonly keep: 'first' | 'last';
  /** The rowtime column; undefined: in order of arrival. */
  readonly time: number | undefined;
  readonly ttlMs: number;
  readonly fields: readonly RelField[];
}

export const deduplicateKind: NodeKind<DeduplicateNode> = {
  dropsLate: () => true,
  ...inPlace,
  idKey: ({ keys, keep, time }, nameOf) =>
    `[${keys.map((k) => nameOf(0, k)).join(',')};${keep} ${time === undefined ? 'arrival' : nameOf(0, time)}]`,
  reads: (node) => readColumns(node, [...node.keys, ...(node.time === undefined ? [] : [node.time])]),
  title: ({ keys, keep, time, fields }) =>
    `Deduplicate(keep=[${keep === 'first' ? 'FirstRow' : 'LastRow'}], key=[${columnNames(keys, fields)}], order=[${time === undefined ? 'PROCTIME' : 'ROWTIME'}])`,
  distribution: ({ keys }) => byKey(keys),
  takes: () => insertOnly,
  needsUpdateBefore: () => true,
  gives: ({ keep }, _, needed) =>
    keep === 'first' ? insertOnly : { ...insertOnly, updateBefore: needed, updateAfter: true },
  updatePairs: () => 'makes',
  keys({ keys }) {
    const key = keys.length === 0 ? [] : [keys];
    return { unique: key, upsert: key };
  },
  state: ({ keys, ttlMs }) => (keys.length === 0 ? 'none' : ttlMs > 0 ? 'ttl' : 'unbounded'),
  grows: ({ keep }) =>
    `keeps ${keep === 'first' ? 'every key' : 'a row for every key'} that it ever saw. Set 'table.exec.state.ttl', or deduplicate within a window.`,
  origin: (_, column) => column,
  becomes({ keys, keep, time, ttlMs, fields }, { needed }) {
    // To the rows of a stream its processing time is the same.
    const compared = fields.flatMap((f, i) => (f.time === 'proctime' ? [] : [i]));
    const spec = { keys, keep, time, compared, updateBefore: needed, ttlMs };
    return { kind: 'operator', ...operatorCall('deduplicate', spec) };
  },
};
