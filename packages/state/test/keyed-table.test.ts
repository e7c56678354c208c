/* OldKeyedTable against a Map by the text of the key: slots are found, made, removed, reused, moved into another table and
 * restored; and neither hash nor equality sees how a value was represented. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnBuilder, hashCells, readValue, types, type Column, type Value } from '#data';
import { BytesReader, BytesWriter, OldKeyedTable } from '#state';
import { columnWith, keptTypes, textOf, type Kept } from './arbitraries.ts';

const byName = (name: string): Kept => keptTypes.find((k) => k.name === name)!;
/** Keys of one column of each type, of two, and of none. */
const shapes: readonly (readonly Kept[])[] = [
  ...keptTypes.map((k) => [k]),
  [byName('STRING'), byName('BIGINT')],
  [byName('DECIMAL'), byName('TIMESTAMP(9)'), byName('INT')],
  [],
];

interface Cells {
  readonly columns: readonly Column[];
  readonly row: number;
}
function cellsOf(shape: readonly Kept[], key: readonly Value[], front: readonly (readonly Value[])[]): Cells {
  const columns = shape.map(
    (k, i) =>
      columnWith(
        k.type,
        key[i]!,
        front.map((f) => f[i]!),
      ).column,
  );
  return { columns, row: front.length };
}
const keyText = (key: readonly Value[]): string => key.map(textOf).join('|');

type Step =
  | {
      readonly kind: 'add' | 'find' | 'remove';
      readonly key: readonly Value[];
      readonly front: readonly (readonly Value[])[];
    }
  | { readonly kind: 'restore' }
  | { readonly kind: 'move' }
  | { readonly kind: 'clear' };

function steps(shape: readonly Kept[]): fc.Arbitrary<Step[]> {
  const key = fc.tuple(...shape.map((k) => k.values)) as fc.Arbitrary<Value[]>;
  const front = fc.array(key, { maxLength: 2 });
  return fc.array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          kind: fc.constantFrom('add' as const, 'add' as const, 'find' as const, 'remove' as const),
          key,
          front,
        }),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom<Step>({ kind: 'restore' }, { kind: 'move' }, { kind: 'clear' }),
      },
    ),
    { maxLength: 80 },
  );
}

function restored(table: OldKeyedTable, shape: readonly Kept[]): OldKeyedTable {
  const writer = new BytesWriter();
  table.snapshot(writer);
  const reader = new BytesReader(writer.finish());
  const again = new OldKeyedTable(shape.map((k) => k.type));
  again.restore(reader);
  expect(reader.done).toBe(true);
  return again;
}

function run(shape: readonly Kept[], script: readonly Step[]): void {
  let table = new OldKeyedTable(shape.map((k) => k.type));
  const oracle = new Map<string, { readonly slot: number; readonly key: readonly Value[] }>();
  for (const step of script) {
    if (step.kind === 'restore') table = restored(table, shape);
    else if (step.kind === 'clear') {
      table.clear();
      oracle.clear();
    } else if (step.kind === 'move') {
      const other = new OldKeyedTable(shape.map((k) => k.type));
      for (const [text, { slot, key }] of oracle) {
        oracle.set(text, { slot: other.slotOfEntry(table, slot), key });
        expect(other.created).toBe(true);
        expect(other.slotOfEntry(table, slot)).toBe(oracle.get(text)!.slot);
        expect(other.created).toBe(false);
      }
      table = other;
    } else {
      const { columns, row } = cellsOf(shape, step.key, step.front);
      const text = keyText(step.key);
      const known = oracle.get(text)?.slot;
      expect(table.find(columns, row)).toBe(known ?? -1);
      if (step.kind === 'add') {
        const slot = table.slotOf(columns, row);
        expect(table.created).toBe(known === undefined);
        if (known === undefined) {
          expect([...oracle.values()].some((o) => o.slot === slot)).toBe(false);
          oracle.set(text, { slot, key: step.key });
        } else expect(slot).toBe(known);
      } else if (step.kind === 'remove' && known !== undefined) {
        table.remove(known);
        expect(table.isLive(known)).toBe(false);
        oracle.delete(text);
      }
    }
    expect(table.size).toBe(oracle.size);
  }
  const live = new Map(
    Array.from({ length: table.extent }, (_, i) => i)
      .filter((s) => table.isLive(s))
      .map((s) => [s, true]),
  );
  expect(live.size).toBe(oracle.size);
  const builders = shape.map((k) => columnBuilder(k.type));
  const kept = [...oracle.values()];
  for (const { slot } of kept) table.appendKey(builders, slot);
  const columns = builders.map((b) => b.build());
  expect(kept.map((_, row) => keyText(columns.map((c, i) => readValue(c, shape[i]!.type, row))))).toEqual([
    ...oracle.keys(),
  ]);
}

describe.each(shapes.map((shape) => ({ name: shape.map((k) => k.name).join(', ') || 'no column', shape })))(
  'keys of $name',
  ({ shape }) => {
    test('slots are those of a Map', () => {
      fc.assert(
        fc.property(steps(shape), (script) => {
          run(shape, script);
        }),
        { numRuns: 40 },
      );
    });
    test('the hash does not see the representation', () => {
      const key = fc.tuple(...shape.map((k) => k.values)) as fc.Arbitrary<Value[]>;
      fc.assert(
        fc.property(key, fc.array(key, { maxLength: 3 }), (value, front) => {
          const plain = cellsOf(shape, value, []);
          const formed = cellsOf(shape, value, front);
          expect(hashCells(formed.columns, formed.row)).toBe(hashCells(plain.columns, plain.row));
        }),
        { numRuns: 100 },
      );
    });
  },
);

describe('representation', () => {
  const bits = new DataView(new ArrayBuffer(8));
  test('every NaN is one key', () => {
    bits.setUint32(0, 0xfff80000);
    bits.setUint32(4, 1);
    const odd = { layout: 'f64' as const, valid: undefined, values: new Float64Array(bits.buffer.slice(0)) };
    new Uint8Array(odd.values.buffer).reverse();
    expect(odd.values[0]).toBeNaN();
    const plain = { layout: 'f64' as const, valid: undefined, values: Float64Array.of(Number.NaN) };
    const table = new OldKeyedTable([types.DOUBLE]);
    expect(table.slotOf([odd], 0)).toBe(table.slotOf([plain], 0));
  });
  test('bytes at a null cell carry no meaning', () => {
    const table = new OldKeyedTable([types.STRING]);
    const a = columnWith(types.STRING, null, ['xyz']);
    const b = columnWith(types.STRING, null, ['']);
    expect(table.slotOf([a.column], a.row)).toBe(table.slotOf([b.column], b.row));
  });
  test('a hundred thousand keys added and removed leave nothing behind', () => {
    const table = new OldKeyedTable([types.INT]);
    const column = {
      layout: 'i32' as const,
      valid: undefined,
      values: Int32Array.from({ length: 100_000 }, (_, i) => i * 7),
    };
    for (let row = 0; row < 100_000; row++) table.slotOf([column], row);
    for (let row = 0; row < 100_000; row += 2) table.remove(table.find([column], row));
    for (let row = 0; row < 100_000; row++) expect(table.find([column], row) >= 0).toBe(row % 2 === 1);
    expect(table.size).toBe(50_000);
    for (let row = 0; row < 100_000; row++) table.slotOf([column], row);
    expect([table.size, table.extent]).toEqual([100_000, 100_000]);
  });
});
