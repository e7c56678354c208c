/* Process table functions that read changes and give changes; tools/conformance/process/JudgedChanges.java has the same for Flink. */

import type { ProcessChangelogAsked, ProcessContext as Context } from 'millrace';

type Row = Readonly<Record<string, unknown>>;
interface Step {
  v: number | null;
}
const set = { name: 'input', table: 'set' };
const line = (row: Row): string =>
  Object.values(row)
    .map((cell) => (typeof cell === 'string' ? cell.replace(' ', 'T').replace(/\.000$/, '') : String(cell)))
    .join(',');

/** Each row with what it is, as it comes. */
const told = {
  returns: 'ROW<kind STRING, line STRING>',
  eval(ctx: Context<object>, input: Row): void {
    ctx.emit({ kind: ctx.rowKind(), line: line(input) });
  },
};
export const kinds = { ...told, args: [{ ...set, optionalPartitionBy: true, supportUpdates: true }] };
export const kindsBefore = { ...told, args: [{ ...set, supportUpdates: true, requireUpdateBefore: true }] };
export const kindsFull = { ...told, args: [{ ...set, supportUpdates: true, requireFullDelete: true }] };
export const kindsEach = { ...told, args: [{ name: 'input', table: 'row', supportUpdates: true }] };

/** One table of two changes. */
export const kindsOfTwo = {
  args: [
    { ...set, name: 'a', supportUpdates: true },
    { ...set, name: 'b' },
  ],
  returns: 'ROW<a STRING, b STRING>',
  eval(ctx: Context<object>, a: Row | null, b: Row | null): void {
    const [of] = Object.values((a ?? b)!);
    const text = `${ctx.rowKind()}${String(of)}`;
    ctx.emit({ a: a === null ? null : text, b: b === null ? null : text });
  },
};

interface Total {
  total: number;
  n: number;
}
/** Sums of each partition, as its readers want them; a row without a value ends one. */
export const totals = {
  args: [set],
  returns: 'ROW<total INT, n INT>',
  state: { kept: 'ROW<total INT, n INT>' },
  changelogMode: ({ required }: ProcessChangelogAsked) =>
    required.kinds.includes('-U')
      ? (['+I', '-U', '+U', '-D'] as const)
      : { kinds: ['+I', '+U', '-D'] as const, keyOnlyDeletes: required.keyOnlyDeletes },
  eval(ctx: Context<{ kept: Total }>, { v }: Step): void {
    const { kinds: given, keyOnlyDeletes } = ctx.changelogMode;
    const kept = ctx.state.kept.get();
    if (v === null) {
      if (kept !== null) ctx.emit(keyOnlyDeletes ? {} : kept, '-D');
      ctx.clearAllState();
      return;
    }
    const next = { total: (kept?.total ?? 0) + v, n: (kept?.n ?? 0) + 1 };
    if (kept !== null && given.includes('-U')) ctx.emit(kept, '-U');
    ctx.emit(next, kept === null ? '+I' : '+U');
    ctx.state.kept.set(next);
  },
};

/** Each row as the change that it is. */
export const mirrored = {
  args: [{ ...set, supportUpdates: true, requireUpdateBefore: true }],
  returns: 'ROW<line STRING>',
  changelogMode: ['+I', '-U', '+U', '-D'],
  eval(ctx: Context<object>, input: Row): void {
    ctx.emit({ line: line(input) }, ctx.rowKind()!);
  },
};

/** The last value of each partition. */
const latest = {
  returns: 'ROW<v INT>',
  state: { last: 'INT' },
  eval(ctx: Context<{ last: number }>, { v }: Step): void {
    const last = ctx.state.last.get();
    if (v === null) {
      if (last !== null) ctx.emit({ v: ctx.changelogMode.keyOnlyDeletes ? null : last }, '-D');
      ctx.state.last.clear();
      return;
    }
    ctx.emit({ v }, last === null ? '+I' : '+U');
    ctx.state.last.set(v);
  },
};
export const upserted = {
  ...latest,
  args: [{ ...set, optionalPartitionBy: true }],
  changelogMode: { kinds: ['+I', '+U', '-D'], keyOnlyDeletes: true },
};
export const upsertedFull = { ...latest, args: [set], changelogMode: ['+I', '+U', '-D'] };

/** The last value of each partition, without updates. */
export const vanishing = {
  args: [set],
  returns: 'ROW<v INT>',
  state: { last: 'INT' },
  changelogMode: ['+I', '-D'],
  eval(ctx: Context<{ last: number }>, { v }: Step): void {
    const last = ctx.state.last.get();
    if (last !== null) ctx.emit({ v: last }, '-D');
    if (v === null) ctx.state.last.clear();
    else {
      ctx.emit({ v });
      ctx.state.last.set(v);
    }
  },
};

export const eachChange = {
  args: [{ name: 'input', table: 'row' }],
  returns: 'ROW<v INT>',
  changelogMode: ['+I', '-U', '+U', '-D'],
  eval(ctx: Context<object>, { v }: Step): void {
    ctx.emit({ v });
  },
};
/** Kinds that were not declared. */
export const undeclared = {
  args: [set],
  returns: 'ROW<v INT>',
  eval(ctx: Context<object>, { v }: Step): void {
    ctx.emit({ v }, '-D');
  },
};
export const unkept = {
  args: [set],
  returns: 'ROW<v INT>',
  changelogMode: ['+I', '-D'],
  eval(ctx: Context<object>, { v }: Step): void {
    ctx.emit({ v }, '+U');
  },
};
