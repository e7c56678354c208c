/* How drift is reported. */

import { expect, test } from 'vitest';
import type { TableDrift } from '#engine';
import { driftLines, evolvedLines } from '../src/drift-lines.ts';

const drift = (more: Partial<TableDrift>): TableDrift => ({
  table: 'orders',
  kind: 'unknown',
  path: 'zip',
  sample: '12',
  of: 'records',
  times: 2,
  looked: 9,
  ...more,
});

test('a line a field, and what records leave out now and then is no news', () => {
  expect(
    driftLines([
      drift({}),
      drift({ kind: 'type', path: 'price', sample: '"x"' }),
      drift({ kind: 'missing', path: 'name', sample: '' }),
      drift({ kind: 'missing', path: 'at', sample: '', times: 9 }),
      drift({ of: 'schemas', path: 'more', sample: 'INT', times: 1 }),
    ]),
  ).toEqual([
    "orders: the field 'zip' is no column in 2 of 9 records looked at, as in 12",
    `orders: the field 'price' has another type in 2 of 9 records looked at, as in "x"`,
    "orders: the field 'at' is missing in 9 of 9 records looked at",
    "orders: the field 'more' is no column in 1 schemas, INT",
  ]);
  expect(driftLines(Array.from({ length: 13 }, (_, i) => drift({ path: `f${i}` }))).at(-1)).toBe(
    '3 more fields differ',
  );
});

test('a line a column that a table got', () => {
  const column = { table: 'orders', name: 'zip', type: 'BIGINT' };
  expect(
    evolvedLines([
      { ...column, sinks: ['kept', 'files'] },
      { ...column, sinks: [] },
    ]),
  ).toEqual([
    "orders got the column 'zip' BIGINT, and so did kept, files",
    "orders got the column 'zip' BIGINT",
  ]);
});
