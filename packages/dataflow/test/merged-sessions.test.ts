/* Two slots of one table become one, as sessions do: what is read lies in the arrays that are written, which grow
 * meanwhile and whose strings move. */

import { expect, test } from 'vitest';
import { columnBuilder, readValue, types, type Column, type MapValue, type Value } from '#data';
import { MemoryStore } from '#state';
import { AggregateSet } from '../src/kernels/aggregate-set.ts';
import { op } from '../src/kernels/kernel.ts';
import { call } from './harness.ts';
import { distinct } from './calls.ts';

const { INT, BIGINT, STRING, DOUBLE } = types;
/** As many as a table has rows when its arrays begin to grow in place; both slots together have more. */
const rows = 70_000;
const calls = [
  call('LISTAGG', [1], [STRING], STRING),
  call('COLLECT', [1], [STRING], types.multiset(STRING)),
  distinct(call('COUNT', [1], [STRING])),
  distinct(call('SUM', [0], [INT], INT)),
  call('MAX', [1], [STRING], STRING),
  call('LAST_VALUE', [1], [STRING], STRING),
  call('ARRAY_AGG', [0], [INT], types.array(INT)),
  call('BITMAP_BUILD_CARDINALITY_AGG', [0], [INT], BIGINT),
  call('PERCENTILE', [2, 3, 4], [DOUBLE, DOUBLE, BIGINT], DOUBLE),
];
const textOf = (n: number): string => `text ${n}`;

function columnsFrom(first: number): Column[] {
  const builders = [INT, STRING, DOUBLE, DOUBLE, BIGINT].map((type) => columnBuilder(type));
  for (let n = first; n < first + rows; n++)
    [n, textOf(n), n, 1, 1n].forEach((value, c) => builders[c]!.append(value));
  return builders.map((b) => b.build());
}

test('nothing is lost where the arrays of a table grow while its own rows are added to it', () => {
  const store = new MemoryStore();
  const table = store.keyed({ name: 'groups', key: [INT] });
  const set = new AggregateSet(store, table, calls, true);
  const keys = columnBuilder(INT);
  for (const key of [1, 2]) keys.append(key);
  const key = [keys.build()];
  const slots = [0, 1].map((row) => table.upsertRow(key, row));
  slots.forEach((slot, i) => {
    const ops = new Uint8Array(rows);
    ops[0] = op.opens;
    set.add(new Int32Array(rows).fill(slot), ops, columnsFrom(i * rows), 0, rows, undefined);
  });
  set.merge(Int32Array.of(slots[0]!), Int32Array.of(slots[1]!), 1, set);

  const builders = calls.map((c) => columnBuilder(c.type));
  set.appendResults(builders, 0, Int32Array.of(slots[0]!), 1);
  const results = builders.map((b, i) => readValue(b.build(), calls[i]!.type, 0));
  const [list, collected, texts, sum, greatest, last, all, cardinality, most] = results;
  const numbers = Array.from({ length: 2 * rows }, (_, n) => n);
  const same = (a: Value, b: Value): boolean => JSON.stringify(a) === JSON.stringify(b);
  expect(list === numbers.map(textOf).join(',')).toBe(true);
  expect(same((collected as MapValue).entries as never, numbers.map((n) => [textOf(n), 1]) as never)).toBe(
    true,
  );
  expect([texts, cardinality]).toEqual([BigInt(2 * rows), BigInt(2 * rows)]);
  expect(sum).toBe(
    Number(
      BigInt.asIntN(
        32,
        numbers.reduce((s, n) => s + BigInt(n), 0n),
      ),
    ),
  );
  expect([greatest, last]).toEqual(['text 99999', textOf(2 * rows - 1)]);
  expect(same(all!, numbers)).toBe(true);
  expect(most).toBe(2 * rows - 1);
});
