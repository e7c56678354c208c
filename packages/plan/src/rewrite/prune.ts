/* Column pruning: every node computes only what is read above it, and scans read only those columns. */

import { columnsOf, mapColumns, type Expr } from '#expr';
import { aggregate, filter, project, sort } from '../logical/build.ts';
import type { Rel, RelField } from '../logical/rel.ts';

/** `rel` narrowed to the columns `needed`; `at[old]` is where an old column went. */
interface Pruned {
  readonly rel: Rel;
  readonly at: ReadonlyMap<number, number>;
}

/** The relation with all its columns, but nothing below that nobody reads. */
export function pruneColumns(rel: Rel): Rel {
  const all = new Set(rel.fields.map((_, i) => i));
  const { rel: narrowed, at } = prune(rel, all);
  if (rel.fields.length === narrowed.fields.length && rel.fields.every((_, i) => at.get(i) === i))
    return narrowed;
  return project(
    narrowed,
    rel.fields.map((_, i) => ({ kind: 'column', index: at.get(i)!, type: rel.fields[i]!.type })),
    rel.fields.map((f) => f.name),
  );
}

const sorted = (set: Iterable<number>): number[] => [...set].sort((a, b) => a - b);
const positions = (kept: readonly number[]): Map<number, number> => new Map(kept.map((old, i) => [old, i]));
const moved = (expr: Expr, at: ReadonlyMap<number, number>): Expr =>
  mapColumns(expr, (c) => ({ ...c, index: at.get(c.index)! }));
const union = (a: Iterable<number>, b: Iterable<number>): Set<number> => new Set([...a, ...b]);
const same = (count: number): Map<number, number> => new Map(Array.from({ length: count }, (_, i) => [i, i]));

function prune(rel: Rel, needed: ReadonlySet<number>): Pruned {
  switch (rel.kind) {
    case 'scan': {
      const used = union(needed, rel.pushed ? columnsOf(rel.pushed) : []);
      // What the watermark is made from stays, and the primary key: changes are told apart by it.
      const { watermark, primaryKey } = rel.table;
      const always = new Set(primaryKey);
      if (watermark !== undefined) always.add(watermark.column);
      if (watermark !== undefined && watermark.expr !== 'source') columnsOf(watermark.expr, always);
      const kept = sorted(
        rel.fields.map((_, i) => i).filter((i) => used.has(i) || always.has(rel.columns[i]!)),
      );
      const at = positions(kept);
      const pushed = rel.pushed && moved(rel.pushed, at);
      return {
        rel: {
          ...rel,
          pushed,
          columns: kept.map((i) => rel.columns[i]!),
          fields: kept.map((i) => rel.fields[i]!),
        },
        at,
      };
    }
    case 'values':
      return { rel, at: same(rel.fields.length) };
    case 'project': {
      const kept = sorted(needed);
      const below = new Set<number>();
      for (const i of kept) columnsOf(rel.exprs[i]!, below);
      const input = prune(rel.input, below);
      return {
        rel: project(
          input.rel,
          kept.map((i) => moved(rel.exprs[i]!, input.at)),
          kept.map((i) => rel.fields[i]!.name),
        ),
        at: positions(kept),
      };
    }
    case 'filter': {
      const input = prune(rel.input, union(needed, columnsOf(rel.condition)));
      return { rel: filter(input.rel, moved(rel.condition, input.at)), at: input.at };
    }
    case 'aggregate':
      return pruneAggregate(rel, needed);
    case 'window-table': {
      const count = rel.input.fields.length;
      const below = new Set([
        ...[...needed].filter((i) => i < count),
        rel.window.time,
        ...rel.window.partition,
      ]);
      const input = prune(rel.input, below);
      const window = {
        ...rel.window,
        time: input.at.get(rel.window.time)!,
        partition: rel.window.partition.map((p) => input.at.get(p)!),
      };
      const shift = input.rel.fields.length;
      const at = new Map(input.at);
      for (let i = 0; i < 3; i++) at.set(count + i, shift + i);
      const fields: RelField[] = [
        ...input.rel.fields.map((f, i) => (i === window.time ? { ...f, time: undefined } : f)),
        ...rel.fields.slice(count),
      ];
      return { rel: { ...rel, input: input.rel, window, fields }, at };
    }
    case 'union':
      return pruneUnion(rel, needed);
    case 'sort': {
      const input = prune(
        rel.input,
        union(
          needed,
          rel.keys.map((k) => k.column),
        ),
      );
      return {
        rel: sort(
          input.rel,
          rel.keys.map((k) => ({ ...k, column: input.at.get(k.column)! })),
          rel.offset,
          rel.limit,
        ),
        at: input.at,
      };
    }
    case 'lookup-join':
      return pruneLookup(rel, needed);
    case 'unnest': {
      const count = rel.input.fields.length;
      const input = prune(
        rel.input,
        union(
          [...needed].filter((i) => i < count),
          columnsOf(rel.expr),
        ),
      );
      const at = new Map(input.at);
      const shift = input.rel.fields.length;
      for (let i = count; i < rel.fields.length; i++) at.set(i, shift + i - count);
      return {
        rel: {
          ...rel,
          input: input.rel,
          expr: moved(rel.expr, input.at),
          fields: [...input.rel.fields, ...rel.fields.slice(count)],
        },
        at,
      };
    }
  }
}

/** Keys stay (they say what a group is); calls and properties that nobody reads go. */
function pruneAggregate(rel: Extract<Rel, { kind: 'aggregate' }>, needed: ReadonlySet<number>): Pruned {
  const keyCount = rel.keys.length;
  const calls = rel.calls.map((_, i) => i).filter((i) => needed.has(keyCount + i));
  const properties = rel.properties
    .map((_, i) => i)
    .filter((i) => needed.has(keyCount + rel.calls.length + i));
  const below = new Set<number>([
    ...rel.keys,
    ...calls.flatMap((i) => [
      ...rel.calls[i]!.args,
      ...(rel.calls[i]!.filter === undefined ? [] : [rel.calls[i]!.filter!]),
    ]),
  ]);
  if (rel.window) below.add(rel.window.time);
  const input = prune(rel.input, below);
  const window = rel.window && { ...rel.window, time: input.at.get(rel.window.time)! };
  const narrowed = aggregate(
    input.rel,
    rel.keys.map((k) => input.at.get(k)!),
    calls.map((i) => {
      const c = rel.calls[i]!;
      return {
        ...c,
        args: c.args.map((a) => input.at.get(a)!),
        filter: c.filter === undefined ? undefined : input.at.get(c.filter)!,
      };
    }),
    calls.map((i) => rel.fields[keyCount + i]!.name),
    window,
    properties.map((i) => rel.properties[i]!),
  );
  const kept = [
    ...rel.keys.map((_, i) => i),
    ...calls.map((i) => keyCount + i),
    ...properties.map((i) => keyCount + rel.calls.length + i),
  ];
  return { rel: narrowed, at: positions(kept) };
}

function pruneUnion(rel: Extract<Rel, { kind: 'union' }>, needed: ReadonlySet<number>): Pruned {
  const kept = sorted(needed);
  const inputs = rel.inputs.map((r) => {
    const input = prune(r, needed);
    const names = kept.map((i) => r.fields[i]!.name);
    const exact = input.rel.fields.length === kept.length && kept.every((old, i) => input.at.get(old) === i);
    return exact
      ? input.rel
      : project(
          input.rel,
          kept.map((i) => ({ kind: 'column', index: input.at.get(i)!, type: r.fields[i]!.type })),
          names,
        );
  });
  return { rel: { ...rel, inputs, fields: kept.map((i) => rel.fields[i]!) }, at: positions(kept) };
}

function pruneLookup(rel: Extract<Rel, { kind: 'lookup-join' }>, needed: ReadonlySet<number>): Pruned {
  const count = rel.input.fields.length;
  const used = union(needed, rel.condition ? columnsOf(rel.condition) : []);
  const below = new Set([...used].filter((i) => i < count));
  for (const k of rel.keys) columnsOf(k.left, below);
  const input = prune(rel.input, below);
  const right = rel.columns
    .map((_, i) => i)
    .filter((i) => used.has(count + i) || rel.keys.some((k) => k.right === i));
  const at = new Map(input.at);
  right.forEach((old, i) => {
    at.set(count + old, input.rel.fields.length + i);
  });
  return {
    rel: {
      ...rel,
      input: input.rel,
      columns: right.map((i) => rel.columns[i]!),
      keys: rel.keys.map((k) => ({ right: right.indexOf(k.right), left: moved(k.left, input.at) })),
      condition: rel.condition && moved(rel.condition, at),
      fields: [...input.rel.fields, ...right.map((i) => rel.fields[count + i]!)],
    },
    at,
  };
}
