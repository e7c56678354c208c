/* Joins that are bounded in time over random rows, none of them late, equal a recomputation from all rows once the inputs
 * have ended: intervals of each kind, windows of each function, versions by event time. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant, type Row } from '#data';
import { cuts, Drive, netKeys, rowKeys, runs, type Change, type Cut } from './drive.ts';

interface Item {
  readonly id: number;
  readonly k: string | null;
  readonly v: number | null;
  /** Seconds of 2024. */
  readonly at: number;
}
const start = Date.UTC(2024, 0, 1);
const columns = ['id', 'k', 'v', 'ts'];
const rowOf = ({ id, k, v, at }: Item): Row => [id, k, v, instant(start + at * 1000)];
const nobody: Row = [null, null, null, null];
/** The watermark waits for all rows. */
const ddl = ['l', 'r']
  .map(
    (name) =>
      `CREATE TABLE ${name} (id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' HOUR) WITH ('connector' = 'test')`,
  )
  .join('; ');

/** Whole multiples of what bounds and windows are made of, so that rows meet at their edges. */
const times = fc.integer({ min: 0, max: 40 }).map((n) => n * 5);

const items: fc.Arbitrary<readonly Item[]> = fc
  .array(
    fc.record({
      k: fc.option(fc.constantFrom('a', 'b'), { freq: 6 }),
      v: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 6 }),
      at: times,
    }),
    { maxLength: 14 },
  )
  .map((all) => all.map((item, id) => ({ id, ...item })));

type Meets = (l: Item, r: Item) => boolean;
const equal = (a: unknown, b: unknown): boolean => a !== null && a === b;
const less = (a: number | null, b: number | null): boolean => a !== null && b !== null && a < b;

/** What every kind of join makes of the rows: left rows for semi and anti joins, else pairs. */
const joined: Record<string, (l: readonly Item[], r: readonly Item[], meets: Meets) => Row[]> = {
  JOIN: (l, r, meets) =>
    l.flatMap((a) => r.filter((b) => meets(a, b)).map((b) => [...rowOf(a), ...rowOf(b)])),
  'LEFT JOIN': (l, r, meets) => [
    ...joined['JOIN']!(l, r, meets),
    ...lonely(l, r, meets).map((a) => [...rowOf(a), ...nobody]),
  ],
  'RIGHT JOIN': (l, r, meets) => [
    ...joined['JOIN']!(l, r, meets),
    ...lonely(r, l, (b, a) => meets(a, b)).map((b) => [...nobody, ...rowOf(b)]),
  ],
  'FULL JOIN': (l, r, meets) => [
    ...joined['LEFT JOIN']!(l, r, meets),
    ...lonely(r, l, (b, a) => meets(a, b)).map((b) => [...nobody, ...rowOf(b)]),
  ],
  EXISTS: (l, r, meets) => l.filter((a) => r.some((b) => meets(a, b))).map(rowOf),
  'NOT EXISTS': (l, r, meets) => lonely(l, r, meets).map(rowOf),
};
const lonely = (l: readonly Item[], r: readonly Item[], meets: Meets): readonly Item[] =>
  l.filter((a) => !r.some((b) => meets(a, b)));

const inserts = (rows: readonly Row[]): Change[] => rows.map((row) => ({ kind: 0, row }));
/** The net result of the query once both tables have ended. */
async function resultOf(
  sql: string,
  left: readonly Row[],
  right: readonly Change[],
  cut: Cut,
  tables = ddl,
): Promise<string[]> {
  const drive = await Drive.open(tables, cut);
  let found: string[] = [];
  await drive.query(
    sql,
    function* feed() {
      const half = right.length >> 1;
      drive.push('r', columns, right.slice(0, half));
      drive.push('l', columns, inserts(left));
      yield;
      drive.push('r', columns, right.slice(half));
      yield;
      drive.end('l');
      drive.end('r');
      yield;
    },
    (changes) => {
      found = netKeys(changes);
    },
  );
  return found;
}

const conditions: readonly (readonly [sql: string, meets: Meets])[] = [
  ['l.k = r.k', (l, r) => equal(l.k, r.k)],
  ['l.k IS NOT DISTINCT FROM r.k', (l, r) => l.k === r.k],
  ['l.k = r.k AND l.v < r.v', (l, r) => equal(l.k, r.k) && less(l.v, r.v)],
  ['l.v + 1 = r.v', (l, r) => l.v !== null && l.v + 1 === r.v],
  ['l.v < r.v', (l, r) => less(l.v, r.v)],
];

const intervals: readonly (readonly [sql: string, meets: Meets])[] = [
  [
    "l.ts BETWEEN r.ts - INTERVAL '20' SECOND AND r.ts + INTERVAL '5' SECOND",
    (l, r) => l.at >= r.at - 20 && l.at <= r.at + 5,
  ],
  ["r.ts > l.ts AND r.ts < l.ts + INTERVAL '1' MINUTE", (l, r) => r.at > l.at && r.at < l.at + 60],
  [
    "l.ts - INTERVAL '30' SECOND >= r.ts AND NOT (r.ts < l.ts - INTERVAL '50' SECOND)",
    (l, r) => l.at - 30 >= r.at && r.at >= l.at - 50,
  ],
  ['r.ts = l.ts', (l, r) => l.at === r.at],
  ["l.ts BETWEEN r.ts + INTERVAL '5' SECOND AND r.ts", () => false],
];
describe.each(intervals)('within %s', (within, near) => {
  test.each(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'])('%s', async (type) => {
    await fc.assert(
      fc.asyncProperty(items, items, cuts, fc.constantFrom(...conditions), async (l, r, cut, [on, meets]) => {
        const sql = `SELECT * FROM l ${type} r ON ${on} AND ${within}`;
        const found = await resultOf(sql, l.map(rowOf), inserts(r.map(rowOf)), cut);
        expect(found).toEqual(rowKeys(joined[type]!(l, r, (a, b) => meets(a, b) && near(a, b))));
      }),
      runs(12),
    );
  });
});

const periodsOf = (at: number, size: number, slide: number): readonly string[] => {
  const found: string[] = [];
  for (let from = Math.floor(at / slide) * slide; from > at - size; from -= slide)
    found.push(`${from} ${size}`);
  return found;
};
const stepsOf = (at: number): readonly string[] => {
  const from = Math.floor(at / 60) * 60;
  return [20, 40, 60].filter((step) => at < from + step).map((step) => `${from} ${step}`);
};
const windows: readonly (readonly [fn: string, windowsOf: (at: number) => readonly string[]])[] = [
  ["TUMBLE(TABLE %, DESCRIPTOR(ts), INTERVAL '30' SECOND)", (at) => periodsOf(at, 30, 30)],
  ["HOP(TABLE %, DESCRIPTOR(ts), INTERVAL '20' SECOND, INTERVAL '1' MINUTE)", (at) => periodsOf(at, 60, 20)],
  ["CUMULATE(TABLE %, DESCRIPTOR(ts), INTERVAL '20' SECOND, INTERVAL '1' MINUTE)", stepsOf],
];
describe.each(windows)('in windows of %s', (fn, windowsOf) => {
  const of = (table: string): string => `TABLE(${fn.replace('%', table)}) AS ${table}`;
  const inWindow = 'l.window_start = r.window_start AND l.window_end = r.window_end';
  test.each(Object.keys(joined))('%s', async (type) => {
    await fc.assert(
      fc.asyncProperty(items, items, cuts, fc.constantFrom(...conditions), async (l, r, cut, [on, meets]) => {
        const leftOnly = type.endsWith('EXISTS');
        const sql = leftOnly
          ? `SELECT l.id, l.k, l.v, l.ts FROM ${of('l')} WHERE ${type} (SELECT 1 FROM ${of('r')} WHERE ${on} AND ${inWindow})`
          : `SELECT l.id, l.k, l.v, l.ts, r.id, r.k, r.v, r.ts FROM ${of('l')} ${type} ${of('r')} ON ${on} AND ${inWindow}`;
        const found = await resultOf(sql, l.map(rowOf), inserts(r.map(rowOf)), cut);
        const all = [...new Set([...l, ...r].flatMap((i) => windowsOf(i.at)))];
        const expected = all.flatMap((window) => {
          const within = (side: readonly Item[]): readonly Item[] =>
            side.filter((i) => windowsOf(i.at).includes(window));
          return joined[type]!(within(l), within(r), meets);
        });
        expect(found).toEqual(rowKeys(expected));
      }),
      runs(10),
    );
  });
});

/** Versions by key: some of one time, some that end. */
const versions = fc.array(
  fc.record({
    k: fc.constantFrom('a', 'b'),
    v: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 6 }),
    at: times,
    ends: fc.boolean(),
  }),
  { maxLength: 12 },
);
test.each(['JOIN', 'LEFT JOIN'])('%s with the version that held', async (type) => {
  const tables = ddl.replace(
    /CREATE TABLE r .*/,
    `CREATE TABLE r (id INT, k STRING, v INT, ts TIMESTAMP(3), PRIMARY KEY (k) NOT ENFORCED, WATERMARK FOR ts AS ts - INTERVAL '1' HOUR) WITH ('connector' = 'test', 'changelog-mode' = 'I,UA,D')`,
  );
  await fc.assert(
    fc.asyncProperty(items, versions, cuts, fc.boolean(), async (l, all, cut, greater) => {
      const on = greater ? 'l.k = r.k AND l.v < r.v' : 'l.k = r.k';
      const sql = `SELECT l.id, r.v FROM l ${type} r FOR SYSTEM_TIME AS OF l.ts ON ${on}`;
      const right = all.map((i, id): Change => ({ kind: i.ends ? 3 : 2, row: rowOf({ ...i, id }) }));
      const found = await resultOf(sql, l.map(rowOf), right, cut, tables);
      const expected = l.flatMap((a): Row[] => {
        const held = all
          .filter((b) => b.k === a.k && b.at <= a.at)
          .reduce<(typeof all)[number] | undefined>(
            (x, y) => (x === undefined || y.at >= x.at ? y : x),
            undefined,
          );
        if (held !== undefined && !held.ends && (!greater || less(a.v, held.v))) return [[a.id, held.v]];
        return type === 'LEFT JOIN' ? [[a.id, null]] : [];
      });
      expect(found).toEqual(rowKeys(expected));
    }),
    runs(80),
  );
});
