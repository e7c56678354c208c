/* One script for any two stores: declarations in several forms, steps by chance, and what they answer. */

import fc from 'fast-check';
import { expect } from 'vitest';
import { columnBuilder, hashRows, types, type Column, type Value } from '#data';
import {
  allKeyGroups,
  BytesReader,
  BytesWriter,
  readSavedRest,
  readSavedRows,
  writeSavedRest,
  writeSavedRows,
  type KeyedTable,
  type OwnedSpec,
  type OwnedTable,
  type PersistentStore,
  type Timers,
} from '#state';
import { columnWith, keptTypes, textOf, type Kept } from './arbitraries.ts';

export const byName = (name: string): Kept => keptTypes.find((k) => k.name === name)!;

/** The same declarations in either store. */
export interface Declared {
  readonly store: PersistentStore;
  readonly keys: KeyedTable;
  readonly rows: OwnedTable;
  readonly children: OwnedTable;
  /** Undefined in a form without. */
  readonly timers: Timers | undefined;
}
export interface Form {
  readonly name: string;
  readonly key: readonly Kept[];
  readonly rows: Omit<OwnedSpec, 'name' | 'row'>;
  readonly row: readonly Kept[];
  readonly hasTimers?: boolean;
}
export function declare(store: PersistentStore, form: Form): Declared {
  const keys = store.keyed({
    name: 'keys',
    key: form.key.map((k) => k.type),
    row: [types.STRING],
    cells: { n: 'f64', v: types.BIGINT },
  });
  const rows = store.owned(keys, { name: 'rows', row: form.row.map((k) => k.type), ...form.rows });
  const children = store.owned(rows, { name: 'children', row: [types.INT] });
  const timers =
    form.hasTimers === false ? undefined : store.timers(keys, { name: 'timers', domain: 'event' });
  return { store, keys, rows, children, timers };
}

export const cells = (kinds: readonly Kept[], values: readonly Value[]): Column[] =>
  kinds.map((k, i) => columnWith(k.type, values[i]!).column);
export const textsOf = (values: readonly Value[]): string => values.map(textOf).join('|');

/** Everything that a store holds, in words: slots are not among them. */
export function contents({ keys, rows, children, timers }: Declared): unknown {
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
      timers?.timeOf(key),
      owned,
    ]);
  }
  return out;
}

export type Step =
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

/** `saves`: the weight of snapshots beside 21 of all else. */
export function steps({ key, row }: Form, { saves = 1, minLength = 0 } = {}): fc.Arbitrary<Step[]> {
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
      { weight: saves, arbitrary: fc.constantFrom<Step>({ kind: 'snapshot' }, { kind: 'cross' }) },
    ),
    { minLength, maxLength: 60 },
  );
}

export const unique = (form: Form): boolean => form.rows.find !== undefined && form.rows.find !== 'row';
export function apply(d: Declared, form: Form, step: Step): unknown {
  switch (step.kind) {
    case 'key': {
      const slot = d.keys.upsertRow(cells(form.key, step.key), 0);
      d.keys.writeOne(slot);
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
      if (slot >= 0 && step.at === 0) d.timers?.clear(slot);
      else if (slot >= 0) d.timers?.set(slot, step.at);
      return d.timers?.next;
    }
    case 'due': {
      const due = new Int32Array(100);
      const count = d.timers?.due(step.at, due) ?? 0;
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

export const snapshotOf = (store: PersistentStore): BytesReader => {
  const writer = new BytesWriter();
  store.snapshot(writer);
  return new BytesReader(writer.finish());
};
export const savedOf = (store: PersistentStore): BytesReader => {
  const writer = new BytesWriter();
  writeSavedRows(writer, store.export(allKeyGroups));
  writeSavedRest(writer, store.exportRest());
  return new BytesReader(writer.finish());
};
export function restored(from: Declared, to: PersistentStore, form: Form): Declared {
  const next = declare(to, form);
  const reader = snapshotOf(from.store);
  next.store.restore(reader);
  expect(reader.done).toBe(true);
  return next;
}
export function imported(from: Declared, to: PersistentStore, form: Form): Declared {
  const next = declare(to, form);
  const reader = savedOf(from.store);
  const rows = [...readSavedRows(reader)];
  const rest = readSavedRest(reader);
  for (const row of rows) next.store.import(row);
  next.store.importRest([rest], 0, 1);
  return next;
}

export const int = byName('INT');
export const forms: readonly Form[] = [
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

/** Keys in any order: slots that are used again change it. */
export const sorted = (all: unknown): unknown =>
  [...(all as unknown[])].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
