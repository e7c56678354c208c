/* GROUPING SETS over random changelogs equal one GROUP BY a set, and INTERSECT ALL and EXCEPT ALL what counting gives. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Value } from '#data';
import { changelogs, groups, sampleColumns, sampleDdl, type Changelog, type Sample } from './changelog.ts';
import { cuts, Drive, netKeys, rowKeys, runs, type Cut } from './drive.ts';

const ddl = `CREATE TABLE t ${sampleDdl} WITH ('connector' = 'test', 'changelog-mode' = 'I,UB,UA,D')`;

/** The query's net result after every step is what `recompute` makes of the rows held then. */
async function check(
  sql: string,
  log: Changelog,
  cut: Cut,
  recompute: (rows: readonly Sample[]) => readonly (readonly Value[])[],
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
      expect(netKeys(changes)).toEqual(rowKeys(recompute(log.held[step]!)));
    },
  );
}

const keys = ['k', 's', 'v'] as const;
type Key = (typeof keys)[number];
/** Sets that name all keys together, none of them twice. */
const someSets = fc
  .uniqueArray(fc.subarray([...keys]), { minLength: 2, maxLength: 5, selector: (set) => set.join() })
  .map((sets): readonly (readonly Key[])[] =>
    keys.every((k) => sets.some((s) => s.includes(k))) ? sets : [[...keys], ...sets.slice(1)],
  )
  .filter((sets) => new Set(sets.map((s) => s.join())).size === sets.length);

const keyed = (row: Sample, set: readonly Key[]): string =>
  JSON.stringify(set.map((k) => [k, row[k]].map((v) => (typeof v === 'bigint' ? `${v}n` : v))));
const distinctValues = (rows: readonly Sample[]): bigint =>
  BigInt(new Set(rows.flatMap((r) => r.v ?? [])).size);

test('each set has the groups that GROUP BY of it would have', async () => {
  await fc.assert(
    fc.asyncProperty(changelogs, cuts, someSets, (log, cut, sets) => {
      const written = sets.map((s) => `(${s.join(', ')})`).join(', ');
      const sql = `SELECT k, s, v, GROUPING_ID(k, s, v), COUNT(*), COUNT(DISTINCT v), COUNT(s) FROM t GROUP BY GROUPING SETS (${written})`;
      return check(sql, log, cut, (rows) =>
        sets.flatMap((set) =>
          [...groups(rows, (r) => keyed(r, set))].map(([, group]) => [
            ...keys.map((k) => (set.includes(k) ? group[0]![k] : null)),
            keys.reduce((bits, k) => bits * 2n + (set.includes(k) ? 0n : 1n), 0n),
            BigInt(group.length),
            distinctValues(group),
            BigInt(group.filter((r) => r.s !== null).length),
          ]),
        ),
      );
    }),
    runs(60),
  );
});

test.each([
  ['INTERSECT', (left: number, right: number): number => Math.min(left, right)],
  ['EXCEPT', (left: number, right: number): number => Math.max(0, left - right)],
] as const)('%s ALL gives each row as often as the counts say', async (operator, copies) => {
  const sql = `SELECT k, s FROM t WHERE v > 0 OR s IS NULL ${operator} ALL SELECT k, s FROM t WHERE v < 2`;
  await fc.assert(
    fc.asyncProperty(changelogs, cuts, (log, cut) =>
      check(sql, log, cut, (rows) =>
        [...groups(rows, (r) => keyed(r, ['k', 's']))].flatMap(([, group]) => {
          const lefts = group.filter((r) => (r.v !== null && r.v > 0) || r.s === null).length;
          const rights = group.filter((r) => r.v !== null && r.v < 2).length;
          const { k, s } = group[0]!;
          return Array.from({ length: copies(lefts, rights) }, () => [k, s]);
        }),
      ),
    ),
    runs(60),
  );
});
