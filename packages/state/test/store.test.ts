/* The store in memory against the slow one: whatever is asked of both, they answer the same, slots aside; and what one
 * has written, the other reads. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashRows, types, type Column } from '#data';
import {
  allKeyGroups,
  keyGroupsOf,
  MemoryStore,
  type KeyedTable,
  type PageGuard,
  type SortedTable,
} from '#state';
import { SlowStore } from '#testkit';
import { columnWith } from './arbitraries.ts';
import {
  apply,
  byName,
  cells,
  contents,
  declare,
  forms,
  imported,
  int,
  restored,
  sorted,
  steps,
  type Form,
} from './store-script.ts';

describe.each(forms)('$name', (form) => {
  test('memory answers as the slow store does, and each reads what the other wrote', () => {
    fc.assert(
      fc.property(steps(form), (script) => {
        let fast = declare(new MemoryStore(), form);
        let slow = declare(new SlowStore(), form);
        for (const step of script) {
          expect(apply(fast, form, step)).toEqual(apply(slow, form, step));
          if (step.kind === 'snapshot') {
            fast = restored(fast, new MemoryStore(), form);
            slow = restored(slow, new SlowStore(), form);
          } else if (step.kind === 'cross') {
            const crossed = imported(slow, new MemoryStore(), form);
            slow = imported(fast, new SlowStore(), form);
            fast = crossed;
          }
        }
        expect(sorted(contents(fast))).toEqual(sorted(contents(slow)));
      }),
      { numRuns: 60 },
    );
  });
});
test('a table in order: rank, nth and seek as in a sorted array', () => {
  const store = new MemoryStore();
  const keys = store.keyed({ name: 'keys', key: [types.INT] });
  const rows: SortedTable = store.sorted(keys, {
    name: 'rows',
    row: [types.timestamp(3), types.INT],
    order: [{ column: 0 }],
  });
  const owner = keys.upsertRow([columnWith(types.INT, 1).column], 0);
  const model: { ms: number; n: number; slot: number }[] = [];
  let seed = 1;
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  for (let n = 0; n < 3000; n++) {
    if (model.length > 0 && random(3) === 0) {
      const [gone] = model.splice(random(model.length), 1);
      rows.remove(gone!.slot);
    } else {
      const ms = random(50);
      const slot = rows.append(
        owner,
        [columnWith(types.timestamp(3), { ms, ns: 0 }).column, columnWith(types.INT, n).column],
        0,
      );
      const at = model.findIndex((m) => m.ms > ms);
      model.splice(at < 0 ? model.length : at, 0, { ms, n, slot });
    }
    if (n % 50 !== 0) continue;
    expect(rows.count(owner)).toBe(model.length);
    model.forEach(({ slot }, rank) => {
      expect([rows.rank(slot), rows.nth(owner, rank)]).toEqual([rank, slot]);
    });
    for (const bound of [-1, 0, 13, 49, 50])
      expect(rows.seek(owner, bound)).toBe(model.find((m) => m.ms >= bound)?.slot ?? -1);
    expect(rows.nth(owner, model.length)).toBe(-1);
  }
});

test('a hundred thousand keys come and go and leave nothing behind', () => {
  const store = new MemoryStore();
  const keys = store.keyed({ name: 'keys', key: [types.INT] });
  const count = 100_000;
  const column: Column = {
    layout: 'i32',
    valid: undefined,
    values: Int32Array.from({ length: count }, (_, i) => i * 7),
  };
  const hashes = new Int32Array(count);
  const slots = new Int32Array(count);
  const created = new Uint8Array(count);
  hashRows([column], 0, count, hashes);
  for (let round = 0; round < 3; round++) {
    keys.upsert([column], hashes, 0, count, slots, created);
    expect(keys.size).toBe(count);
    expect(keys.extent).toBe(count);
    for (let i = 0; i < count; i++) if (i % 2 === 0 || round === 2) keys.remove(slots[i]!);
  }
  expect(keys.size).toBe(0);
  keys.find([column], hashes, 0, count, slots);
  expect(slots.every((s) => s === -1)).toBe(true);
});

test('keys of one hash are told apart, and slots are given in order of arrival all the same', () => {
  // The hash is given by the caller: here 5 and 7 have the same one, and 9 and 11. A run that found 7 to be no 5 has made
  // a slot for 9 by then.
  const run = (sizes: readonly number[]): number[] => {
    const keys = new MemoryStore().keyed({ name: 'keys', key: [types.INT] });
    const values = [5, 7, 5, 9, 7, 11, 5, 9];
    const all: number[] = [];
    for (let from = 0, turn = 0; from < values.length; turn++) {
      const count = Math.min(sizes[turn % sizes.length]!, values.length - from);
      const column: Column = { layout: 'i32', valid: undefined, values: Int32Array.from(values) };
      const slots = new Int32Array(count);
      const hashes = column.values.slice(from, from + count).map((v) => (v < 8 ? 42 : 43));
      keys.upsert([column], hashes, from, count, slots, new Uint8Array(count));
      all.push(...slots);
      from += count;
    }
    return all;
  };
  expect(run([8])).toEqual([0, 1, 0, 2, 1, 3, 0, 2]);
  for (const sizes of [[1], [2, 3], [5]]) expect(run(sizes)).toEqual(run([8]));
});

test('key groups share a store out, whole and without rest', () => {
  const form: Form = { name: '', key: [byName('BIGINT')], row: [int], rows: { find: 'row' } };
  const all = declare(new MemoryStore(), form);
  for (let k = 0; k < 500; k++) {
    const slot = all.keys.upsertRow(cells(form.key, [BigInt(k)]), 0);
    all.keys.f64('n').values[slot] = k;
    for (let r = 0; r < k % 3; r++) all.rows.append(slot, cells(form.row, [r]), 0);
  }
  const parts = [0, 1, 2].map((instance) => {
    const part = declare(new MemoryStore(), form);
    for (const row of all.store.export(keyGroupsOf(instance, 3))) part.store.import(row);
    return part;
  });
  expect(parts.every((p) => p.keys.size > 100)).toBe(true);
  const together = declare(new MemoryStore(), form);
  for (const part of parts) for (const row of part.store.export(allKeyGroups)) together.store.import(row);
  expect(sorted(contents(together))).toEqual(sorted(contents(all)));
});

test('pages change where slots were made, written or removed', () => {
  const store = new MemoryStore();
  const keys = store.keyed({ name: 'keys', key: [types.INT] }) as KeyedTable & {
    readonly pages: PageGuard;
  };
  const column: Column = {
    layout: 'i32',
    valid: undefined,
    values: Int32Array.from({ length: 2000 }, (_, i) => i),
  };
  const changedSince = (mark: number): number[] =>
    [...keys.pages.changedSince(mark, all.length).keys()].filter(
      (page) => keys.pages.changedSince(mark, all.length)[page] === 1,
    );
  const all = Array.from({ length: Math.ceil(2000 / (1 << keys.pages.bits)) }, (_, page) => page);
  const start = keys.pages.mark();
  for (let row = 0; row < 2000; row++) keys.upsertRow([column], row);
  expect(changedSince(start)).toEqual(all);
  const filled = keys.pages.mark();
  expect(changedSince(filled)).toEqual([]);
  keys.write(Int32Array.of(700, 701), 2);
  keys.remove(1999);
  expect(changedSince(filled)).toEqual([700 >> keys.pages.bits, 1999 >> keys.pages.bits]);
  expect(changedSince(start)).toEqual(all);
});

test('of equal rows the oldest is found first, after a restore too', () => {
  const form: Form = { name: 'bags', key: [int], row: [int], rows: { find: 'row' } };
  const row = [columnWith(types.INT, 7).column];
  let d = declare(new MemoryStore(), form);
  const key = d.keys.upsertRow([columnWith(types.INT, 1).column], 0);
  for (let n = 0; n < 40; n++)
    d.children.append(d.rows.append(key, row, 0), [columnWith(types.INT, n).column], 0);
  for (let n = 0; n < 40; n++) {
    const found = d.rows.findRow(key, row, 0);
    expect(d.children.row[0]!.get(d.children.first(found))).toBe(n);
    d.rows.remove(found);
    if (n % 7 === 0) d = restored(d, new MemoryStore(), form);
  }
  expect(d.rows.findRow(key, row, 0)).toBe(-1);
});

test('owned rows of one hash are told apart, and found again', () => {
  const many: Column = {
    layout: 'f64',
    valid: undefined,
    values: Float64Array.from({ length: 300_000 }, (_, i) => i * Math.PI),
  };
  const hashes = new Int32Array(300_000);
  hashRows([many], 0, hashes.length, hashes);
  const seen = new Map<number, number>();
  const pair = hashes.findIndex((hash, i) => seen.has(hash) || !seen.set(hash, i));
  expect(pair).toBeGreaterThan(0);
  const [a, b] = [seen.get(hashes[pair]!)! * Math.PI, pair * Math.PI];
  for (const sizes of [[6], [1], [2, 3]]) {
    const store = new MemoryStore();
    const keys = store.keyed({ name: 'keys', key: [types.INT] });
    const rows = store.owned(keys, { name: 'rows', row: [types.DOUBLE], find: [0] });
    const owner = keys.upsertRow([{ layout: 'i32', valid: undefined, values: Int32Array.of(1) }], 0);
    const values = Float64Array.of(7, a, b, a, 8, b);
    const column: Column = { layout: 'f64', valid: undefined, values };
    const all: number[] = [];
    for (let from = 0, turn = 0; from < values.length; turn++) {
      const count = Math.min(sizes[turn % sizes.length]!, values.length - from);
      const slots = new Int32Array(count);
      rows.upsertRows(new Int32Array(count).fill(owner), [column], from, count, slots);
      all.push(...slots);
      from += count;
    }
    expect(all).toEqual([0, 1, 2, 1, 3, 2]);
    expect(rows.count(owner)).toBe(4);
    expect([0, 1, 2].map((row) => rows.findRow(owner, [column], row))).toEqual([0, 1, 2]);
  }
});

test.each(['create-write', 'read-write'] as const)('a TTL begins anew by %s', (renewedBy) => {
  for (const store of [new MemoryStore(), new SlowStore()]) {
    const keys = store.keyed({
      name: 'keys',
      key: [types.INT],
      cells: { n: 'f64' },
      ttl: { ms: 100, renewedBy },
    });
    const one: Column[] = [{ layout: 'i32', valid: undefined, values: Int32Array.of(1) }];
    store.beginRun(0);
    const first = keys.upsertRow(one, 0);
    keys.f64('n').values[first] = 5;
    store.beginRun(60);
    expect(keys.upsertRow(one, 0)).toBe(first);
    expect(keys.findRow(one, 0)).toBe(first);
    store.beginRun(120);
    expect(keys.findRow(one, 0)).toBe(renewedBy === 'read-write' ? first : -1);
    const again = keys.upsertRow(one, 0);
    expect([keys.created, keys.f64('n').values[again]]).toEqual(
      renewedBy === 'read-write' ? [false, 5] : [true, 0],
    );
    store.beginRun(219);
    keys.writeOne(again);
    store.beginRun(318);
    expect(keys.findRow(one, 0)).toBe(again);
    store.beginRun(319 + 100);
    store.endRun(100);
    expect(keys.size).toBe(0);
  }
});

test('timers come by time, equal ones by slot', () => {
  const store = new MemoryStore();
  const keys = store.keyed({ name: 'keys', key: [types.INT] });
  const timers = store.timers(keys, { name: 'timers', domain: 'event' });
  const values = Int32Array.from({ length: 40 }, (_, i) => i);
  for (const row of values) keys.upsertRow([{ layout: 'i32', valid: undefined, values }], row);
  for (let i = 0; i < 40; i++) timers.set((i * 17) % 40, ((i * 17) % 40) % 3);
  const due = new Int32Array(40);
  const count = timers.due(1, due);
  expect([...due.subarray(0, count)]).toEqual([
    ...[...values].filter((slot) => slot % 3 === 0),
    ...[...values].filter((slot) => slot % 3 === 1),
  ]);
  expect(timers.next).toBe(2);
});
