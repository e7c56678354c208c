/* GROUP BY a window: one result a key and window, once its end has passed. */

import { insertOnly, isInsertOnly } from '#catalog';
import type { AggregateCall } from '#expr';
import { operatorCall, type WindowProperty } from '#job';
import type { RelField, WindowSpec } from '../../logical/field.ts';
import { columnNames, windowText } from '../../text.ts';
import { byKey, inPlace, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';
import { sessionOf, shapeOf } from '../window-shape.ts';
import { aggregateTexts, callColumns, namedCalls } from './group-aggregate.ts';

/** Fields: keys, calls, properties. */
export interface WindowAggregateNode {
  readonly kind: 'window-aggregate';
  readonly inputs: readonly [PlanNode];
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly window:
    | { readonly kind: 'time'; readonly spec: WindowSpec }
    /** The rows carry their window: start and end are keys like others, and say when the group is complete. */
    | { readonly kind: 'attached'; readonly start: number; readonly end: number };
  readonly properties: readonly WindowProperty[];
  /** Set where windows align in local time. */
  readonly zone: string | undefined;
  readonly fields: readonly RelField[];
}

export const windowAggregateKind: NodeKind<WindowAggregateNode> = {
  dropsLate: () => true,
  ...inPlace,
  idKey({ keys, window }, nameOf) {
    const text =
      window.kind === 'time'
        ? `${window.spec.kind} ${window.spec.sizeMs}/${window.spec.slideMs}/${window.spec.offsetMs}`
        : 'attached';
    return `[${keys.map((k) => nameOf(0, k)).join(',')};${text}]`;
  },
  reads: (node) =>
    readColumns(node, [
      ...node.keys,
      ...callColumns(node.calls),
      ...(node.window.kind === 'time' ? [node.window.spec.time] : [node.window.start, node.window.end]),
    ]),
  title(node) {
    const { fields } = node.inputs[0];
    const window =
      node.window.kind === 'time'
        ? windowText(node.window.spec, fields)
        : `attached(win_start=[${columnNames([node.window.start], fields)}], win_end=[${columnNames([node.window.end], fields)}])`;
    return `WindowAggregate(groupBy=[${columnNames(node.keys, fields)}], window=[${window}], select=[${[...aggregateTexts(node), ...node.properties].join(', ')}])`;
  },
  distribution: ({ keys }) => byKey(keys),
  needsUpdateBefore: () => true,
  gives: () => insertOnly,
  updatePairs: () => 'makes',
  keys({ keys, calls, window, properties }) {
    const columns = keys.map((_, i) => i);
    if (window.kind === 'attached') return { unique: [columns], upsert: [columns] };
    // A window is known by its end; by its start too, but for CUMULATE, where several begin together.
    const isBound = (p: WindowProperty): boolean =>
      p !== 'proctime' && (p !== 'start' || window.spec.kind !== 'cumulate');
    const bounds = properties.flatMap((p, i) => (isBound(p) ? [keys.length + calls.length + i] : []));
    const key = bounds.map((bound) => [...columns, bound]);
    return { unique: key, upsert: key };
  },
  state: () => 'window',
  becomes({ keys, calls: unnamed, properties, zone, window }, { inputs, nameOf }) {
    const calls = namedCalls(unnamed, nameOf);
    const common = { keys, calls, retract: !isInsertOnly(inputs[0]!), properties, zone };
    if (window.kind === 'attached')
      return { kind: 'operator', ...operatorCall('window-aggregate', { ...common, window }) };
    const { spec } = window;
    if (spec.kind === 'session')
      return { kind: 'operator', ...operatorCall('session-aggregate', { ...common, ...sessionOf(spec) }) };
    const shape = shapeOf(spec);
    return {
      kind: 'operator',
      ...operatorCall('window-aggregate', {
        ...common,
        window:
          spec.timeKind === 'rowtime'
            ? { kind: 'rowtime', shape, column: spec.time }
            : { kind: 'proctime', shape },
      }),
    };
  },
};
