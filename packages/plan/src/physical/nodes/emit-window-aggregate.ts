/* GROUP BY TUMBLE(…) or HOP(…) whose results go out before their windows close, and after: 'table.exec.emit.*'. */

import { isInsertOnly } from '#catalog';
import type { AggregateCall } from '#expr';
import { operatorCall, type WindowProperty } from '#job';
import type { RelField, WindowSpec } from '../../logical/field.ts';
import { columnNames, windowText } from '../../text.ts';
import { byKey, inPlace, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';
import { shapeOf } from '../window-shape.ts';
import { aggregateTexts, callColumns, namedCalls } from './group-aggregate.ts';

/** When results go out, ms. */
export interface EmitStrategy {
  /** Before the window closes: 0 at each row, more: every so often by the clock; undefined: not. */
  readonly earlyMs: number | undefined;
  /** The same of rows that come behind its end. */
  readonly lateMs: number | undefined;
  /** How long behind its end a window still takes rows. */
  readonly latenessMs: number;
}

/** Fields: keys, calls, properties. */
export interface EmitWindowAggregateNode {
  readonly kind: 'emit-window-aggregate';
  readonly inputs: readonly [PlanNode];
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly window: WindowSpec;
  readonly emit: EmitStrategy;
  readonly properties: readonly WindowProperty[];
  /** Set where windows align in local time. */
  readonly zone: string | undefined;
  readonly fields: readonly RelField[];
}

function emitText({ earlyMs, lateMs }: EmitStrategy): string {
  const part = (name: string, ms: number | undefined): string[] =>
    ms === undefined ? [] : [ms === 0 ? `${name} no delay` : `${name} delay ${ms} millisecond`];
  return [...part('early', earlyMs), ...part('late', lateMs)].join(', ');
}

export const emitWindowAggregateKind: NodeKind<EmitWindowAggregateNode> = {
  ...inPlace,
  dropsLate: () => true,
  idKey: ({ keys, window: w }, nameOf) =>
    `[${keys.map((k) => nameOf(0, k)).join(',')};${w.kind} ${w.sizeMs}/${w.slideMs}/${w.offsetMs}]`,
  reads: (node) => readColumns(node, [...node.keys, ...callColumns(node.calls), node.window.time]),
  title(node) {
    const { fields } = node.inputs[0];
    return `GroupWindowAggregate(groupBy=[${columnNames(node.keys, fields)}], window=[${windowText(node.window, fields)}], select=[${[...aggregateTexts(node), ...node.properties].join(', ')}], emit=[${emitText(node.emit)}])`;
  },
  distribution: ({ keys }) => byKey(keys),
  needsUpdateBefore: () => true,
  gives: (_, [input], needed) => ({
    insert: true,
    updateBefore: needed,
    updateAfter: true,
    delete: !isInsertOnly(input!),
    keyOnlyDelete: false,
  }),
  updatePairs: () => 'makes',
  keys({ keys, calls, properties }) {
    const bounds = properties.flatMap((p, i) => (p === 'proctime' ? [] : [keys.length + calls.length + i]));
    const key = bounds.map((bound) => [...keys.keys(), bound]);
    return { unique: key, upsert: key };
  },
  state: () => 'window',
  becomes: ({ keys, calls, properties, zone, window, emit }, { inputs, needed, nameOf }) => ({
    kind: 'operator',
    ...operatorCall('emit-window-aggregate', {
      keys,
      calls: namedCalls(calls, nameOf),
      retract: !isInsertOnly(inputs[0]!),
      updateBefore: needed,
      properties,
      zone,
      shape: shapeOf(window),
      time: window.timeKind === 'rowtime' ? window.time : undefined,
      ...emit,
    }),
  }),
};
