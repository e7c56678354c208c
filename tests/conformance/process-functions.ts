/* The process table functions of the cases; tools/conformance/process/Judged.java has the same for Flink. */

import type { ProcessContext as Context } from 'millrace';

interface Step {
  id: number;
  k: string | null;
  v: number | null;
}

/** Rows at or above a bound, each by itself and twice. */
export const above = {
  args: [
    { name: 'input', table: 'row' },
    { name: 'bound', type: 'DECIMAL(10, 2)' },
    { name: 'note', type: 'STRING', optional: true },
  ],
  returns: 'ROW<id INT, over DECIMAL(10, 2), note STRING>',
  eval(ctx: Context<object>, { id, v }: Step, bound: string | null, note: string | null): void {
    if (v === null || bound === null) return;
    const over = v - Number(bound);
    for (let times = 0; times < 2 && over >= 0; times++) ctx.emit({ id, over: over.toFixed(2), note });
  },
};

/** Numbers the rows of each partition from 1 to 3, and keeps what it saw last. */
export const numbered = {
  args: [{ name: 'input', table: 'set', optionalPartitionBy: true }],
  returns: 'ROW<id INT, n BIGINT, before INT, seen ARRAY<INT>>',
  state: { n: 'BIGINT', last: 'INT', seen: 'ARRAY<INT>' },
  eval(ctx: Context<{ n: bigint; last: number; seen: number[] }>, { id }: Step): void {
    const n = (ctx.state.n.get() ?? 0n) + 1n;
    const seen = [...(ctx.state.seen.get() ?? []), id];
    ctx.emit({ id, n, before: ctx.state.last.get(), seen });
    ctx.state.n.set(n);
    ctx.state.last.set(id);
    ctx.state.seen.set(seen.slice(-2));
    if (n === 3n) ctx.clearAllState();
  },
};

/** Named timers that each row sets anew, and that one without a value takes away. */
export const waits = {
  args: [
    { name: 'input', table: 'set', requireOnTime: true },
    { name: 'wait', type: 'INT' },
  ],
  returns: 'STRING',
  state: { kept: 'ROW<n INT, k STRING>' },
  eval(ctx: Context<{ kept: { n: number; k: string | null } }>, { k, v }: Step, wait: number): void {
    const time = ctx.timeContext.time()!;
    if (v === null) {
      ctx.clearAll();
      return;
    }
    ctx.state.kept.set({ n: (ctx.state.kept.get()?.n ?? 0) + 1, k });
    ctx.timeContext.registerOnTime('remind', time + wait * 1000);
    ctx.timeContext.registerOnTime('forget', time + 3 * wait * 1000);
  },
  onTimer(ctx: Context<{ kept: { n: number; k: string | null } }>): void {
    const { n, k } = ctx.state.kept.get() ?? { n: null, k: null };
    const time = ctx.timeContext.time()!;
    ctx.emit(`${ctx.currentTimer()} ${k} of ${n}`);
    if (ctx.currentTimer() === 'forget') ctx.clearAllState();
    else if (ctx.currentTimer() === 'remind' && n === 2) ctx.timeContext.registerOnTime(time + 1);
  },
};

/** Timers without names, twice for one time, for times that are over, and cleared. */
export const alarms = {
  args: [{ name: 'input', table: 'set' }],
  returns: 'STRING',
  eval(ctx: Context<object>, { id }: Step): void {
    const time = ctx.timeContext.time()!;
    if (id % 4 === 0) ctx.emit('row');
    ctx.timeContext.registerOnTime(time - 60_000);
    ctx.timeContext.registerOnTime(time + 5000);
    ctx.timeContext.registerOnTime(time + 5000);
    ctx.timeContext.registerOnTime('b', time + 5000);
    ctx.timeContext.registerOnTime('a', time + 5000);
    ctx.timeContext.registerOnTime(time + 6000);
    ctx.timeContext.clearTimer(time + 6000);
    if (id % 3 === 0) ctx.timeContext.clearTimer('a');
    if (id % 5 === 0) ctx.clearAllTimers();
  },
  onTimer(ctx: Context<object>): void {
    ctx.emit(`${ctx.currentTimer()}`);
  },
};

/** Each row with by how much its value differs from that before it. */
export const deltas = {
  args: [{ name: 'input', table: 'set', passColumnsThrough: true }],
  returns: 'ROW<id INT, delta INT>',
  state: { last: 'INT' },
  eval(ctx: Context<{ last: number }>, { id, v }: Step): void {
    const last = ctx.state.last.get();
    ctx.emit({ id: -id, delta: last === null || v === null ? null : v - last });
    if (v === null) ctx.state.last.clear();
    else ctx.state.last.set(v);
  },
};

/** The time of each row, and the watermark that it comes behind. */
export const marks = {
  args: [{ name: 'input', table: 'row' }],
  returns: 'ROW<id INT, t BIGINT, mark BIGINT>',
  eval(ctx: Context<object>, { id }: Step): void {
    const [time, mark] = [ctx.timeContext.time(), ctx.timeContext.currentWatermark()];
    ctx.emit({ id, t: time === null ? null : BigInt(time), mark: mark === null ? null : BigInt(mark) });
  },
};

const all =
  'ROW<id INT, b BIGINT, d DOUBLE, s STRING, flag BOOLEAN, n ROW<a INT, c STRING>, xs ARRAY<INT>, m MAP<STRING, INT>, ts TIMESTAMP(3)>';
interface All extends Step {
  b: unknown;
  d: unknown;
  s: unknown;
  flag: unknown;
  n: unknown;
  xs: unknown;
  m: unknown;
  ts: unknown;
}
/** Of each row what the one before it was: values of many types, through state. */
export const kept = {
  args: [{ name: 'input', table: 'set' }],
  returns: all,
  state: { last: all },
  eval(ctx: Context<{ last: object }>, { id, b, d, s, flag, n, xs, m, ts }: All): void {
    ctx.emit(ctx.state.last.get() ?? {});
    ctx.state.last.set({ id, b, d, s, flag, n, xs, m, ts });
  },
};

/** A timer that sets itself so many times more. */
export const chained = {
  args: [
    { name: 'input', table: 'set' },
    { name: 'times', type: 'INT', optional: true },
  ],
  returns: 'STRING',
  state: { left: 'INT' },
  eval(ctx: Context<{ left: number }>, _: Step, times: number | null): void {
    const time = ctx.timeContext.time()!;
    ctx.state.left.set(times ?? 1);
    ctx.timeContext.registerOnTime('next', time + 1000);
    ctx.timeContext.registerOnTime(time + 1500);
  },
  onTimer(ctx: Context<{ left: number }>): void {
    const left = ctx.state.left.get();
    const time = ctx.timeContext.time()!;
    ctx.emit(`${ctx.currentTimer()} ${left} ${time}`);
    if (ctx.currentTimer() === null || left === null) return;
    ctx.state.left.set(left - 1);
    if (left > 1) ctx.timeContext.registerOnTime('next', time + 1000);
  },
};

/** Two timers a row, of which the named one takes away what else its partition has. */
export const cleared = {
  args: [{ name: 'input', table: 'set' }],
  returns: 'STRING',
  eval(ctx: Context<object>): void {
    const time = ctx.timeContext.time()!;
    ctx.timeContext.registerOnTime('next', time + 1000);
    ctx.timeContext.registerOnTime(time + 1500);
  },
  onTimer(ctx: Context<object>): void {
    ctx.emit(`${ctx.currentTimer()}`);
    if (ctx.currentTimer() !== null) ctx.clearAllTimers();
  },
};
