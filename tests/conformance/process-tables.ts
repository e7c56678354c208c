/* Process table functions of several tables; tools/conformance/process/JudgedTables.java has the same for Flink. */

import type { ListView, ProcessContext as Context } from 'millrace';

interface Step {
  id: number;
  k: string | null;
}
const set = (name: string): object => ({ name, table: 'set' });
const timed = (name: string): object => ({ name, table: 'set', requireOnTime: true });
const optional = (name: string): object => ({ name, table: 'set', optionalPartitionBy: true });

/** Each row of either table, and how many of each came up to then. */
export const told = {
  args: [set('l'), set('r')],
  returns: 'ROW<side STRING, id INT, lefts INT, rights INT, t BIGINT, mark BIGINT>',
  state: { l: 'INT', r: 'INT' },
  eval(ctx: Context<{ l: number; r: number }>, left: Step | null, right: Step | null): void {
    const { time, currentWatermark } = ctx.timeContext;
    const side = left !== null ? 'l' : 'r';
    ctx.state[side].set((ctx.state[side].get() ?? 0) + 1);
    const [lefts, rights] = [ctx.state.l.get(), ctx.state.r.get()];
    const [t, mark] = [time(), currentWatermark()].map((ms) => (ms === null ? null : BigInt(ms)));
    ctx.emit({ side, id: (left ?? right)!.id, lefts, rights, t, mark });
  },
};

/** One timer for the rows of both tables. */
export const gathered = {
  args: [timed('a'), timed('b'), { name: 'word', type: 'STRING', optional: true }],
  returns: 'STRING',
  state: { ids: { view: 'list', type: 'INT' } },
  eval(
    { state, timeContext }: Context<{ ids: ListView<number> }>,
    a: Step | null,
    b: Step | null,
    word: string | null,
  ): void {
    state.ids.add(a !== null ? a.id : -b!.id);
    timeContext.registerOnTime(word ?? 'tell', 1704153600000);
  },
  onTimer(ctx: Context<{ ids: ListView<number> }>): void {
    ctx.emit(`${ctx.currentTimer()} ${[...ctx.state.ids.get()].sort((x, y) => x - y).join(',')}`);
  },
};

/** A scalar among three tables. */
export const three = {
  args: [optional('a'), { name: 'n', type: 'INT' }, optional('b'), optional('c')],
  returns: 'ROW<s STRING, k STRING, n INT>',
  eval(ctx: Context<object>, a: Step | null, n: number, b: object | null, c: Step | null): void {
    const first = (row: object | null, name: string): string =>
      row === null ? '' : `${name}${String(Object.values(row)[0])}`;
    ctx.emit({ s: first(a, 'a') + first(b, 'b') + first(c, 'c'), k: 'x', n });
  },
};

/** One of its tables needs a time. */
export const half = {
  args: [timed('a'), set('b')],
  returns: 'STRING',
  eval(ctx: Context<object>, a: Step | null, b: Step | null): void {
    ctx.emit((a === null ? 'b' : 'a') + String((a ?? b)!.id));
  },
};
