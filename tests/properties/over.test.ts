/* ROW_NUMBER with a filter, and OVER, over random changelogs: equal to sorting each partition of the rows that are left and
 * looking at the rows around each. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareValues, type Row, type Value } from '#data';
import { changelogs, groups, inserts, sampleColumns, sampleDdl, type Changelog } from './changelog.ts';
import { cuts, Drive, netKeys, rowKeys, runs, type Cut } from './drive.ts';

const updating = `CREATE TABLE t ${sampleDdl} WITH ('connector' = 'test', 'changelog-mode' = 'I,UB,UA,D')`;
const appending = `CREATE TABLE t ${sampleDdl} WITH ('connector' = 'test')`;
const sources = [
  ['a table that changes', updating, changelogs],
  ['inserts alone', appending, inserts],
] as const;

const at = (column: (typeof sampleColumns)[number]): number => sampleColumns.indexOf(column);
const nullsFirst = (a: Value, b: Value): number =>
  a === null || b === null ? (a === b ? 0 : a === null ? -1 : 1) : compareValues(a, b);

/** The rows that are there after the first steps. */
function held(log: Changelog, steps: number): Row[] {
  const rows = new Map<Value, Row>();
  for (const { kind, row } of log.steps.slice(0, steps).flat())
    if (kind === 0 || kind === 2) rows.set(row[0]!, row);
    else rows.delete(row[0]!);
  return [...rows.values()];
}
/** Partitions by a column, each in an order that tells all rows apart: by `by`, then by id. */
function partitions(rows: readonly Row[], key: string, by: string): Row[][] {
  const order = (a: Row, b: Row): number =>
    nullsFirst(a[at(by as 'v')]!, b[at(by as 'v')]!) || compareValues(a[0]!, b[0]!);
  return [...groups(rows, (r) => String(r[at(key as 'k')])).values()].map((p) => [...p].sort(order));
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
      expect(netKeys(changes)).toEqual(rowKeys(recompute(held(log, step + 1))));
    },
  );
}

const column = fc.constantFrom('k', 's', 'v');
const value = fc.constantFrom('v', 'b', 'd', 'f', 's');

test.each(sources)('the rows that rank from one number to another, over %s', async (_, ddl, logs) => {
  const range = fc.record({ from: fc.integer({ min: 1, max: 3 }), more: fc.integer({ min: 0, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(logs, cuts, column, value, range, fc.boolean(), (log, cut, key, by, range, numbered) => {
      const to = range.from + range.more;
      const sql = `SELECT id, ${key}${numbered ? ', rn' : ''} FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ${key} ORDER BY ${by}, id) AS rn FROM t) WHERE rn BETWEEN ${range.from} AND ${to}`;
      return check(ddl, sql, log, cut, (rows) =>
        partitions(rows, key, by).flatMap((p) =>
          p
            .map((r, i): Row => [r[0]!, r[at(key as 'k')]!, BigInt(i + 1)])
            .slice(range.from - 1, to)
            .map((r) => (numbered ? r : r.slice(0, 2))),
        ),
      );
    }),
    runs(60),
  );
});

test.each(sources)('sums and counts of the rows up to each, over %s', async (_, ddl, logs) => {
  await fc.assert(
    fc.asyncProperty(logs, cuts, column, value, fc.boolean(), (log, cut, key, by, byRows) => {
      const frame = byRows ? ' ROWS UNBOUNDED PRECEDING' : '';
      const sql = `SELECT id, COUNT(v) OVER w AS n, SUM(v) OVER w AS s, MAX(b) OVER w AS m FROM t WINDOW w AS (PARTITION BY ${key} ORDER BY ${byRows ? 'id' : by}${frame})`;
      return check(ddl, sql, log, cut, (rows) =>
        partitions(rows, key, byRows ? 'id' : by).flatMap((p) =>
          p.map((r) => {
            const upTo = p.filter((o) =>
              byRows
                ? compareValues(o[0]!, r[0]!) <= 0
                : nullsFirst(o[at(by as 'v')]!, r[at(by as 'v')]!) <= 0,
            );
            const vs = upTo.flatMap((o) => (o[at('v')] === null ? [] : [o[at('v')] as number]));
            const bs = upTo.flatMap((o) => (o[at('b')] === null ? [] : [o[at('b')] as bigint]));
            const sum = vs.length === 0 ? null : vs.reduce((a, b) => (a + b) | 0, 0);
            const max = bs.length === 0 ? null : bs.reduce((a, b) => (b > a ? b : a));
            return [r[0]!, BigInt(vs.length), sum, max];
          }),
        ),
      );
    }),
    runs(60),
  );
});

const edge = fc.integer({ min: -3, max: 3 });
test('frames of any kind, in batch mode', async () => {
  await fc.assert(
    fc.asyncProperty(inserts, cuts, column, edge, edge, fc.boolean(), async (log, cut, key, a, b, byRows) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const bound = (n: number): string =>
        n === 0 ? 'CURRENT ROW' : `${Math.abs(n)} ${n < 0 ? 'PRECEDING' : 'FOLLOWING'}`;
      const frame = `${byRows ? 'ROWS' : 'RANGE'} BETWEEN ${bound(from)} AND ${bound(to)}`;
      const drive = await Drive.open(
        `SET 'execution.runtime-mode' = 'batch'; CREATE TABLE t ${sampleDdl} WITH ('connector' = 'test', 'bounded' = 'true')`,
        cut,
      );
      const sql = `SELECT id, COUNT(*) OVER (PARTITION BY ${key} ORDER BY id ${frame}) AS n, LEAD(id) OVER (PARTITION BY ${key} ORDER BY id) AS l FROM t`;
      await drive.query(
        sql,
        function* feed() {
          drive.push('t', sampleColumns, log.steps.flat());
          drive.end('t');
          yield;
        },
        (changes) => {
          const expected = partitions(held(log, log.steps.length), key, 'id').flatMap((p) =>
            p.map((r, i): Row => {
              const near = p.filter((o, j) => {
                const distance = byRows ? j - i : (o[0] as number) - (r[0] as number);
                return distance >= from && distance <= to;
              });
              return [r[0]!, BigInt(near.length), p[i + 1]?.[0] ?? null];
            }),
          );
          expect(netKeys(changes)).toEqual(rowKeys(expected));
        },
      );
    }),
    runs(60),
  );
});
