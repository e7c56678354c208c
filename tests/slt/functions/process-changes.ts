/* Process table functions of process-changes.slt: they read changes, and give changes. */

import type { ProcessChangelogAsked, ProcessContext as Context } from 'millrace';

type Row = Readonly<Record<string, unknown>>;

/** Each change of a table as a row. */
export const log = {
  args: [{ name: 'input', table: 'set', supportUpdates: true }],
  returns: 'ROW<kind STRING, line STRING>',
  eval(ctx: Context<object>, input: Row): void {
    ctx.emit({ kind: ctx.rowKind(), line: Object.values(input).join(' ') });
  },
};

interface Sums {
  sum: number;
  isWrong: boolean;
}
/** The sum of each partition, as long as no value is below 0: then it is gone, for ever. */
export const sums = {
  args: [{ name: 'input', table: 'set' }],
  returns: 'ROW<sum INT>',
  state: { sum: 'INT', isWrong: 'BOOLEAN' },
  changelogMode: ({ required }: ProcessChangelogAsked) => required,
  eval(ctx: Context<Sums>, { v }: { v: number }): void {
    const { kinds, keyOnlyDeletes } = ctx.changelogMode;
    const { sum, isWrong } = ctx.state;
    const before = sum.get();
    if (isWrong.get() === true) return;
    if (v < 0) {
      if (before !== null) ctx.emit(keyOnlyDeletes ? {} : { sum: before }, '-D');
      ctx.clearAllState();
      isWrong.set(true);
      return;
    }
    if (before !== null && kinds.includes('-U')) ctx.emit({ sum: before }, '-U');
    ctx.emit({ sum: (before ?? 0) + v }, before === null ? '+I' : '+U');
    sum.set((before ?? 0) + v);
  },
};

/** The newest row of either table; a deleted one ends it. */
export const newest = {
  args: [
    { name: 'a', table: 'set', supportUpdates: true },
    { name: 'b', table: 'set' },
  ],
  returns: 'ROW<name STRING, seen INT>',
  state: { last: 'ROW<name STRING, seen INT>' },
  changelogMode: ['+I', '-U', '+U', '-D'],
  eval(ctx: Context<{ last: { name: string; seen: number } }>, a: Row | null, b: Row | null): void {
    const last = ctx.state.last.get();
    if (ctx.rowKind() === '-D') {
      if (last !== null) ctx.emit(last, '-D');
      ctx.state.last.clear();
      return;
    }
    const next = { name: String((a ?? b)!['name']), seen: (last?.seen ?? 0) + 1 };
    if (last !== null) ctx.emit(last, '-U');
    ctx.emit(next, last === null ? '+I' : '+U');
    ctx.state.last.set(next);
  },
};
