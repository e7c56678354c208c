/* What is kept by key, at both ends: an upsert source made whole, and the materializer before an upsert sink. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '#data';
import { changelogs, groups, inserts, sampleColumns, sampleDdl } from './changelog.ts';
import { cuts, Drive, netKeys, onePartition, rowKeys, runs, upsertKeys, type Change } from './drive.ts';

interface Upsert {
  readonly id: number;
  readonly v: number | null;
  readonly gone: boolean;
}
const upserts = fc.array(
  fc.array(
    fc.record({
      id: fc.integer({ min: 1, max: 4 }),
      v: fc.option(fc.integer({ min: 0, max: 2 })),
      gone: fc.boolean(),
    }),
    { maxLength: 12 },
  ),
  { minLength: 1, maxLength: 3 },
);
const change = (u: Upsert, known: boolean): Change => ({
  kind: u.gone ? 3 : known ? 2 : 0,
  row: [u.id, u.gone ? null : u.v],
});

test('an upsert source: the last row of each key, and what is counted over it', async () => {
  await fc.assert(
    fc.asyncProperty(upserts, cuts, async (steps, cut) => {
      for (const [sql, recompute] of [
        ['SELECT id, v FROM t', (held: Map<number, number | null>): Row[] => [...held]],
        [
          'SELECT v, COUNT(*) FROM t GROUP BY v',
          (held: Map<number, number | null>): Row[] =>
            [...groups([...held], ([, v]) => v)].map(([v, g]) => [v, BigInt(g.length)]),
        ],
        [
          'SELECT id FROM t WHERE v > 0',
          (held: Map<number, number | null>): Row[] =>
            [...held].filter(([, v]) => v !== null && v > 0).map(([id]) => [id]),
        ],
      ] as const) {
        const held = new Map<number, number | null>();
        const drive = await Drive.open(
          `CREATE TABLE t (id INT, v INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'test', 'changelog-mode' = 'I,UA,D')`,
          cut,
        );
        await drive.query(
          sql,
          function* feed() {
            for (const step of steps) {
              drive.push(
                't',
                ['id', 'v'],
                step.map((u) => {
                  const known = held.has(u.id);
                  if (u.gone) held.delete(u.id);
                  else held.set(u.id, u.v);
                  return change(u, known);
                }),
              );
              yield;
            }
          },
          (changes) => {
            expect(netKeys(changes)).toEqual(rowKeys(recompute(held)));
          },
        );
      }
    }),
    runs(30),
  );
});

test('an upsert source says nothing for a row that is as it was', async () => {
  const drive = await Drive.open(
    `CREATE TABLE t (id INT, v INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'test', 'changelog-mode' = 'I,UA,D')`,
    { sizes: [1], parallelism: 1 },
  );
  let said = 0;
  await drive.query(
    'SELECT id, v FROM t',
    function* feed() {
      drive.push(
        't',
        ['id', 'v'],
        [
          { kind: 0, row: [1, 5] },
          { kind: 2, row: [1, 5] },
          { kind: 2, row: [1, 5] },
        ],
      );
      yield;
    },
    (changes) => {
      said = changes.length;
    },
  );
  expect(said).toBe(1);
});

/** What Flink's SinkUpsertMaterializer keeps: rows per sink key in order of arrival, the last one stands. */
function materialized(changes: readonly Change[], key: number, inputKey: number): Row[] {
  const lists = new Map<string, Row[]>();
  for (const { kind, row } of changes) {
    const id = rowKeys([[row[key]!]])[0]!;
    const list = lists.get(id) ?? [];
    lists.set(id, list);
    const at = list.findIndex((r) => r[inputKey] === row[inputKey]);
    if (kind === 0 || kind === 2) {
      if (at >= 0) list[at] = row;
      else list.push(row);
    } else if (at >= 0) list.splice(at, 1);
  }
  return [...lists.values()].flatMap((list) => list.slice(-1));
}

test('the materializer: of the rows that claim a sink key the last one standing counts', async () => {
  await fc.assert(
    fc.asyncProperty(changelogs, onePartition, async (log, cut) => {
      const drive = await Drive.open(
        `CREATE TABLE t ${sampleDdl} WITH ('connector' = 'test', 'changelog-mode' = 'I,UB,UA,D');
      CREATE TABLE byn (n BIGINT, k STRING, PRIMARY KEY (n) NOT ENFORCED) WITH ('connector' = 'test', 'sink-changelog-mode-enforced' = 'I,UA,D')`,
        cut,
      );
      const rows = log.steps.flat();
      const written = await drive.insert(
        'INSERT INTO byn SELECT COUNT(*) AS n, k FROM t GROUP BY k',
        'byn',
        () => {
          drive.push('t', sampleColumns, rows);
        },
      );
      const counts = new Map<string | null, bigint>();
      const changes = rows.flatMap(({ kind, row }): Change[] => {
        const k = row[1] as string | null;
        const before = counts.get(k) ?? 0n;
        const after = before + (kind === 0 || kind === 2 ? 1n : -1n);
        counts.set(k, after);
        return [
          ...(before > 0n ? [{ kind: 1, row: [before, k] }] : []),
          ...(after > 0n ? [{ kind: 2, row: [after, k] }] : []),
        ];
      });
      expect(upsertKeys(written, [0])).toEqual(rowKeys(materialized(changes, 0, 1)));
    }),
    runs(60),
  );
});

test("an upsert sink by the query's own key needs no materializer, at any parallelism", async () => {
  await fc.assert(
    fc.asyncProperty(changelogs, cuts, async (log, cut) => {
      const drive = await Drive.open(
        `CREATE TABLE t ${sampleDdl} WITH ('connector' = 'test', 'changelog-mode' = 'I,UB,UA,D');
      CREATE TABLE byk (k STRING, n BIGINT, s INT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'test', 'sink-changelog-mode-enforced' = 'I,UA,D')`,
        cut,
      );
      const written = await drive.insert(
        `INSERT INTO byk SELECT COALESCE(k, 'none'), COUNT(*), SUM(v) FROM t GROUP BY COALESCE(k, 'none')`,
        'byk',
        () => {
          drive.push('t', sampleColumns, log.steps.flat());
        },
      );
      const expected = [...groups(log.held.at(-1)!, (r) => r.k ?? 'none')].map(([k, g]): Row => {
        const v = g.map((r) => r.v).filter((x) => x !== null);
        return [k, BigInt(g.length), v.length === 0 ? null : v.reduce((a, b) => (a + b) | 0, 0)];
      });
      expect(upsertKeys(written, [0])).toEqual(rowKeys(expected));
      expect(written.some((c) => c.kind === 1)).toBe(false);
    }),
    runs(40),
  );
});

test('a filter above an aggregate takes its rows back from an upsert sink', async () => {
  await fc.assert(
    fc.asyncProperty(changelogs, cuts, async (log, cut) => {
      const drive = await Drive.open(
        `CREATE TABLE t ${sampleDdl} WITH ('connector' = 'test', 'changelog-mode' = 'I,UB,UA,D');
      CREATE TABLE byk (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'test', 'sink-changelog-mode-enforced' = 'I,UA,D')`,
        cut,
      );
      const written = await drive.insert(
        `INSERT INTO byk SELECT COALESCE(k, 'none'), COUNT(*) FROM t GROUP BY COALESCE(k, 'none') HAVING COUNT(*) < 3`,
        'byk',
        () => {
          drive.push('t', sampleColumns, log.steps.flat());
        },
      );
      const expected = [...groups(log.held.at(-1)!, (r) => r.k ?? 'none')]
        .filter(([, g]) => g.length < 3)
        .map(([k, g]): Row => [k, BigInt(g.length)]);
      expect(upsertKeys(written, [0])).toEqual(rowKeys(expected));
    }),
    runs(40),
  );
});

test('an append-only sink gets every row once', async () => {
  await fc.assert(
    fc.asyncProperty(inserts, cuts, async (log, cut) => {
      const drive = await Drive.open(
        `CREATE TABLE t ${sampleDdl} WITH ('connector' = 'test'); CREATE TABLE out_t (k STRING, v INT) WITH ('connector' = 'test', 'sink-insert-only' = 'true')`,
        cut,
      );
      const written = await drive.insert(
        'INSERT INTO out_t SELECT k, v FROM t WHERE v IS NOT NULL',
        'out_t',
        () => {
          drive.push('t', sampleColumns, log.steps.flat());
        },
      );
      expect(rowKeys(written.map((c) => c.row))).toEqual(
        rowKeys(
          log.held
            .at(-1)!
            .filter((r) => r.v !== null)
            .map((r) => [r.k, r.v]),
        ),
      );
    }),
    runs(30),
  );
});
