/* GROUP BY. Fields: the keys, then the calls, then the window's properties. */

import { notNull, types, withNullable, type LogicalType } from '#data';
import type { AggregateCall } from '#expr';
import { callText, columnNames, windowText } from '../../text.ts';
import type { GroupWindowProperty, RelField, WindowSpec } from '../field.ts';
import { movedWindows, noWindow, oneInput, type Pruned, type RelKind, type WindowColumns } from '../kind.ts';
import { positions } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';

export interface AggregateRel {
  readonly kind: 'aggregate';
  readonly input: Rel;
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  /** A group window of the older syntax: GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE). */
  readonly window: WindowSpec | undefined;
  readonly properties: readonly GroupWindowProperty[];
  /** A STATE_TTL hint, ms; undefined: as `table.exec.state.ttl` has it. */
  readonly ttlMs: number | undefined;
  readonly fields: readonly RelField[];
}

export interface AggregateParts {
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  /** Names of the calls. */
  readonly names: readonly string[];
  readonly window?: WindowSpec | undefined;
  readonly properties?: readonly GroupWindowProperty[];
  readonly ttlMs?: number | undefined;
}

/** `below`: the windows of the input. */
export function aggregate(input: Rel, below: WindowColumns, parts: AggregateParts): AggregateRel {
  const { keys, calls, names, window, properties = [], ttlMs } = parts;
  // A group that is a window still moves with event time: its window_time stays a time attribute.
  const { start, end, time } = below;
  const windowed =
    window === undefined &&
    start !== undefined &&
    end !== undefined &&
    keys.includes(start) &&
    keys.includes(end);
  const fields: RelField[] = [
    ...keys.map((k) =>
      windowed && k === time ? input.fields[k]! : { ...input.fields[k]!, time: undefined },
    ),
    ...calls.map((c, i) => ({ name: names[i]!, type: c.type, time: undefined })),
    ...properties.map((p) => propertyField(p, window!)),
  ];
  return { kind: 'aggregate', input, keys, calls, window, properties, ttlMs, fields };
}
function propertyField(property: GroupWindowProperty, window: WindowSpec): RelField {
  switch (property) {
    case 'start':
    case 'end':
      return { name: `w$${property}`, type: notNull(types.timestamp(3)), time: undefined };
    case 'rowtime':
      // That of a window in GROUP BY may be NULL by its type where its column may.
      return {
        name: 'w$rowtime',
        type: withNullable(rowtimeType(window.timeType), !window.tableFunction && window.timeType.nullable),
        time: 'rowtime',
      };
    case 'proctime':
      return { name: 'w$proctime', type: notNull(types.timestampLtz(3)), time: 'proctime' };
  }
}
/** A window's time is TIMESTAMP(3) or TIMESTAMP_LTZ(3) NOT NULL, as the column that it came from. */
export const rowtimeType = (from: LogicalType): LogicalType =>
  notNull(from.kind === 'TIMESTAMP_LTZ' ? types.timestampLtz(3) : types.timestamp(3));

export const aggregateKind: RelKind<AggregateRel> = {
  ...oneInput,
  reads: (rel) => ({
    exprs: [],
    columns: readColumns(rel, rel.calls).map((index) => ({ index, over: rel.input.fields })),
  }),
  text: (rel) =>
    `LogicalAggregate(group=[{${columnNames(rel.keys, rel.input.fields)}}], ${rel.calls.map((c, i) => callText(c, rel.input.fields, rel.fields[rel.keys.length + i]!.name)).join(', ')}${rel.window ? `, window=[${windowText(rel.window, rel.input.fields)}]` : ''})`,

  windows(rel, [below]) {
    if (rel.window !== undefined) {
      const at = (p: GroupWindowProperty): number | undefined => {
        const i = rel.properties.indexOf(p);
        return i < 0 ? undefined : rel.keys.length + rel.calls.length + i;
      };
      return { start: at('start'), end: at('end'), time: at('rowtime'), window: rel.window };
    }
    const moved = movedWindows(below!, (column) => rel.keys.flatMap((k, i) => (k === column ? [i] : [])));
    return moved.start === undefined || moved.end === undefined ? noWindow : moved;
  },

  /** Keys stay (they say what a group is); calls and properties that nobody reads go. */
  prune(rel, needed, prune): Pruned {
    const keyCount = rel.keys.length;
    const calls = rel.calls.map((_, i) => i).filter((i) => needed.has(keyCount + i));
    const properties = rel.properties
      .map((_, i) => i)
      .filter((i) => needed.has(keyCount + rel.calls.length + i));
    const kept = calls.map((i) => rel.calls[i]!);
    const input = prune(rel.input, new Set(readColumns(rel, kept)));
    const at = (old: number): number => input.at.get(old)!;
    const fieldsKept = [
      ...rel.keys.map((_, i) => i),
      ...calls.map((i) => keyCount + i),
      ...properties.map((i) => keyCount + rel.calls.length + i),
    ];
    return {
      rel: {
        ...rel,
        input: input.rel,
        keys: rel.keys.map(at),
        calls: kept.map((c) => ({
          ...c,
          args: c.args.map(at),
          filter: c.filter === undefined ? undefined : at(c.filter),
        })),
        window: rel.window && { ...rel.window, time: at(rel.window.time) },
        properties: properties.map((i) => rel.properties[i]!),
        fields: fieldsKept.map((i) => rel.fields[i]!),
      },
      at: positions(fieldsKept),
    };
  },
};

const readColumns = (rel: AggregateRel, calls: readonly AggregateCall[]): number[] => [
  ...rel.keys,
  ...calls.flatMap((c) => [...c.args, ...(c.filter === undefined ? [] : [c.filter])]),
  ...(rel.window === undefined ? [] : [rel.window.time]),
];
