/* Makes relations: small constructors that compute the fields. */

import { notNull, types, withNullable, type LogicalType } from '#data';
import type { AggregateCall, Expr } from '#expr';
import type {
  AggregateRel,
  FilterRel,
  GroupWindowProperty,
  ProjectRel,
  Rel,
  RelField,
  ScanRel,
  SortKey,
  SortRel,
  UnionRel,
  WindowSpec,
  WindowTableRel,
} from './rel.ts';
import type { BoundTable } from './table.ts';
import { groupsByWindow, windowColumns } from './window-columns.ts';

export const column = (rel: Rel, index: number): Expr => ({
  kind: 'column',
  index,
  type: rel.fields[index]!.type,
});

export function scan(table: BoundTable): ScanRel {
  return {
    kind: 'scan',
    table,
    pushed: undefined,
    limit: undefined,
    columns: table.columns.map((_, i) => i),
    fields: table.columns.map((_, i) => tableField(table, i)),
  };
}
/** A table's column as a field: the rowtime is one when a watermark is declared on it. */
export function tableField(table: BoundTable, index: number): RelField {
  const c = table.columns[index]!;
  const time = table.watermark?.column === index ? 'rowtime' : c.kind === 'computed' ? c.time : undefined;
  return { name: c.name, type: c.type, time };
}

/** `names[i]` is the name of `exprs[i]`. A plain column keeps its time attribute. */
export function project(input: Rel, exprs: readonly Expr[], names: readonly string[]): ProjectRel {
  const fields = exprs.map(
    (e, i): RelField => ({ name: names[i]!, type: e.type, time: timeOf(e, input.fields) }),
  );
  return { kind: 'project', input, exprs, fields };
}
export function timeOf(expr: Expr, fields: readonly RelField[]): RelField['time'] {
  if (expr.kind === 'column') return fields[expr.index]!.time;
  return expr.kind === 'call' && expr.fn === 'PROCTIME' ? 'proctime' : undefined;
}
export function filter(input: Rel, condition: Expr): FilterRel {
  return { kind: 'filter', input, condition, fields: input.fields };
}

export function aggregate(
  input: Rel,
  keys: readonly number[],
  calls: readonly AggregateCall[],
  names: readonly string[],
  window?: WindowSpec,
  properties: readonly GroupWindowProperty[] = [],
): AggregateRel {
  // A group that is a window still moves with event time: its window_time stays a time attribute.
  const windowed = window === undefined && groupsByWindow(input, keys);
  const time = windowColumns(input).time;
  const fields: RelField[] = [
    ...keys.map((k) =>
      windowed && k === time ? input.fields[k]! : { ...input.fields[k]!, time: undefined },
    ),
    ...calls.map((c, i) => ({ name: names[i]!, type: c.type, time: undefined })),
    ...properties.map((p) => propertyField(p, window!)),
  ];
  return { kind: 'aggregate', input, keys, calls, window, properties, fields };
}
function propertyField(property: GroupWindowProperty, window: WindowSpec): RelField {
  switch (property) {
    case 'start':
    case 'end':
      return { name: `w$${property}`, type: notNull(types.timestamp(3)), time: undefined };
    case 'rowtime':
      return { name: 'w$rowtime', type: rowtimeType(window.timeType), time: 'rowtime' };
    case 'proctime':
      return { name: 'w$proctime', type: notNull(types.timestampLtz(3)), time: 'proctime' };
  }
}
/** A window's time is TIMESTAMP(3) or TIMESTAMP_LTZ(3) NOT NULL, as the column that it came from. */
export const rowtimeType = (from: LogicalType): LogicalType =>
  notNull(from.kind === 'TIMESTAMP_LTZ' ? types.timestampLtz(3) : types.timestamp(3));

export function windowTable(input: Rel, window: WindowSpec): WindowTableRel {
  const time: RelField =
    window.timeKind === 'proctime'
      ? { name: 'window_time', type: notNull(types.timestampLtz(3)), time: 'proctime' }
      : { name: 'window_time', type: rowtimeType(window.timeType), time: 'rowtime' };
  const stamp = notNull(types.timestamp(3));
  return {
    kind: 'window-table',
    input,
    window,
    fields: [
      ...input.fields.map((f, i) => (i === window.time ? { ...f, time: undefined } : f)),
      { name: 'window_start', type: stamp, time: undefined },
      { name: 'window_end', type: stamp, time: undefined },
      time,
    ],
  };
}
export function union(inputs: readonly Rel[]): UnionRel {
  const [first] = inputs;
  const fields = first!.fields.map(
    (f, i): RelField => ({
      name: f.name,
      type: withNullable(
        f.type,
        inputs.some((r) => r.fields[i]!.type.nullable),
      ),
      time: inputs.every((r) => r.fields[i]!.time === f.time) ? f.time : undefined,
    }),
  );
  return { kind: 'union', inputs, fields };
}
export function sort(
  input: Rel,
  keys: readonly SortKey[],
  offset: number,
  limit: number | undefined,
): SortRel {
  return { kind: 'sort', input, keys, offset, limit, fields: input.fields };
}
