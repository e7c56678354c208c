/* GROUP BY over random changelogs equals a recomputation from the rows that are left. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Value } from '#data';
import {
  changelogs,
  groups,
  inserts,
  sampleColumns,
  sampleDdl,
  type Changelog,
  type Sample,
} from './changelog.ts';
import { cuts, Drive, netKeys, rowKeys, runs, type Cut } from './drive.ts';

const updating = `CREATE TABLE t ${sampleDdl} WITH ('connector' = 'test', 'changelog-mode' = 'I,UB,UA,D')`;
const appending = `CREATE TABLE t ${sampleDdl} WITH ('connector' = 'test')`;

/** The query's net result after every step is what `recompute` makes of the rows held then. */
async function check(
  ddl: string,
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

const present = <T>(values: readonly (T | null)[]): T[] => values.filter((v) => v !== null);
const orNull = <T, R>(values: readonly T[], make: (values: readonly T[]) => R): R | null =>
  values.length === 0 ? null : make(values);
const sumInt = (values: readonly number[]): number => values.reduce((a, b) => (a + b) | 0, 0);
const sumBig = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);
const sumLong = (values: readonly bigint[]): bigint => BigInt.asIntN(64, sumBig(values));
const average = (values: readonly number[]): number =>
  Math.trunc(values.reduce((a, b) => a + b, 0) / values.length) + 0;
const averageLong = (values: readonly bigint[]): bigint => sumLong(values) / BigInt(values.length);
/** Half away from zero, at six digits of scale out of two. */
function averageDecimal(values: readonly bigint[]): bigint {
  const [sum, count] = [sumBig(values) * 10_000n, BigInt(values.length)];
  const magnitude = ((sum < 0n ? -sum : sum) * 2n + count) / (count * 2n);
  return sum < 0n ? -magnitude : magnitude;
}
const least = <T>(values: readonly T[]): T => values.reduce((a, b) => (b < a ? b : a));
const greatest = <T>(values: readonly T[]): T => values.reduce((a, b) => (b > a ? b : a));
const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
const count = (values: readonly unknown[]): bigint => BigInt(values.length);

test('COUNT, SUM, AVG, MIN, MAX of every number, with retractions', async () => {
  const sql = `SELECT k, COUNT(*), COUNT(v), SUM(v), AVG(v), MIN(v), MAX(v), SUM(b), AVG(b), MIN(b), MAX(b),
    SUM(d), AVG(d), MIN(d), SUM(f), AVG(f), MAX(f), MIN(s), MAX(s) FROM t GROUP BY k`;
  await fc.assert(
    fc.asyncProperty(changelogs, cuts, (log, cut) =>
      check(updating, sql, log, cut, (rows) =>
        [...groups(rows, (r) => r.k)].map(([k, g]) => {
          const [v, b, d, f, s] = [
            present(g.map((r) => r.v)),
            present(g.map((r) => r.b)),
            present(g.map((r) => r.d)),
            present(g.map((r) => r.f)),
            present(g.map((r) => r.s)),
          ];
          return [
            k,
            count(g),
            count(v),
            orNull(v, sumInt),
            orNull(v, average),
            orNull(v, least),
            orNull(v, greatest),
            orNull(b, sumLong),
            orNull(b, averageLong),
            orNull(b, least),
            orNull(b, greatest),
            orNull(d, sumBig),
            orNull(d, averageDecimal),
            orNull(d, least),
            orNull(f, (x) => x.reduce((p, q) => p + q, 0)),
            orNull(f, (x) => x.reduce((p, q) => p + q, 0) / x.length),
            orNull(f, greatest),
            orNull(s, least),
            orNull(s, greatest),
          ];
        }),
      ),
    ),
    runs(60),
  );
});

test('DISTINCT and FILTER, with retractions', async () => {
  const sql = `SELECT k, COUNT(DISTINCT v), SUM(DISTINCT v), COUNT(DISTINCT s), COUNT(*) FILTER (WHERE v > 0), SUM(b) FILTER (WHERE s = 'x'),
    COUNT(DISTINCT v) FILTER (WHERE v > 0), MAX(v) FILTER (WHERE s IS NOT NULL) FROM t GROUP BY k`;
  await fc.assert(
    fc.asyncProperty(changelogs, cuts, (log, cut) =>
      check(updating, sql, log, cut, (rows) =>
        [...groups(rows, (r) => r.k)].map(([k, g]) => {
          const v = distinct(present(g.map((r) => r.v)));
          return [
            k,
            count(v),
            orNull(v, sumInt),
            count(distinct(present(g.map((r) => r.s)))),
            count(g.filter((r) => r.v !== null && r.v > 0)),
            orNull(present(g.filter((r) => r.s === 'x').map((r) => r.b)), sumLong),
            count(v.filter((x) => x > 0)),
            orNull(present(g.filter((r) => r.s !== null).map((r) => r.v)), greatest),
          ];
        }),
      ),
    ),
    runs(60),
  );
});

test('the same over inserts alone, where accumulators are simpler', async () => {
  const sql =
    'SELECT k, COUNT(v), SUM(v), MIN(v), MAX(b), MIN(s), AVG(d), COUNT(DISTINCT b), SUM(b) FROM t GROUP BY k';
  await fc.assert(
    fc.asyncProperty(inserts, cuts, (log, cut) =>
      check(appending, sql, log, cut, (rows) =>
        [...groups(rows, (r) => r.k)].map(([k, g]) => {
          const [v, b, s, d] = [
            present(g.map((r) => r.v)),
            present(g.map((r) => r.b)),
            present(g.map((r) => r.s)),
            present(g.map((r) => r.d)),
          ];
          return [
            k,
            count(v),
            orNull(v, sumInt),
            orNull(v, least),
            orNull(b, greatest),
            orNull(s, least),
            orNull(d, averageDecimal),
            count(distinct(b)),
            orNull(b, sumLong),
          ];
        }),
      ),
    ),
    runs(40),
  );
});

test('FIRST_VALUE, LAST_VALUE and LISTAGG go by arrival', async () => {
  const sql = `SELECT k, FIRST_VALUE(v), LAST_VALUE(s), LISTAGG(s), LISTAGG(s, '; ') FROM t GROUP BY k`;
  await fc.assert(
    fc.asyncProperty(inserts, cuts, (log, cut) =>
      check(appending, sql, log, cut, (rows) =>
        [...groups(rows, (r) => r.k)].map(([k, g]) => {
          const [v, s] = [present(g.map((r) => r.v)), present(g.map((r) => r.s))];
          return [
            k,
            v[0] ?? null,
            s.at(-1) ?? null,
            orNull(s, (x) => x.join(',')),
            orNull(s, (x) => x.join('; ')),
          ];
        }),
      ),
    ),
    runs(40),
  );
});

test('HAVING lets results in and out', async () => {
  const sql =
    'SELECT k, COUNT(*) AS n, SUM(v) AS s FROM t GROUP BY k HAVING COUNT(*) > 1 AND COALESCE(SUM(v), 0) < 3';
  await fc.assert(
    fc.asyncProperty(changelogs, cuts, (log, cut) =>
      check(updating, sql, log, cut, (rows) =>
        [...groups(rows, (r) => r.k)]
          .map(([k, g]) => [k, count(g), orNull(present(g.map((r) => r.v)), sumInt)] as const)
          .filter(([, n, s]) => n > 1n && (s ?? 0) < 3),
      ),
    ),
    runs(40),
  );
});

test('counts of counts', async () => {
  const sql =
    'SELECT n, COUNT(*) AS ks, MAX(k) AS k FROM (SELECT k, v, COUNT(*) AS n FROM t GROUP BY k, v) GROUP BY n';
  await fc.assert(
    fc.asyncProperty(changelogs, cuts, (log, cut) =>
      check(updating, sql, log, cut, (rows) => {
        const inner = [...groups(rows, (r) => JSON.stringify([r.k, r.v]))].map(([, g]) => ({
          k: g[0]!.k,
          n: BigInt(g.length),
        }));
        return [...groups(inner, (r) => r.n)].map(([n, g]) => [
          n,
          count(g),
          orNull(present(g.map((r) => r.k)), greatest),
        ]);
      }),
    ),
    runs(40),
  );
});

test('aggregates over everything: one group, gone with its last row', async () => {
  const sql = 'SELECT COUNT(*), SUM(v), MIN(s) FROM t';
  await fc.assert(
    fc.asyncProperty(changelogs, cuts, (log, cut) =>
      check(updating, sql, log, cut, (rows) =>
        rows.length === 0
          ? []
          : [
              [
                count(rows),
                orNull(present(rows.map((r) => r.v)), sumInt),
                orNull(present(rows.map((r) => r.s)), least),
              ],
            ],
      ),
    ),
    runs(40),
  );
});

test('DISTINCT and filters before a GROUP BY', async () => {
  const sql = 'SELECT k, COUNT(*) FROM (SELECT DISTINCT k, v FROM t WHERE v > 0) GROUP BY k';
  await fc.assert(
    fc.asyncProperty(changelogs, cuts, (log, cut) =>
      check(updating, sql, log, cut, (rows) => {
        const pairs = [
          ...groups(
            rows.filter((r) => r.v !== null && r.v > 0),
            (r) => JSON.stringify([r.k, r.v]),
          ).values(),
        ].map((g) => g[0]!);
        return [...groups(pairs, (r) => r.k)].map(([k, g]) => [k, count(g)]);
      }),
    ),
    runs(40),
  );
});
