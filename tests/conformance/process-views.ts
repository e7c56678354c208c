/* Process table functions that keep lists and maps; tools/conformance/process/JudgedViews.java has the same for Flink. */

import type { ListView, MapView, ProcessContext as Context } from 'millrace';

interface Step {
  id: number;
  k: string | null;
  v: number | null;
}
const anySet = [{ name: 'input', table: 'set', optionalPartitionBy: true }];
const set = [{ name: 'input', table: 'set' }];

type Seen = ListView<{ id: number; k: string | null }>;
/** What it did to a list of rows, by the value in hand, and what that held before. */
export const listed = {
  args: anySet,
  returns: 'ROW<id INT, was STRING, removed BOOLEAN>',
  state: { seen: { view: 'list', type: 'ROW<id INT, k STRING>' } },
  eval(ctx: Context<{ seen: Seen }>, { id, k, v }: Step): void {
    const { seen } = ctx.state;
    const was = [...seen.get()].map((each) => `${each.id}/${each.k}`).join(' ');
    let removed: boolean | null = null;
    if (v === null) seen.clear();
    else if (v === 8) removed = seen.remove({ id, k });
    else if (v === 6)
      seen.addAll([
        { id, k },
        { id: -id, k: null },
        { id, k },
      ]);
    else seen.add({ id, k });
    if (v !== null && v < 2) removed = seen.remove({ id, k });
    if (v === 4) ctx.clearState('seen');
    ctx.emit({ id, was, removed });
  },
};

/** The same for a map of how often something came. */
export const mapped = {
  args: anySet,
  returns: 'ROW<id INT, n INT, keys STRING, has STRING>',
  state: { per: { view: 'map', key: 'STRING', value: 'INT' } },
  eval(ctx: Context<{ per: MapView<string, number> }>, { id, v }: Step): void {
    const { per } = ctx.state;
    const key = v === null ? 'none' : `v${v % 3}`;
    const n = per.get(key);
    const entries = [...per.entries()].map(([k, count]) => `${k}=${count}`).sort();
    let sum = 0;
    for (const count of per.values()) sum += count ?? 0;
    const keys = [...per.keys()].sort().join(',');
    const has = `${per.contains(key)} ${per.contains('none')} ${per.isEmpty()} ${sum} ${keys}`;
    ctx.emit({ id, n, keys: entries.join(' '), has });
    if (v === 7) per.clear();
    else if (v === 0) per.remove('v2');
    else if (v === 3)
      per.putAll([
        ['v0', 10],
        ['v1', 20],
      ]);
    else per.put(key, v === 4 ? null : (n ?? 0) + 1);
    if (v === 1) per.remove('never');
  },
};

interface Held {
  n: number;
  ids: ListView<number>;
  last: MapView<number, { id: number; t: bigint }>;
}
/** A value, a list and a map beside each other, read again by a timer. */
export const held = {
  args: [{ name: 'input', table: 'set', requireOnTime: true }],
  returns: 'STRING',
  state: {
    n: 'INT',
    ids: { view: 'list', type: 'INT' },
    last: { view: 'map', key: 'INT', value: 'ROW<id INT, t BIGINT>' },
  },
  eval({ state, timeContext, clearAllState }: Context<Held>, { id }: Step): void {
    const time = timeContext.time()!;
    state.n.set((state.n.get() ?? 0) + 1);
    state.ids.add(id);
    state.last.put(id % 2, { id, t: BigInt(time) });
    timeContext.registerOnTime('tell', time + 10_000);
    if (id === 13) clearAllState();
  },
  onTimer({ emit, state }: Context<Held>): void {
    const [even, odd] = [0, 1].map((of) => state.last.get(of));
    const told = [even, odd].map((row) => (row === null ? 'null' : `${row!.id}@${row!.t}`));
    emit(`${state.n.get()} of ${[...state.ids.get()].join(',')}: ${told.join(' ')}`);
    state.ids.clear();
    state.last.remove(0);
  },
};

/** A list and a map for their own time, which is not over. */
export const lasting = {
  args: set,
  returns: 'ROW<id INT, n INT, one INT>',
  state: {
    ids: { view: 'list', type: 'INT', ttl: '10 d' },
    per: { view: 'map', key: 'INT', value: 'INT', ttl: '10 d' },
  },
  eval(ctx: Context<{ ids: ListView<number>; per: MapView<number, number> }>, { id }: Step): void {
    const { ids, per } = ctx.state;
    let n = 0;
    for (const each of ids.get()) n += each;
    ctx.emit({ id, n, one: per.get(id % 2) });
    ids.add(id);
    per.put(id % 2, id);
  },
};

/** Takes out what it has put in. */
export const lost = {
  args: set,
  returns: 'ROW<id INT, removed BOOLEAN>',
  state: { ids: { view: 'list', type: 'INT', ttl: '10 d' } },
  eval(ctx: Context<{ ids: ListView<number> }>, { id }: Step): void {
    ctx.state.ids.add(id);
    ctx.emit({ id, removed: ctx.state.ids.remove(id) });
  },
};

export const nullListed = {
  args: set,
  returns: 'ROW<id INT, n INT>',
  state: { vs: { view: 'list', type: 'INT' } },
  eval(ctx: Context<{ vs: ListView<number | null> }>, { id, v }: Step): void {
    ctx.state.vs.add(v);
    ctx.emit({ id, n: [...ctx.state.vs.get()].length });
  },
};

export const nullKeyed = {
  args: set,
  returns: 'ROW<id INT, has BOOLEAN>',
  state: { per: { view: 'map', key: 'INT', value: 'INT' } },
  eval(ctx: Context<{ per: MapView<number | null, number> }>, { id, v }: Step): void {
    ctx.state.per.put(v, 1);
    ctx.emit({ id, has: ctx.state.per.contains(v) });
  },
};
