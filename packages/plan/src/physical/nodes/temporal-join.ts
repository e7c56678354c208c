/* Each row with the version of another that held at its time, once the watermark has passed that time. */

import { hasUpdates } from '#catalog';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { columnNames } from '../../text.ts';
import type { NodeKind } from '../kind.ts';
import { bySides, readsOfSides, typeText, whereText, type TwoSides } from './two-sides.ts';

export interface TemporalJoinNode extends TwoSides {
  readonly kind: 'temporal-join';
  readonly type: 'inner' | 'left';
  /** Columns of their own side. */
  readonly leftTime: number;
  readonly rightTime: number;
  readonly ttlMs: number;
  readonly fields: readonly RelField[];
}

export const temporalJoinKind: NodeKind<TemporalJoinNode> = {
  ...bySides,
  reads: (node) => readsOfSides(node, [node.leftTime], [node.rightTime]),
  title(node) {
    const [left, right] = node.inputs;
    const times = `leftTime=[${columnNames([node.leftTime], left.fields)}], rightTime=[${columnNames([node.rightTime], right.fields)}]`;
    return `TemporalJoin(${typeText(node)}, ${times}, ${whereText(node)})`;
  },
  needsUpdateBefore: (_, input, needed) => input === 0 && needed,
  gives: (_, [left]) => left!,
  // The +U may find another version than the -U did, or none.
  updatePairs: (_, [left]) => (hasUpdates(left!.changes) ? 'parts' : 'passes'),
  // A row meets one version at most.
  keys: (_, [left]) => left!.keys,
  state: (node) => (node.ttlMs > 0 ? 'ttl' : 'key'),
  becomes: (node) => ({
    kind: 'operator',
    ...operatorCall('temporal-join', {
      type: node.type,
      leftKeys: node.leftKeys,
      rightKeys: node.rightKeys,
      filterNulls: node.filterNulls,
      condition: node.condition,
      leftTime: node.leftTime,
      rightTime: node.rightTime,
      ttlMs: node.ttlMs,
    }),
  }),
};
