/* A join whose condition bounds two time attributes by one another: a row is kept for as long as a partner may come, and the
 * watermark lags behind that of the inputs by as much as a row of them may wait. */

import { insertOnly } from '#catalog';
import { operatorCall } from '#job';
import type { RelField, TimeAttribute } from '../../logical/field.ts';
import type { JoinType } from '../../logical/nodes/join.ts';
import type { NodeKind } from '../kind.ts';
import { bySides, joinedKeys, readsOfSides, typeText, whereText, type TwoSides } from './two-sides.ts';

export interface IntervalJoinNode extends TwoSides {
  readonly kind: 'interval-join';
  readonly type: Exclude<JoinType, 'semi' | 'anti'>;
  readonly timeKind: TimeAttribute;
  /** Columns of their own side. */
  readonly leftTime: number;
  readonly rightTime: number;
  /** Ms: the left time lies in [right + lower, right + upper]. */
  readonly lowerMs: number;
  readonly upperMs: number;
  /** How long rows stay beyond their time, ms: `table.exec.interval-join.min-cleanup-interval`. */
  readonly lagMs: number;
  readonly fields: readonly RelField[];
}

export const intervalJoinKind: NodeKind<IntervalJoinNode> = {
  ...bySides,
  reads: (node) => readsOfSides(node, [node.leftTime], [node.rightTime]),
  title(node) {
    const { timeKind, lowerMs, upperMs, leftTime, rightTime } = node;
    const bounds = `isRowTime=${timeKind === 'rowtime'}, leftLowerBound=${lowerMs}, leftUpperBound=${upperMs}, leftTimeIndex=${leftTime}, rightTimeIndex=${rightTime}`;
    return `IntervalJoin(${typeText(node)}, windowBounds=[${bounds}], ${whereText(node)})`;
  },
  takes: () => insertOnly,
  needsUpdateBefore: () => false,
  gives: () => insertOnly,
  updatePairs: () => 'makes',
  keys: joinedKeys,
  state: () => 'interval',
  becomes: (node) => ({
    kind: 'operator',
    ...operatorCall('interval-join', {
      type: node.type,
      leftKeys: node.leftKeys,
      rightKeys: node.rightKeys,
      filterNulls: node.filterNulls,
      condition: node.condition,
      times: node.timeKind === 'rowtime' ? { left: node.leftTime, right: node.rightTime } : undefined,
      lowerMs: node.lowerMs,
      upperMs: node.upperMs,
      lagMs: node.lagMs,
    }),
  }),
};
