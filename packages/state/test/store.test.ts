/* The store in memory against the slow one: whatever is asked of both, they answer the same, slots aside; and what one
 * has written, the other reads. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnBuilder, hashRows, types, type Column, type Value } from '#data';
import {
  allKeyGroups,
  BytesReader,
  BytesWriter,
  keyGroupsOf,
  MemoryStore,
  readSavedRest,
  readSavedRows,
  writeSavedRest,
  writeSavedRows,
  type KeyedTable,
  type OwnedSpec,
  type OwnedTable,
  type PersistentStore,
  type SortedTable,
  type Timers,
} from '#state';
import { SlowStore } from '#testkit';
import { columnWith, keptTypes, textOf, type Kept } from './arbitraries.ts';

const byName = (name: string): Kept => keptTypes.find((k) => k.name === name)!;

/** The same declarations in either store. */
interface Declared {
  readonly store: PersistentStore;
  readonly keys: KeyedTable;
  readonly rows: OwnedTable;
  readonly children: OwnedTable;
  readonly timers: Timers;
}
interface Form {
  readonly name: string;
  readonly key: readonly Kept[];
  readonly rows: Omit<OwnedSpec, 'name' | 'row'>;
  readonly row: readonly Kept[];
}
function declare(store: PersistentStore, form: Form): Declared {
  const keys = store.keyed({
    name: 'keys',
    key: form.key.map((k) => k.type),
    row: [types.STRING],
    cells: { n: 'f64', v: types.BIGINT },
  });
  const rows = store.owned(keys, { name: 'rows', row: form.row.map((k) => k.type), ...form.rows });
  const children = store.owned(rows, { name: 'children', row: [types.INT] });
  return { store, keys, rows, children, timers: store.timers(keys, { name: 'timers', domain: 'event' }) };
}

const cells = (kinds: readonly Kept[], values: readonly Value[]): Column[] =>
  kinds.map((k, i) => columnWith(k.type, values[i]!).column);
const textsOf = (values: readonly Value[]): string => values.map(textOf).join('|');

/** Everything that a store holds, in words: slots are not among them. */
function contents({ keys, rows, children, timers }: Declared): unknown {
  const out: unknown[] = [];
  const slot = new Int32Array(1);
  for (let after = -1; keys.scan(after, slot) === 1; after = slot[0]!) {
    const key = slot[0]!;
    const owned: unknown[] = [];
    for (let row = rows.first(key), back = -1; row >= 0; back = row, row = rows.next(row)) {
      expect(rows.previous(row)).toBe(back);
      expect(rows.ownerOf(row)).toBe(key);
      const below: Value[] = [];
      for (let child = children.first(row); child >= 0; child = children.next(child))
        below.push(children.row[0]!.get(child));
      owned.push([textsOf(rows.row.map((c) => c.get(row))), below]);
    }
    expect(rows.count(key)).toBe(owned.length);
    out.push([
      textsOf(keys.keys.map((c) => c.get(key))),
      textOf(keys.row[0]!.get(key)),
      keys.f64('n').values[key],
      textOf(keys.values('v').get(key)),
      timers.timeOf(key),
      owned,
    ]);
  }
  return out;
}

type Step =
  | { readonly kind: 'key'; readonly key: readonly Value[]; readonly n: number; readonly v: bigint }
  | { readonly kind: 'run'; readonly keys: readonly (readonly Value[])[] }
  | { readonly kind: 'drop'; readonly key: readonly Value[] }
  | {
      readonly kind: 'row' | 'take' | 'replace';
      readonly key: readonly Value[];
      readonly row: readonly Value[];
    }
  | { readonly kind: 'timer'; readonly key: readonly Value[]; readonly at: number }
  | { readonly kind: 'due'; readonly at: number }
  | { readonly kind: 'snapshot' | 'cross' };

function steps({ key, row }: Form): fc.Arbitrary<Step[]> {
  const keyOf = fc.tuple(...key.map((k) => k.values)) as fc.Arbitrary<Value[]>;
  const rowOf = fc.tuple(...row.map((k) => k.values)) as fc.Arbitrary<Value[]>;
  return fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('key' as const),
          key: keyOf,
          n: fc.nat(9),
          v: fc.bigInt({ min: 0n, max: 1n << 62n }),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('run' as const), keys: fc.array(keyOf, { maxLength: 6 }) }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('drop' as const), key: keyOf }) },
      {
        weight: 9,
        arbitrary: fc.record({
          kind: fc.constantFrom('row' as const, 'row' as const, 'take' as const, 'replace' as const),
          key: keyOf,
          row: rowOf,
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('timer' as const), key: keyOf, at: fc.nat(9) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('due' as const), at: fc.nat(9) }) },
      { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'snapshot' }, { kind: 'cross' }) },
    ),
    { maxLength: 60 },
  );
}

const unique = (form: Form): boolean => form.rows.find !== undefined && form.rows.find !== 'row';
function apply(d: Declared, form: Form, step: Step): unknown {
  switch (step.kind) {
    case 'key': {
      const slot = d.keys.upsertRow(cells(form.key, step.key), 0);
      d.keys.f64('n').values[slot] = step.n;
      d.keys.values('v').setValue(slot, step.v);
      d.keys.setRow(slot, [columnWith(types.STRING, `row ${step.n}`).column], 0);
      return d.keys.created;
    }
    case 'run':
      return applyRun(d, form, step.keys);
    case 'drop': {
      const slot = d.keys.findRow(cells(form.key, step.key), 0);
      if (slot >= 0) d.keys.remove(slot);
      return slot >= 0;
    }
    case 'row':
    case 'take':
    case 'replace':
      return applyRow(d, form, step);
    case 'timer': {
      const slot = d.keys.findRow(cells(form.key, step.key), 0);
      if (slot >= 0 && step.at === 0) d.timers.clear(slot);
      else if (slot >= 0) d.timers.set(slot, step.at);
      return d.timers.next;
    }
    case 'due': {
      const due = new Int32Array(100);
      const count = d.timers.due(step.at, due);
      return [...due.subarray(0, count)].map((slot) => textsOf(d.keys.keys.map((k) => k.get(slot)))).sort();
    }
    default:
      return undefined;
  }
}
function applyRun(d: Declared, form: Form, run: readonly (readonly Value[])[]): unknown {
  const columns = form.key.map((k, c) => {
    const builder = columnBuilder(k.type);
    for (const key of run) builder.append(key[c]!);
    return builder.build();
  });
  const count = run.length;
  const hashes = new Int32Array(count);
  hashRows(columns, 0, count, hashes);
  const slots = new Int32Array(count);
  const created = new Uint8Array(count);
  d.keys.upsert(columns, hashes, 0, count, slots, created);
  for (let i = 0; i < count; i++)
    if (created[i] === 1) d.keys.setRow(slots[i]!, [columnWith(types.STRING, 'run').column], 0);
  const found = new Int32Array(count);
  d.keys.find(columns, hashes, 0, count, found);
  expect([...found]).toEqual([...slots]);
  return [[...created], [...slots].map((slot) => textsOf(d.keys.keys.map((k) => k.get(slot))))];
}
function applyRow(d: Declared, form: Form, step: Extract<Step, { readonly row: readonly Value[] }>): unknown {
  const key = d.keys.findRow(cells(form.key, step.key), 0);
  if (key < 0) return 'no key';
  const row = cells(form.row, step.row);
  if (step.kind === 'row') {
    const slot = unique(form) ? d.rows.upsertRow(key, row, 0) : d.rows.append(key, row, 0);
    d.children.append(slot, [columnWith(types.INT, d.children.count(slot)).column], 0);
    return unique(form) ? d.rows.created : d.rows.count(key);
  }
  if (form.rows.find === undefined) {
    // Rows that nobody finds leave at the front.
    const first = d.rows.first(key);
    if (first >= 0) d.rows.remove(first);
    return first >= 0;
  }
  const slot = d.rows.findRow(key, row, 0);
  if (slot < 0) return 'no row';
  if (step.kind === 'take') d.rows.remove(slot);
  else d.rows.replace(slot, row, 0, true);
  return true;
}

const snapshotOf = (store: PersistentStore): BytesReader => {
  const writer = new BytesWriter();
  store.snapshot(writer);
  return new BytesReader(writer.finish());
};
const savedOf = (store: PersistentStore): BytesReader => {
  const writer = new BytesWriter();
  writeSavedRows(writer, store.export(allKeyGroups));
  writeSavedRest(writer, store.exportRest());
  return new BytesReader(writer.finish());
};
function restored(from: Declared, to: PersistentStore, form: Form): Declared {
  const next = declare(to, form);
  const reader = snapshotOf(from.store);
  next.store.restore(reader);
  expect(reader.done).toBe(true);
  return next;
}
function imported(from: Declared, to: PersistentStore, form: Form): Declared {
  const next = declare(to, form);
  const reader = savedOf(from.store);
  const rows = [...readSavedRows(reader)];
  const rest = readSavedRest(reader);
  for (const row of rows) next.store.import(row);
  next.store.importRest([rest], 0, 1);
  return next;
}

const int = byName('INT');
const forms: readonly Form[] = [
  ...keptTypes.map(
    (k): Form => ({ name: `keys of ${k.name}, bags`, key: [k], row: [k, int], rows: { find: 'row' } }),
  ),
  { name: 'two keys, lists', key: [byName('STRING'), byName('BIGINT')], row: [int], rows: {} },
  { name: 'no key, maps', key: [], row: [byName('STRING'), int], rows: { find: [0] } },
  ...keptTypes
    .filter((k) => !/ROW|ARRAY|MAP/.test(k.name))
    .map(
      (k): Form => ({
        name: `ordered by ${k.name}`,
        key: [int],
        row: [k, int],
        rows: { order: [{ column: 0 }, { column: 1, descending: true, nullsLast: true }], find: 'row' },
      }),
    ),
  {
    name: 'an ordered map',
    key: [int],
    row: [byName('BIGINT'), byName('STRING')],
    rows: { order: [{ column: 0, descending: true }], find: [0] },
  },
];

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
/** Keys in any order: slots that are used again change it. */
const sorted = (all: unknown): unknown =>
  [...(all as unknown[])].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

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

test('pages are dirty where slots were made, written or removed', () => {
  const store = new MemoryStore();
  const keys = store.keyed({ name: 'keys', key: [types.INT] }) as KeyedTable & { takeDirtyPages(): number[] };
  const column: Column = {
    layout: 'i32',
    valid: undefined,
    values: Int32Array.from({ length: 2000 }, (_, i) => i),
  };
  for (let row = 0; row < 2000; row++) keys.upsertRow([column], row);
  expect(keys.takeDirtyPages()).toEqual([0, 1, 2, 3]);
  expect(keys.takeDirtyPages()).toEqual([]);
  keys.write(Int32Array.of(700, 701), 2);
  keys.remove(1999);
  expect(keys.takeDirtyPages()).toEqual([1, 3]);
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
