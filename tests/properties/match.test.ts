/* MATCH_RECOGNIZE over random rows, some out of order and some late, equals a search from each row for the ways to read a
 * pattern there: rows are given to variables one by one, without an automaton, runs or pruning. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant, type Row } from '#data';
import { cuts, Drive, netKeys, rowKeys, runs, type Cut } from './drive.ts';

interface Item {
  readonly id: number;
  readonly k: string | null;
  readonly v: number | null;
  /** Seconds of 2024. */
  readonly at: number;
}
interface Element {
  readonly min: number;
  readonly max: number;
  readonly greedy: boolean;
  readonly text: string;
}
/** A way to read rows: the variable of each, by number. */
type Way = readonly number[];
/** Whether the last row of a way may be of its variable. */
type Holds = (rows: readonly Item[], way: Way) => boolean;

const names = ['A', 'B', 'C', 'D'] as const;
const delay = 10;
const start = Date.UTC(2024, 0, 1);
const ddl = `CREATE TABLE t (id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '${delay}' SECOND) WITH ('connector' = 'test')`;

const items: fc.Arbitrary<readonly Item[]> = fc
  .array(
    fc.record({
      k: fc.option(fc.constantFrom('a', 'b'), { freq: 6 }),
      v: fc.option(fc.integer({ min: 1, max: 5 }), { freq: 8 }),
      behind: fc.integer({ min: -1, max: 12 }),
    }),
    { minLength: 4, maxLength: 30 },
  )
  .map((all) => all.map(({ k, v, behind }, id) => ({ id, k, v, at: 20 + id * 2 - behind })));

const one: Element = { min: 1, max: 1, greedy: false, text: '' };
const quantifiers: readonly Element[] = [
  one,
  { min: 0, max: 1, greedy: false, text: '?' },
  { min: 2, max: 2, greedy: false, text: '{2}' },
  ...(
    [
      [0, Infinity, '*'],
      [1, Infinity, '+'],
      [2, Infinity, '{2,}'],
      [1, 3, '{1,3}'],
      [0, 2, '{0,2}'],
    ] as const
  ).flatMap(([min, max, text]) => [
    { min, max, greedy: true, text },
    { min, max, greedy: false, text: `${text}?` },
  ]),
];
/** Those that Flink takes: no greedy variable is the last, or in front of one that may be left out. */
const patterns = fc
  .array(fc.constantFrom(one, ...quantifiers), { minLength: 1, maxLength: names.length })
  .filter((all) => all.every((e, i) => !e.greedy || (all[i + 1] !== undefined && all[i + 1]!.min > 0)));

const of = (rows: readonly Item[], way: Way, variable: number): Item[] =>
  rows.filter((_, i) => way[i] === variable);
const less = (a: number | null | undefined, b: number | null | undefined): boolean =>
  a !== null && a !== undefined && b !== null && b !== undefined && a < b;
const sum = (rows: readonly Item[]): number | null => {
  const values = rows.flatMap((r) => (r.v === null ? [] : [r.v]));
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0);
};
/** X stands for the variable. */
const conditions: readonly (readonly [sql: string, holds: Holds])[] = [
  ['X.v > 2', (rows) => less(2, rows.at(-1)!.v)],
  ['X.v < 4', (rows) => less(rows.at(-1)!.v, 4)],
  [
    'v >= FIRST(v)',
    (rows) => !less(rows.at(-1)!.v, rows[0]!.v) && rows.at(-1)!.v !== null && rows[0]!.v !== null,
  ],
  [
    'v > LAST(v, 1) OR LAST(id, 1) IS NULL',
    (rows) => rows.length === 1 || less(rows.at(-2)!.v, rows.at(-1)!.v),
  ],
  [
    'X.v <> A.v',
    (rows, way) => {
      const a = of(rows, way, 0).at(-1)?.v ?? null;
      return a !== null && rows.at(-1)!.v !== null && rows.at(-1)!.v !== a;
    },
  ],
  ['COUNT(X.id) <= 2', (rows, way) => of(rows, way, way.at(-1)!).length <= 2],
  ['SUM(X.v) < 7', (rows, way) => less(sum(of(rows, way, way.at(-1)!)), 7)],
  ['TRUE', () => true],
];

interface Asked {
  readonly elements: readonly Element[];
  readonly holds: readonly Holds[];
  readonly within: number;
  /** The first row behind a match at which another may begin. */
  readonly next: (way: Way) => number;
}

/** Whether the row behind a way may go to the variable. */
function takes({ elements, holds }: Asked, rows: readonly Item[], way: Way, variable: number): boolean {
  const last = way.at(-1) ?? -1;
  const holdsFor = (v: number): boolean => holds[v]!(rows, [...way, v]);
  const count = way.filter((v) => v === last).length;
  if (variable === last && count >= elements[last]!.max) return false;
  if (variable > last) {
    if (last >= 0 && count < elements[last]!.min) return false;
    for (let v = last + 1; v < variable; v++) if (elements[v]!.min > 0) return false;
    for (let v = Math.max(last, 0); v < variable; v++) if (elements[v]!.greedy && holdsFor(v)) return false;
  }
  return holdsFor(variable);
}
const isWhole = ({ elements }: Asked, way: Way): boolean =>
  elements.every((e, v) => v < way.at(-1)! || way.filter((w) => w === v).length >= e.min);

/** The first way to read the pattern from row `from` on; 'open': more rows could still make one. */
function firstWay(asked: Asked, rows: readonly Item[], from: number): Way | 'none' | 'open' {
  let ways: Way[] = [[]];
  for (let to = from; to < rows.length; to++) {
    if (asked.within > 0 && rows[to]!.at - rows[from]!.at >= asked.within) return 'none';
    const longer: Way[] = ways.flatMap((way) =>
      asked.elements.flatMap((_, v) =>
        v >= (way.at(-1) ?? 0) && takes(asked, rows.slice(from, to + 1), way, v) ? [[...way, v]] : [],
      ),
    );
    const whole = longer.find((way) => isWhole(asked, way));
    if (whole !== undefined) return whole;
    if (longer.length === 0) return 'none';
    ways = longer;
  }
  return asked.within > 0 ? 'none' : 'open';
}
function matches(asked: Asked, rows: readonly Item[]): Row[] {
  const found: Row[] = [];
  for (let from = 0; from < rows.length; ) {
    const way = firstWay(asked, rows, from);
    // Whatever is whole behind one that is open waits for it.
    if (way === 'open') return found;
    if (way === 'none') {
      from++;
      continue;
    }
    const last = from + way.length - 1;
    const counts = asked.elements.map((_, v) => BigInt(way.filter((w) => w === v).length));
    found.push([rows[from]!.k, rows[from]!.id, rows[last]!.id, ...counts]);
    from += asked.next(way);
  }
  return found;
}
/** Rows that are not late, by partition and time. */
function partitions(rows: readonly Item[]): Item[][] {
  let watermark = -Infinity;
  const byKey = new Map<string | null, Item[]>();
  for (const item of rows) {
    if (item.at > watermark) byKey.set(item.k, [...(byKey.get(item.k) ?? []), item]);
    watermark = Math.max(watermark, item.at - delay);
  }
  return [...byKey.values()].map((all) => all.sort((a, b) => a.at - b.at));
}

async function resultOf(sql: string, rows: readonly Item[], cut: Cut): Promise<string[]> {
  const drive = await Drive.open(ddl, cut);
  const changes = rows.map(({ id, k, v, at }) => ({ kind: 0, row: [id, k, v, instant(start + at * 1000)] }));
  let found: string[] = [];
  await drive.query(
    sql,
    function* feed() {
      drive.push('t', ['id', 'k', 'v', 'ts'], changes.slice(0, rows.length >> 1));
      yield;
      drive.push('t', ['id', 'k', 'v', 'ts'], changes.slice(rows.length >> 1));
      drive.end('t');
      yield;
    },
    (all) => {
      found = netKeys(all);
    },
  );
  return found;
}

const asks = fc.record({
  elements: patterns,
  chosen: fc.array(fc.constantFrom(...conditions), { minLength: names.length, maxLength: names.length }),
  within: fc.constantFrom(0, 3, 6, 12),
});
const skips = {
  'PAST LAST ROW': (way: Way) => way.length,
  'TO NEXT ROW': () => 1,
} as const;

describe.each(['PAST LAST ROW', 'TO NEXT ROW'] as const)('skip %s', (skip) => {
  test('a search from each row finds the same matches', async () => {
    await fc.assert(
      fc.asyncProperty(items, asks, cuts, async (rows, { elements, chosen, within }, cut) => {
        const pattern = elements.map((e, i) => `${names[i]!}${e.text}`).join(' ');
        const define = elements.map((_, i) => `${names[i]!} AS ${chosen[i]![0].replaceAll('X', names[i]!)}`);
        const counts = elements.map((_, i) => `COUNT(${names[i]!}.id) AS n${i}`);
        const sql = `SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES FIRST(id) AS f, LAST(id) AS l, ${counts.join(', ')} AFTER MATCH SKIP ${skip} PATTERN (${pattern}) ${within === 0 ? '' : `WITHIN INTERVAL '${within}' SECOND`} DEFINE ${define.join(', ')})`;
        const asked = { elements, holds: chosen.map(([, holds]) => holds), within, next: skips[skip] };
        const expected = partitions(rows).flatMap((all) => matches(asked, all));
        expect(await resultOf(sql, rows, cut)).toEqual(rowKeys(expected));
      }),
      runs(100),
    );
  });
});
