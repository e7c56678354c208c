/* Random rows, and random changelogs over them that a table could have: what is updated or deleted was there. */

import fc from 'fast-check';
import type { Row, Value } from '#data';
import type { Change } from './drive.ts';

export interface Sample {
  readonly k: string | null;
  readonly v: number | null;
  readonly b: bigint | null;
  readonly d: bigint | null;
  readonly f: number | null;
  readonly s: string | null;
}
export const sampleColumns = ['id', 'k', 'v', 'b', 'd', 'f', 's'] as const;
export const sampleDdl = '(id INT, k STRING, v INT, b BIGINT, d DECIMAL(10, 2), f DOUBLE, s STRING)';

const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { freq: 6 });
export const samples: fc.Arbitrary<Sample> = fc.record({
  k: maybe(fc.constantFrom('a', 'b', '')),
  v: maybe(
    fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: -3, max: 3 }) },
      { weight: 1, arbitrary: fc.constantFrom(2147483647, -2147483648) },
    ),
  ),
  b: maybe(
    fc.oneof(
      fc.bigInt({ min: -2n, max: 2n }),
      fc.constantFrom(9007199254740991n, -9007199254740991n, 9223372036854775807n, -9223372036854775808n),
    ),
  ),
  d: maybe(fc.oneof(fc.bigInt({ min: -300n, max: 300n }), fc.constantFrom(9999999999n, -9999999999n))),
  // Quarters add without rounding, so that order plays no part.
  f: maybe(fc.integer({ min: -8, max: 8 }).map((q) => q / 4 + 0)),
  s: maybe(fc.constantFrom('x', 'y', 'zz', 'ä')),
});

const rowOf = (id: number, r: Sample): Row => [id, r.k, r.v, r.b, r.d, r.f, r.s];

type Move =
  | { readonly kind: 'insert'; readonly row: Sample }
  | { readonly kind: 'update'; readonly at: number; readonly row: Sample }
  | { readonly kind: 'delete'; readonly at: number };

/** Steps of changes, and what the table holds after each. */
export interface Changelog {
  readonly steps: readonly (readonly Change[])[];
  readonly held: readonly (readonly Sample[])[];
}
const moves: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('insert' as const), row: samples }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('update' as const), at: fc.nat(1000), row: samples }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), at: fc.nat(1000) }) },
);
export const changelogs: fc.Arbitrary<Changelog> = fc
  .array(fc.array(moves, { maxLength: 12 }), { minLength: 1, maxLength: 4 })
  .map(played);
export const inserts: fc.Arbitrary<Changelog> = fc
  .array(fc.array(samples, { maxLength: 12 }), { minLength: 1, maxLength: 4 })
  .map((steps) => played(steps.map((s) => s.map((row): Move => ({ kind: 'insert', row })))));

function played(steps: readonly (readonly Move[])[]): Changelog {
  const table: { readonly id: number; readonly row: Sample }[] = [];
  let ids = 0;
  const log: Change[][] = [];
  const held: Sample[][] = [];
  for (const step of steps) {
    const changes: Change[] = [];
    for (const move of step) {
      if (move.kind === 'insert') {
        table.push({ id: ++ids, row: move.row });
        changes.push({ kind: 0, row: rowOf(ids, move.row) });
        continue;
      }
      if (table.length === 0) continue;
      const at = move.at % table.length;
      const old = table[at]!;
      if (move.kind === 'delete') {
        table.splice(at, 1);
        changes.push({ kind: 3, row: rowOf(old.id, old.row) });
      } else {
        table[at] = { id: old.id, row: move.row };
        changes.push({ kind: 1, row: rowOf(old.id, old.row) }, { kind: 2, row: rowOf(old.id, move.row) });
      }
    }
    log.push(changes);
    held.push(table.map((t) => t.row));
  }
  return { steps: log, held };
}

/** Rows by a key, in order of arrival. */
export function groups<T>(rows: readonly T[], key: (row: T) => Value): Map<Value, T[]> {
  const all = new Map<Value, T[]>();
  for (const row of rows) all.set(key(row), [...(all.get(key(row)) ?? []), row]);
  return all;
}
