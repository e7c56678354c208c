/* GROUP BY window_start, window_end over a window table function → a window aggregate on the table itself: no row is
 * copied into its windows, and a slice is counted once for all windows that share it.
 *
 *   aggregate(keys: page, ws, we) ─ project ─ window-table ─ t   ⇒   project ─ aggregate(window) ─ project ─ t
 *
 * Where an expression between the two reads the window's columns, or a SESSION is grouped by other keys than it is
 * partitioned by, the table function stays and windows are taken from the rows (attached). */

import { columnsOf, mapColumns, type Expr } from '#expr';
import { identity, type GroupWindowProperty, type WindowSpec } from '../logical/field.ts';
import { conjunction } from '../logical/conditions.ts';
import { groupsByWindow, windowColumns } from '../logical/kinds.ts';
import { aggregate, type AggregateRel } from '../logical/nodes/aggregate.ts';
import { filter } from '../logical/nodes/filter.ts';
import { column, project } from '../logical/nodes/project.ts';
import type { WindowTableRel } from '../logical/nodes/window-table.ts';
import type { Rel } from '../logical/rel.ts';

export function pullWindow(rel: Rel): Rel {
  return rel.kind === 'aggregate' && rel.window === undefined ? pull(rel) : rel;
}

function pull(rel: AggregateRel): Rel {
  if (!groupsByWindow(rel.input, rel.keys)) return rel;
  const below = findWindowTable(rel.input);
  if (below === undefined) return rel;
  const { table, exprs, condition } = below;
  const inner = table.input.fields.length;
  const windowColumn = (e: Expr): boolean => [...columnsOf(e)].some((c) => c >= inner);
  const columns = windowColumns(rel.input);
  const properties = new Map<number, GroupWindowProperty>();
  if (columns.start !== undefined) properties.set(columns.start, 'start');
  if (columns.end !== undefined) properties.set(columns.end, 'end');
  if (columns.time !== undefined)
    properties.set(columns.time, table.window.timeKind === 'rowtime' ? 'rowtime' : 'proctime');
  const plain = exprs.map((_, i) => i).filter((i) => !properties.has(i));
  const computesWithWindow =
    plain.some((i) => windowColumn(exprs[i]!)) ||
    (condition !== undefined && windowColumn(condition)) ||
    rel.calls.some((c) =>
      [...c.args, ...(c.filter === undefined ? [] : [c.filter])].some((a) => properties.has(a)),
    );
  const keys = rel.keys.filter((k) => !properties.has(k));
  if (computesWithWindow || !sameGroups(table.window, keys, exprs)) return rel;
  return rebuild(rel, table, exprs, condition, plain, keys, properties);
}

/** A session is one of its partition: grouping by something else needs the windows before the groups. */
function sameGroups(window: WindowSpec, keys: readonly number[], exprs: readonly Expr[]): boolean {
  if (window.kind !== 'session') return true;
  const grouped = new Set(
    keys.map((k) => {
      const e = exprs[k]!;
      return e.kind === 'column' ? e.index : -1;
    }),
  );
  const partition = new Set(window.partition);
  return grouped.size === partition.size && window.partition.every((p) => grouped.has(p));
}

function rebuild(
  rel: AggregateRel,
  table: WindowTableRel,
  exprs: readonly Expr[],
  condition: Expr | undefined,
  plain: readonly number[],
  keys: readonly number[],
  properties: ReadonlyMap<number, GroupWindowProperty>,
): Rel {
  const { window, input } = table;
  const filtered: Rel = condition === undefined ? input : filter(input, condition);
  const below = project(
    filtered,
    [...plain.map((i) => exprs[i]!), column(input, window.time)],
    [...plain.map((i) => rel.input.fields[i]!.name), '$time'],
  );
  const at = (old: number): number => plain.indexOf(old);
  const wanted = [...new Set(rel.keys.filter((k) => properties.has(k)).map((k) => properties.get(k)!))];
  const keyCount = keys.length;
  const aggregated = aggregate(below, windowColumns(below), {
    keys: keys.map(at),
    calls: rel.calls.map((c) => ({
      ...c,
      args: c.args.map(at),
      filter: c.filter === undefined ? undefined : at(c.filter),
    })),
    names: rel.calls.map((_, i) => rel.fields[rel.keys.length + i]!.name),
    window: { ...window, time: plain.length, partition: [] },
    properties: wanted,
    ttlMs: rel.ttlMs,
  });
  const position = (key: number): number =>
    properties.has(key)
      ? keyCount + rel.calls.length + wanted.indexOf(properties.get(key)!)
      : keys.indexOf(key);
  const out = [...rel.keys.map(position), ...rel.calls.map((_, i) => keyCount + i)];
  return project(
    aggregated,
    out.map((i) => column(aggregated, i)),
    rel.fields.map((f) => f.name),
  );
}

/** The window table below projections and filters, with the expressions of the top over its fields. */
function findWindowTable(
  rel: Rel,
): { table: WindowTableRel; exprs: readonly Expr[]; condition: Expr | undefined } | undefined {
  let exprs: readonly Expr[] = identity(rel.fields);
  const conditions: Expr[] = [];
  for (let at: Rel = rel; ; ) {
    if (at.kind === 'window-table') return { table: at, exprs, condition: conjunction(conditions) };
    if (at.kind === 'project') {
      const inner: readonly Expr[] = at.exprs;
      exprs = exprs.map((e) => mapColumns(e, (c) => inner[c.index]!));
      for (let i = 0; i < conditions.length; i++)
        conditions[i] = mapColumns(conditions[i]!, (c) => inner[c.index]!);
      at = at.input;
    } else if (at.kind === 'filter') {
      conditions.push(at.condition);
      at = at.input;
    } else return undefined;
  }
}
