/* A join of rows of one window: they wait until it closes, meet, and go. */

import { insertOnly } from '#catalog';
import { operatorCall } from '#job';
import type { RelField, WindowSpec } from '../../logical/field.ts';
import { columnNames, lengthsText } from '../../text.ts';
import type { NodeKind } from '../kind.ts';
import { bySides, joinedKeys, readsOfSides, typeText, whereText, type TwoSides } from './two-sides.ts';

/** Where a side carries its window. */
export interface WindowPlace {
  readonly start: number;
  readonly end: number;
}
export interface WindowJoinNode extends TwoSides {
  readonly kind: 'window-join';
  /** Its columns are those of the relation that made it. */
  readonly window: WindowSpec;
  readonly leftWindow: WindowPlace;
  readonly rightWindow: WindowPlace;
  /** Set where windows align in local time. */
  readonly zone: string | undefined;
  readonly fields: readonly RelField[];
}

export const windowJoinKind: NodeKind<WindowJoinNode> = {
  dropsLate: () => true,
  ...bySides,
  reads: ({ leftWindow, rightWindow, ...node }) =>
    readsOfSides(node, [leftWindow.start, leftWindow.end], [rightWindow.start, rightWindow.end]),
  title(node) {
    const place = ({ start, end }: WindowPlace, fields: readonly RelField[]): string =>
      `${node.window.kind.toUpperCase()}(win_start=[${columnNames([start], fields)}], win_end=[${columnNames([end], fields)}], ${lengthsText(node.window)})`;
    const [left, right] = node.inputs;
    return `WindowJoin(leftWindow=[${place(node.leftWindow, left.fields)}], rightWindow=[${place(node.rightWindow, right.fields)}], ${typeText(node)}, ${whereText(node)})`;
  },
  takes: () => insertOnly,
  needsUpdateBefore: () => false,
  gives: () => insertOnly,
  updatePairs: () => 'makes',
  // Within a window a row meets those of its keys; a key that holds the window is one of the whole result.
  keys(node, below) {
    const { leftWindow, rightWindow } = node;
    const leftKeys = [...node.leftKeys, leftWindow.start, leftWindow.end];
    const rightKeys = [...node.rightKeys, rightWindow.start, rightWindow.end];
    return joinedKeys({ ...node, leftKeys, rightKeys }, below);
  },
  state: () => 'window',
  becomes: (node) => ({
    kind: 'operator',
    ...operatorCall('window-join', {
      type: node.type,
      leftKeys: node.leftKeys,
      rightKeys: node.rightKeys,
      filterNulls: node.filterNulls,
      condition: node.condition,
      leftEnd: node.leftWindow.end,
      rightEnd: node.rightWindow.end,
      zone: node.zone,
    }),
  }),
};
