/* Process table functions of the test files beside. */

import type { ProcessContext as Context } from 'millrace';

interface Order {
  id: number;
  shop: string | null;
  price: string;
}

/** Rows at or above a bound, each by itself. */
export const above = {
  args: [
    { name: 'input', table: 'row' },
    { name: 'bound', type: 'DECIMAL(10, 2)' },
    { name: 'note', type: 'STRING', optional: true },
  ],
  returns: 'ROW<id INT, over DECIMAL(10, 2), note STRING>',
  eval(ctx: Context<object>, row: Order, bound: string, note: string | null): void {
    const over = Number(row.price) - Number(bound);
    for (let times = 0; times < 2 && over >= 0; times++)
      ctx.emit({ id: row.id, over: over.toFixed(2), note });
  },
};

/** Numbers the rows of each partition, and keeps what it saw last. */
export const numbered = {
  args: [{ name: 'input', table: 'set', optionalPartitionBy: true }],
  returns: 'ROW<id INT, n BIGINT, before INT, seen ARRAY<INT>>',
  state: { n: 'BIGINT', last: { type: 'ROW<id INT>', ttl: '1 day' }, seen: 'ARRAY<INT>' },
  eval(ctx: Context<{ n: bigint; last: { id: number }; seen: number[] }>, row: Order): void {
    const n = (ctx.state.n.get() ?? 0n) + 1n;
    const seen = [...(ctx.state.seen.get() ?? []), row.id];
    ctx.emit({ id: row.id, n, before: ctx.state.last.get()?.id ?? null, seen });
    ctx.state.n.set(n);
    ctx.state.last.set({ id: row.id });
    ctx.state.seen.set(seen.slice(-2));
    if (n === 3n) ctx.clearAllState();
  },
};

/** Reminds of a shop that has had no order for some seconds, and forgets it later: with every order both begin anew. */
export const reminders = {
  args: [
    { name: 'input', table: 'set', requireOnTime: true },
    { name: 'wait', type: 'INT' },
  ],
  returns: 'STRING',
  state: { orders: 'INT' },
  eval(ctx: Context<{ orders: number }>, row: Order, wait: number): void {
    const time = ctx.timeContext.time()!;
    if (row.id < 0) {
      ctx.clearAll();
      return;
    }
    ctx.state.orders.set((ctx.state.orders.get() ?? 0) + 1);
    ctx.timeContext.registerOnTime('remind', time + wait * 1000);
    ctx.timeContext.registerOnTime('forget', time + 3 * wait * 1000);
  },
  onTimer(ctx: Context<{ orders: number }>): void {
    ctx.emit(`${ctx.currentTimer()} ${String(ctx.partitionKey['shop'])} of ${ctx.state.orders.get()}`);
    if (ctx.currentTimer() === 'forget') ctx.clearAllState();
    // A timer may set another, for a time that has come already too.
    else if (ctx.state.orders.get() === 2) ctx.timeContext.registerOnTime(ctx.timeContext.time()! + 1);
  },
};

/** Timers without names, and for times that are over. */
export const alarms = {
  args: [{ name: 'input', table: 'set' }],
  returns: 'STRING',
  eval(ctx: Context<object>, row: Order): void {
    const time = ctx.timeContext.time()!;
    if (row.id === 10) ctx.emit('row');
    ctx.timeContext.registerOnTime(time - 60_000);
    ctx.timeContext.registerOnTime(time + 5000);
    ctx.timeContext.registerOnTime(time + 5000);
    ctx.timeContext.registerOnTime('b', time + 5000);
    ctx.timeContext.registerOnTime('a', time + 5000);
    ctx.timeContext.registerOnTime(time + 6000);
    ctx.timeContext.clearTimer(time + 6000);
    if (row.id === 9) ctx.timeContext.clearTimer('a');
  },
  onTimer(ctx: Context<object>): void {
    ctx.emit(`${ctx.currentTimer()}`);
  },
};

/** Each row with what its partition had before it. */
export const deltas = {
  args: [{ name: 'input', table: 'set', passColumnsThrough: true }],
  returns: 'ROW<id INT, delta DECIMAL(10, 2)>',
  state: { last: 'DECIMAL(10, 2)' },
  eval(ctx: Context<{ last: string }>, row: Order): void {
    const last = ctx.state.last.get();
    ctx.emit({ id: -row.id, delta: last === null ? null : (Number(row.price) - Number(last)).toFixed(2) });
    ctx.state.last.set(row.price);
  },
};

/** `numbered` of a later day: it keeps one thing more, and one less. */
export const numberedLater = {
  args: [{ name: 'input', table: 'set' }],
  returns: 'ROW<n BIGINT, more INT>',
  state: { more: 'INT', n: 'BIGINT' },
  eval(ctx: Context<{ n: bigint; more: number }>): void {
    const more = (ctx.state.more.get() ?? 0) + 1;
    const n = (ctx.state.n.get() ?? 0n) + 1n;
    ctx.emit({ n, more });
    ctx.state.more.set(more);
    ctx.state.n.set(n);
  },
};
