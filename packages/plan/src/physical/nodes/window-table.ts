/* A windowing table function that no aggregation took over: each row with its windows. */

import { hasUpdates } from '#catalog';
import { operatorCall, type WindowProperty } from '#job';
import type { RelField, WindowSpec } from '../../logical/field.ts';
import { windowText } from '../../text.ts';
import { byKey, inPlace, readColumns, type ColumnSets, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';
import { sessionOf, shapeOf } from '../window-shape.ts';

/** Fields: the input's, window_start, window_end, window_time. */
export interface WindowTableNode {
  readonly kind: 'window-table';
  readonly inputs: readonly [PlanNode];
  readonly window: WindowSpec;
  readonly zone: string | undefined;
  readonly fields: readonly RelField[];
}
const session = (node: WindowTableNode): boolean => node.window.kind === 'session';

export const windowTableKind: NodeKind<WindowTableNode> = {
  dropsLate: session,
  ...inPlace,
  idKey: (node, nameOf) =>
    session(node)
      ? `[${node.window.partition.map((k) => nameOf(0, k)).join(',')};session ${node.window.sizeMs}]`
      : '',
  reads: (node) => readColumns(node, [node.window.time, ...node.window.partition]),
  title: (node) => `WindowTableFunction(window=[${windowText(node.window, node.inputs[0].fields)}])`,
  distribution: (node) => (session(node) ? byKey(node.window.partition) : { kind: 'forward' }),
  // An update may move a row to another session, so the one that it leaves must be told.
  needsUpdateBefore: (node, _, needed) => needed || session(node),
  gives: (_, [input]) => input!,
  updatePairs: (node, [below]) => (session(node) && hasUpdates(below!.changes) ? 'parts' : 'passes'),
  keys(node, [below]) {
    const at = node.inputs[0].fields.length;
    const windowed = (sets: ColumnSets): ColumnSets => sets.map((k) => [...k, at, at + 1]);
    return { unique: windowed(below!.keys.unique), upsert: windowed(below!.keys.upsert) };
  },
  state: (node) => (session(node) ? 'window' : 'none'),
  becomes({ window, zone }) {
    const proctime = window.timeKind === 'proctime';
    const time = proctime ? 'proctime' : window.timeType.kind === 'TIMESTAMP_LTZ' ? 'rowtime-ltz' : 'rowtime';
    const properties: readonly WindowProperty[] = ['start', 'end', time];
    return {
      kind: 'operator',
      ...(window.kind === 'session'
        ? operatorCall('session-table', { keys: window.partition, properties, zone, ...sessionOf(window) })
        : operatorCall('window-table', {
            shape: shapeOf(window),
            time: proctime ? undefined : window.time,
            properties,
            zone,
          })),
    };
  },
};
