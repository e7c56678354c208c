/* GROUP BY window_start, window_end over a window table function → a window aggregate on the table itself: no row is
 * copied into its windows, and a slice is counted once for all windows that share it.
 *
 *   aggregate(keys: page, ws, we) ─ project ─ window-table ─ t   ⇒   project ─ aggregate(window) ─ project ─ t
 *
 * Where an expression between the two reads the window's columns, or a SESSION is grouped by other keys than it is
 * partitioned by, the table function stays and windows are taken from the rows (attached). */

import { columnsOf, mapColumns, type Expr } from '#expr';
import { aggregate, filter, project } from '../logical/build.ts';
import {
  inputsOf,
  withInputs,
  type AggregateRel,
  type FilterRel,
  type GroupWindowProperty,
  type Rel,
  type WindowSpec,
  type WindowTableRel,
} from '../logical/rel.ts';
import { groupsByWindow, windowColumns } from '../logical/window-columns.ts';

export function pullWindows(rel: Rel): Rel {
  const here = withInputs(rel, inputsOf(rel).map(pullWindows));
  return here.kind === 'aggregate' && here.window === undefined ? pull(here) : here;
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
  const time: Expr = { kind: 'column', index: window.time, type: input.fields[window.time]!.type };
  const below = project(
    filtered,
    [...plain.map((i) => exprs[i]!), time],
    [...plain.map((i) => rel.input.fields[i]!.name), '$time'],
  );
  const at = (old: number): number => plain.indexOf(old);
  const wanted = [...new Set(rel.keys.filter((k) => properties.has(k)).map((k) => properties.get(k)!))];
  const keyCount = keys.length;
  const aggregated = aggregate(
    below,
    keys.map(at),
    rel.calls.map((c) => ({
      ...c,
      args: c.args.map(at),
      filter: c.filter === undefined ? undefined : at(c.filter),
    })),
    rel.calls.map((_, i) => rel.fields[rel.keys.length + i]!.name),
    { ...window, time: plain.length, partition: [] },
    wanted,
  );
  const position = (key: number): number =>
    properties.has(key)
      ? keyCount + rel.calls.length + wanted.indexOf(properties.get(key)!)
      : keys.indexOf(key);
  const out = [...rel.keys.map(position), ...rel.calls.map((_, i) => keyCount + i)];
  return project(
    aggregated,
    out.map((i) => ({ kind: 'column', index: i, type: aggregated.fields[i]!.type })),
    rel.fields.map((f) => f.name),
  );
}

/** The window table below projections and filters, with the expressions of the top over its fields. */
function findWindowTable(
  rel: Rel,
): { table: WindowTableRel; exprs: readonly Expr[]; condition: Expr | undefined } | undefined {
  let exprs: readonly Expr[] = rel.fields.map((f, i) => ({ kind: 'column', index: i, type: f.type }));
  const conditions: Expr[] = [];
  for (let at: Rel = rel; ; ) {
    if (at.kind === 'window-table') {
      const [first, ...rest] = conditions;
      const condition =
        first === undefined
          ? undefined
          : rest.reduce<Expr>(
              (a, b) => ({ kind: 'call', fn: 'AND', args: [a, b], flags: [], type: a.type }),
              first,
            );
      return { table: at, exprs, condition };
    }
    if (at.kind === 'project') {
      const inner: readonly Expr[] = at.exprs;
      exprs = exprs.map((e) => mapColumns(e, (c) => inner[c.index]!));
      for (let i = 0; i < conditions.length; i++)
        conditions[i] = mapColumns(conditions[i]!, (c) => inner[c.index]!);
      at = at.input;
    } else if (at.kind === 'filter') {
      conditions.push((at as FilterRel).condition);
      at = at.input;
    } else return undefined;
  }
}
