/* Every layout of stateColumn against a plain Map: whatever is set, cleared, copied and restored, each slot holds what it
 * was given last. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnBuilder, compareValues, readValue, type Value } from '#data';
import { BytesReader, BytesWriter, stateColumn, type StateColumn } from '#state';
import { columnWith, keptTypes, textOf, type Kept } from './arbitraries.ts';

const slots = 24;

type Step =
  | { readonly kind: 'set'; readonly slot: number; readonly value: Value; readonly front: readonly Value[] }
  | { readonly kind: 'setValue'; readonly slot: number; readonly value: Value }
  | { readonly kind: 'clear'; readonly slot: number }
  | { readonly kind: 'copy'; readonly slot: number; readonly from: number }
  | { readonly kind: 'restore' };

function steps({ values }: Kept): fc.Arbitrary<Step[]> {
  const slot = fc.nat(slots - 1);
  return fc.array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          kind: fc.constant('set' as const),
          slot,
          value: values,
          front: fc.array(values, { maxLength: 2 }),
        }),
      },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('setValue' as const), slot, value: values }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('clear' as const), slot }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('copy' as const), slot, from: slot }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'restore' as const }) },
    ),
    { maxLength: 60 },
  );
}

function restored(from: StateColumn, type: Kept['type']): StateColumn {
  const writer = new BytesWriter();
  from.snapshot(writer, slots);
  const reader = new BytesReader(writer.finish());
  const to = stateColumn(type);
  to.restore(reader);
  expect(reader.done).toBe(true);
  to.ensure(slots);
  return to;
}

function run({ type }: Kept, script: readonly Step[]): void {
  const oracle = new Map<number, Value>();
  let column = stateColumn(type);
  column.ensure(slots);
  for (const step of script) {
    switch (step.kind) {
      case 'set': {
        const cell = columnWith(type, step.value, step.front);
        column.set(step.slot, cell.column, cell.row);
        expect(column.equals(step.slot, cell.column, cell.row)).toBe(true);
        oracle.set(step.slot, step.value);
        break;
      }
      case 'setValue':
        column.setValue(step.slot, step.value);
        oracle.set(step.slot, step.value);
        break;
      case 'clear':
        column.clear(step.slot);
        oracle.delete(step.slot);
        break;
      case 'copy': {
        if (!oracle.has(step.from)) break;
        const other = stateColumn(type);
        other.ensure(slots);
        other.copySlot(step.from, column, step.from);
        column.copySlot(step.slot, other, step.from);
        expect(column.equalsSlot(step.slot, other, step.from)).toBe(true);
        oracle.set(step.slot, oracle.get(step.from)!);
        break;
      }
      case 'restore':
        column = restored(column, type);
    }
    for (const [slot, value] of oracle) {
      if (textOf(column.get(slot)) !== textOf(value))
        throw new Error(
          `after ${step.kind}: slot ${slot} holds ${textOf(column.get(slot))}, not ${textOf(value)}`,
        );
    }
  }
  const builder = columnBuilder(type);
  const kept = [...oracle];
  for (const [slot, value] of kept) {
    expect(column.isNull(slot)).toBe(value === null);
    column.appendTo(builder, slot);
  }
  const built = builder.build();
  expect(kept.map((_, row) => textOf(readValue(built, type, row)))).toEqual(kept.map(([, v]) => textOf(v)));
}

describe.each(keptTypes)('$name', (kept) => {
  test('holds what a Map holds', () => {
    fc.assert(
      fc.property(steps(kept), (script) => {
        run(kept, script);
      }),
      { numRuns: 60 },
    );
  });
  test('equality is of values, whatever the form of the column', () => {
    fc.assert(
      fc.property(kept.values, kept.values, fc.array(kept.values, { maxLength: 2 }), (a, b, front) => {
        const column = stateColumn(kept.type);
        column.ensure(1);
        column.setValue(0, a);
        const cell = columnWith(kept.type, b, front);
        expect(column.equals(0, cell.column, cell.row)).toBe(textOf(a) === textOf(b));
      }),
      { numRuns: 200 },
    );
  });
  test("order is SQL's, also between two columns", () => {
    const present = kept.values.filter((v) => v !== null);
    fc.assert(
      fc.property(present, present, (a, b) => {
        const [one, other] = [stateColumn(kept.type), stateColumn(kept.type)];
        one.ensure(1);
        other.ensure(2);
        one.setValue(0, a);
        other.setValue(1, b);
        expect(Math.sign(one.compareSlot(0, other, 1))).toBe(Math.sign(compareValues(a, b)));
        expect(Math.sign(other.compareSlot(1, one, 0))).toBe(Math.sign(compareValues(b, a)));
      }),
      { numRuns: 200 },
    );
  });
});
