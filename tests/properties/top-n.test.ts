/* ORDER BY … LIMIT … OFFSET over random changelogs equals sorting and slicing the rows that are left, after every step. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareValues, type Row, type Value } from '#data';
import { changelogs, groups, inserts, sampleColumns, sampleDdl, type Changelog } from './changelog.ts';
import {
  cuts,
  Drive,
  netKeys,
  onePartition,
  rowKey,
  rowKeys,
  runs,
  upsertKeys,
  type Change,
  type Cut,
} from './drive.ts';

const updating = `CREATE TABLE t ${sampleDdl} WITH ('connector' = 'test', 'changelog-mode' = 'I,UB,UA,D')`;
const appending = `CREATE TABLE t ${sampleDdl} WITH ('connector' = 'test')`;

interface Order {
  readonly column: (typeof sampleColumns)[number];
  readonly descending: boolean;
  readonly nullsLast: boolean;
}
interface Slice {
  readonly orders: readonly Order[];
  readonly limit: number;
  readonly offset: number;
}
const order: fc.Arbitrary<Order> = fc.record({
  column: fc.constantFrom('k', 'v', 'b', 'd', 'f', 's'),
  descending: fc.boolean(),
  nullsLast: fc.boolean(),
});
const range = { limit: fc.integer({ min: 1, max: 5 }), offset: fc.constantFrom(0, 0, 1, 3) };
const slices: fc.Arbitrary<Slice> = fc.record({ orders: fc.array(order, { maxLength: 2 }), ...range });
const byId: Order = { column: 'id', descending: false, nullsLast: false };

function sqlOf({ orders, limit, offset }: Slice): string {
  const items = orders.map(
    (o) => `${o.column} ${o.descending ? 'DESC' : 'ASC'} NULLS ${o.nullsLast ? 'LAST' : 'FIRST'}`,
  );
  const sorted = items.length === 0 ? '' : `ORDER BY ${items.join(', ')} `;
  return `${sorted}LIMIT ${limit}${offset === 0 ? '' : ` OFFSET ${offset}`}`;
}
function compare(a: Row, b: Row, { column, descending, nullsLast }: Order): number {
  const at = sampleColumns.indexOf(column);
  const [x, y] = [a[at]!, b[at]!];
  if (x === null || y === null) return x === y ? 0 : (x === null) === nullsLast ? 1 : -1;
  return descending ? -compareValues(x, y) : compareValues(x, y);
}
const sliced = (rows: readonly Row[], { orders, limit, offset }: Slice): Row[] =>
  [...rows]
    .sort((a, b) => orders.reduce((c, o) => (c !== 0 ? c : compare(a, b, o)), 0))
    .slice(offset, offset + limit);

/** Rows in the order in which they came; one that is taken back is the oldest of its kind. */
function arrivals(steps: readonly (readonly Change[])[]): Row[] {
  const held: Row[] = [];
  for (const { kind, row } of steps.flat()) {
    if (kind === 0 || kind === 2) held.push(row);
    else
      held.splice(
        held.findIndex((h) => rowKey(h) === rowKey(row)),
        1,
      );
  }
  return held;
}

async function check(
  ddl: string,
  sql: string,
  log: Changelog,
  cut: Cut,
  recompute: (rows: readonly Row[]) => Row[],
): Promise<void> {
  const drive = await Drive.open(ddl, cut);
  let step = 0;
  await drive.query(
    sql,
    function* feed() {
      for (; step < log.steps.length; step++) {
        drive.push('t', sampleColumns, log.steps[step]!);
        yield;
      }
    },
    (changes) => {
      expect(netKeys(changes)).toEqual(rowKeys(recompute(arrivals(log.steps.slice(0, step + 1)))));
    },
  );
}

test.each([
  ['a table that changes', updating, changelogs],
  ['inserts alone', appending, inserts],
] as const)('in an order without ties, over %s', async (_, ddl, logs) => {
  await fc.assert(
    fc.asyncProperty(logs, cuts, slices, (log, cut, slice) => {
      const whole = { ...slice, orders: [...slice.orders, byId] };
      return check(ddl, `SELECT * FROM t ${sqlOf(whole)}`, log, cut, (rows) => sliced(rows, whole));
    }),
    runs(60),
  );
});

test.each([
  ['a table that changes', updating, changelogs],
  ['inserts alone', appending, inserts],
] as const)('among ties who came first ranks first, over %s', async (_, ddl, logs) => {
  await fc.assert(
    fc.asyncProperty(logs, onePartition, slices, (log, cut, slice) =>
      check(ddl, `SELECT * FROM t ${sqlOf(slice)}`, log, cut, (rows) => sliced(rows, slice)),
    ),
    runs(60),
  );
});

/** Groups of rows with what only grows and what only falls. */
function grouped(
  rows: readonly Row[],
): [k: string | null, s: string | null, n: bigint, low: number | null][] {
  const named = rows.map(([, k, v, , , , s]) => ({ k: k as string | null, v, s: s as string | null }));
  return [...groups(named, (r) => `${r.k}/${r.s}`).values()].map((g) => [
    g[0]!.k,
    g[0]!.s,
    BigInt(g.length),
    g.reduce<number | null>(
      (low, { v }) => (v === null ? low : Math.min(low ?? Infinity, v as number)),
      null,
    ),
  ]);
}
const nullsFirst = (a: Value, b: Value): number =>
  a === null || b === null ? (a === b ? 0 : a === null ? -1 : 1) : compareValues(a, b);

test.each([
  [
    'n DESC, k, s',
    ([k, s, n], [k2, s2, n2]) => compareValues(n2!, n!) || nullsFirst(k!, k2!) || nullsFirst(s!, s2!),
  ],
  [
    'low, k, s',
    ([k, s, , l], [k2, s2, , l2]) => nullsFirst(l!, l2!) || nullsFirst(k!, k2!) || nullsFirst(s!, s2!),
  ],
  [
    'low NULLS LAST, k, s',
    ([k, s, , l], [k2, s2, , l2]) =>
      (l === null || l2 === null ? -nullsFirst(l!, l2!) : compareValues(l!, l2!)) ||
      nullsFirst(k!, k2!) ||
      nullsFirst(s!, s2!),
  ],
] as readonly (readonly [string, (a: Row, b: Row) => number])[])(
  'groups in the order of %s',
  async (by, comes) => {
    await fc.assert(
      fc.asyncProperty(inserts, cuts, fc.record(range), (log, cut, { limit, offset }) =>
        check(
          appending,
          `SELECT k, s, COUNT(*) AS n, MIN(v) AS low FROM t GROUP BY k, s ORDER BY ${by} LIMIT ${limit} OFFSET ${offset}`,
          log,
          cut,
          (rows) =>
            grouped(rows)
              .sort(comes)
              .slice(offset, offset + limit),
        ),
      ),
      runs(40),
    );
  },
);

test('a sink that is updated by key holds the first rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      inserts,
      cuts,
      fc.record(range),
      fc.constantFrom('DESC', 'ASC'),
      async (log, cut, { limit, offset }, direction) => {
        const drive = await Drive.open(
          `${appending}; CREATE TABLE byk (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'test', 'sink-changelog-mode-enforced' = 'I,UA,D')`,
          cut,
        );
        const written = await drive.insert(
          `INSERT INTO byk SELECT k, n FROM (SELECT COALESCE(k, 'none') AS k, COUNT(*) AS n FROM t GROUP BY COALESCE(k, 'none')) ORDER BY n ${direction}, k LIMIT ${limit} OFFSET ${offset}`,
          'byk',
          () => {
            drive.push('t', sampleColumns, log.steps.flat());
          },
        );
        const counts = [...groups(log.held.at(-1)!, (r) => r.k ?? 'none')].map(
          ([k, g]): Row => [k, BigInt(g.length)],
        );
        const sign = direction === 'DESC' ? -1 : 1;
        const expected = counts
          .sort((a, b) => sign * compareValues(a[1]!, b[1]!) || compareValues(a[0]!, b[0]!))
          .slice(offset, offset + limit);
        expect(upsertKeys(written, [0])).toEqual(rowKeys(expected));
      },
    ),
    runs(40),
  );
});
