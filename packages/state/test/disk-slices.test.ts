/* Slices of time in the store that keeps little in memory against the slow one: keys come in the same order, what is merged
 * out of several too, and dropped slices stay for the snapshots that name them. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { types, type Column, type Value } from '#data';
import { MemoryStore, type KeyedTable, type OwnedTable, type PersistentStore, type Slices } from '#state';
import { SimMaps, SlowStore } from '#testkit';
import { columnWith, textOf, type Kept } from './arbitraries.ts';
import { bytesOf, folder, newStore, Pair, type Kind } from './disk-pair.ts';
import { byName, cells, textsOf } from './store-script.ts';

interface Tables {
  readonly keys: KeyedTable;
  readonly rows: OwnedTable;
  /** One row, which stays in memory. */
  readonly total: KeyedTable;
}
interface Sliced {
  readonly store: PersistentStore;
  readonly slices: Slices<Tables>;
}
interface Form {
  readonly name: string;
  readonly key: readonly Kept[];
  readonly hasTotal: boolean;
}
const forms: readonly Form[] = [
  { name: 'INT', key: [byName('INT')], hasTotal: false },
  { name: 'STRING and BIGINT', key: [byName('STRING'), byName('BIGINT')], hasTotal: false },
  { name: 'MAP, and a row without a key', key: [byName('MAP')], hasTotal: true },
];

const kindOf = ({ key, hasTotal }: Form): Kind<Sliced> => ({
  declare: (store) => ({
    store,
    slices: store.slices('slices', (scope) => {
      const keys = scope.keyed({
        name: 'keys',
        key: key.map((k) => k.type),
        cells: { n: 'f64', v: types.BIGINT },
      });
      const rows = scope.owned(keys, { name: 'rows', row: [types.STRING], find: 'row' });
      return {
        keys,
        rows,
        total: hasTotal ? scope.keyed({ name: 'total', key: [], cells: { n: 'f64' } }) : keys,
      };
    }),
  }),
  contents: ({ slices }) => endsOf(slices).map((end) => [end, walked(slices.get(end)!).sort()]),
});
/** Of slices with keys: one whose last key was removed may be there or not, and none of its windows has a row. */
const endsOf = (slices: Slices<Tables>): number[] =>
  slices.ends().filter((end) => walked(slices.get(end)!).length > 0);

/** All keys of a slice in their order, and what they hold. */
function walked({ keys, rows }: Tables, step = 3): string[] {
  const walk = keys.walk();
  const slots = new Int32Array(step);
  const out: string[] = [];
  for (let count = walk.next(slots); count > 0; count = walk.next(slots))
    for (const slot of slots.subarray(0, count)) {
      const owned: string[] = [];
      for (let row = rows.first(slot); row >= 0; row = rows.next(row))
        owned.push(textOf(rows.row[0]!.get(row)));
      const key = textsOf(keys.keys.map((k) => k.get(slot)));
      out.push(`${key} ${keys.f64('n').values[slot]} ${textOf(keys.values('v').get(slot))} ${owned}`);
    }
  return out;
}
/** All slices in one, as a window that is made of them. */
function merged({ slices }: Sliced): string[] {
  const into = slices.scratch();
  const from = new Int32Array(2);
  const to = new Int32Array(2);
  const created = new Uint8Array(2);
  for (const end of slices.ends()) {
    const { keys } = slices.get(end)!;
    const walk = keys.walk();
    for (let count = walk.next(from); count > 0; count = walk.next(from)) {
      into.keys.upsertFrom(keys, from, count, to, created);
      for (let i = 0; i < count; i++) {
        const sum = created[i] === 1 ? 0 : into.keys.f64('n').values[to[i]!]!;
        into.keys.f64('n').values[to[i]!] = sum + keys.f64('n').values[from[i]!]!;
        into.rows.append(to[i]!, [columnWith(types.STRING, `of ${end}`).column], 0);
      }
      slices.settle(4096);
    }
  }
  const all = walked(into);
  slices.clearScratch();
  return all;
}

type Step =
  | {
      readonly kind: 'add';
      readonly end: number;
      readonly keys: readonly (readonly Value[])[];
      readonly n: number;
    }
  | { readonly kind: 'remove'; readonly end: number; readonly key: readonly Value[] }
  | { readonly kind: 'walk' | 'drop'; readonly end: number }
  | { readonly kind: 'merge' | 'snapshot' | 'back' };

function steps({ key }: Form): fc.Arbitrary<Step[]> {
  const keyOf = fc.tuple(...key.map((k) => k.values)) as fc.Arbitrary<Value[]>;
  const end = fc.integer({ min: 1, max: 4 });
  return fc.array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          kind: fc.constant('add' as const),
          end,
          keys: fc.array(keyOf, { minLength: 1, maxLength: 8 }),
          n: fc.nat(9),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), end, key: keyOf }) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('walk' as const, 'drop' as const), end }) },
      {
        weight: 7,
        arbitrary: fc.constantFrom<Step>({ kind: 'merge' }, { kind: 'snapshot' }, { kind: 'back' }),
      },
    ),
    { minLength: 20, maxLength: 60 },
  );
}

function apply(sliced: Sliced, form: Form, step: Step): unknown {
  const { slices } = sliced;
  switch (step.kind) {
    case 'add': {
      const { keys, rows, total } = slices.at(step.end);
      if (form.hasTotal) total.f64('n').values[total.upsertRow([], 0)]! += step.n;
      return step.keys.map((key) => {
        const slot = keys.upsertRow(cells(form.key, key), 0);
        const { created } = keys;
        keys.writeOne(slot);
        keys.f64('n').values[slot]! += step.n;
        keys.values('v').setValue(slot, BigInt(step.n) << 60n);
        rows.append(slot, [columnWith(types.STRING, `row ${step.n % 3}`).column], 0);
        return created;
      });
    }
    case 'remove': {
      const keys = slices.get(step.end)?.keys;
      const slot = keys?.findRow(cells(form.key, step.key), 0) ?? -1;
      if (slot >= 0) keys!.remove(slot);
      return slot >= 0;
    }
    case 'walk': {
      const tables = slices.get(step.end);
      return tables === undefined ? [] : walked(tables);
    }
    case 'drop':
      slices.drop(step.end);
      return endsOf(slices);
    case 'merge':
      return merged(sliced);
    default:
      return slices.keys;
  }
}

describe.each(forms)('keys of $name', (form) => {
  test('slices on disk answer as the slow store does, keys in order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(steps(form), fc.nat(), async (script, seed) => {
        const pair = new Pair(kindOf(form), seed);
        for (const step of script) {
          expect(apply(pair.fast, form, step)).toEqual(apply(pair.slow, form, step));
          await pair.maybeEvict();
          if (step.kind === 'snapshot') await pair.snapshot();
          else if (step.kind === 'back') {
            pair.checkReader();
            await pair.goBack();
          }
        }
        await pair.check();
      }),
      { numRuns: 60 },
    );
  });
});

test('slices in memory answer as the slow store does', () => {
  const [form] = forms;
  fc.assert(
    fc.property(steps(form!), (script) => {
      const { declare } = kindOf(form!);
      const [fast, slow] = [declare(new MemoryStore()), declare(new SlowStore())];
      for (const step of script)
        if (step.kind !== 'remove') expect(apply(fast, form!, step)).toEqual(apply(slow, form!, step));
    }),
    { numRuns: 30 },
  );
});

test('rows of a slice that was dropped go once no snapshot that is kept names it', async () => {
  const maps = new SimMaps(new Rng(1));
  const { store, slices } = kindOf(forms[0]!).declare(newStore(maps, 'a'));
  const onDisk = (): number => maps.open(`${folder}/a`).keys(Uint8Array.of(4), Uint8Array.of(5), 1000).length;
  /** As many looks as there are steps of removing. */
  const settled = async (): Promise<number> => {
    for (let n = 0; n < 4; n++) {
      store.endRun(4096);
      await store.disk!.flush();
    }
    return onDisk();
  };
  const snapshot = async (): Promise<void> => {
    bytesOf(store);
    await store.disk!.flush();
    store.disk!.kept(1);
  };
  for (const end of [1, 2])
    for (let key = 0; key < 10; key++) slices.at(end).keys.upsertRow([columnWith(types.INT, key).column], 0);
  // A row and an arrival each.
  expect(await settled()).toBe(40);
  await snapshot();
  slices.drop(1);
  expect(await settled()).toBe(40);
  await snapshot();
  expect(await settled()).toBe(20);
  // What no snapshot names goes at once.
  slices.at(3).keys.upsertRow([columnWith(types.INT, 1).column], 0);
  expect(await settled()).toBe(22);
  slices.drop(3);
  expect(await settled()).toBe(20);
  slices.scratch().keys.upsertRow([columnWith(types.INT, 1).column], 0);
  expect(await settled()).toBe(22);
  slices.clearScratch();
  expect(await settled()).toBe(20);
});

test('a MAP is the same key in whatever order its entries come, and stays as it came first', () => {
  const maps = new SimMaps(new Rng(1));
  const store = newStore(maps, 'a');
  const type = types.row([{ name: 'm', type: types.map(types.STRING, types.INT) }]);
  const plain = store.keyed({ name: 'plain', key: [type] });
  const slices = store.slices('slices', (scope) => scope.keyed({ name: 'keys', key: [type] }));
  const of = (entries: readonly (readonly [string, number])[]): Column[] => [
    columnWith(type, [{ entries }]).column,
  ];
  const there = of([
    ['a', 1],
    ['b', 2],
  ]);
  const back = of([
    ['b', 2],
    ['a', 1],
  ]);
  for (const table of [(): KeyedTable => plain, (): KeyedTable => slices.at(1)]) {
    table().upsertRow(there, 0);
    store.endRun(4096);
    const slot = table().upsertRow(back, 0);
    expect(table().created).toBe(false);
    expect(table().keys[0]!.get(slot)).toEqual([
      {
        entries: [
          ['a', 1],
          ['b', 2],
        ],
      },
    ]);
    expect(
      table().findRow(
        of([
          ['a', 2],
          ['b', 1],
        ]),
        0,
      ),
    ).toBe(-1);
    store.endRun(4096);
  }
});
