/* Tables that the command keeps by itself, and catalogs in a folder: over processes, over kills, and left alone by what only
 * looks. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { counting, jsonLines, Workspace } from './process.ts';

let work: Workspace;
const made: Workspace[] = [];
beforeEach(() => {
  work = new Workspace();
  made.push(work);
});
afterAll(() => {
  for (const each of made) each.close();
});
const rows = (out: string): unknown[] =>
  jsonLines(out).flatMap((l) => (l['kind'] === '+I' ? [l['row']] : []));
async function sql(text: string): Promise<unknown[]> {
  const { code, out, err } = await work.run(['sql', '-e', text, '--json']);
  expect(code, err).toBe(0);
  return rows(out);
}

const events = `CREATE TABLE user_events (user_id BIGINT, event_type STRING, timestamp TIMESTAMP(3),
  WATERMARK FOR timestamp AS timestamp - INTERVAL '5' SECOND) WITH ('connector' = 'filesystem', 'path' = 'events.json', 'format' = 'json');
`;
const event = (user: number, type: string, at: string): string =>
  JSON.stringify({ user_id: user, event_type: type, timestamp: `2024-01-01 ${at}` });

test('the counts of a window and a funnel, as they are written, are read back by other processes', async () => {
  work.file(
    'events.json',
    [
      event(1, 'session_start', '12:00:01'),
      event(1, 'page_view', '12:00:02'),
      event(2, 'session_start', '12:00:03'),
      event(1, 'page_view', '12:00:05'),
      event(1, 'purchase', '12:00:10'),
      event(2, 'page_view', '12:01:10'),
    ].join('\n'),
  );
  const file = work.file(
    'pipeline.sql',
    `${events}
CREATE TABLE event_counts AS SELECT user_id, event_type, COUNT(*) AS event_count, TUMBLE_END(timestamp, INTERVAL '1' MINUTE) AS window_end FROM user_events GROUP BY user_id, event_type, TUMBLE(timestamp, INTERVAL '1' MINUTE);
CREATE TABLE purchase_funnel AS SELECT * FROM user_events MATCH_RECOGNIZE (PARTITION BY user_id ORDER BY timestamp MEASURES A.timestamp AS start_time, C.timestamp AS purchase_time PATTERN (A B* C) DEFINE A AS A.event_type = 'session_start', B AS B.event_type = 'page_view', C AS C.event_type = 'purchase');
SELECT event_count FROM event_counts WHERE event_type = 'page_view';`,
  );
  // A second run makes them anew: nothing is there twice.
  for (let run = 0; run < 2; run++) {
    const { code, out, err } = await work.run(['run', file, '--json']);
    expect(code, err).toBe(0);
    // What is read waits for the job that writes it.
    expect(rows(out)).toEqual([[2], [1]]);
  }
  expect(await sql('SELECT * FROM purchase_funnel; SHOW TABLES')).toEqual([
    [1, '2024-01-01 12:00:01.000', '2024-01-01 12:00:10.000'],
    ['event_counts'],
    ['purchase_funnel'],
  ]);
  expect(await work.run(['check', file])).toMatchObject({ code: 0 });
  const again = await work.run(['sql', '-e', 'CREATE TABLE event_counts AS SELECT 1 AS n']);
  expect(again).toMatchObject({ code: 2 });
  expect(again.err).toContain('CAT2001');
  expect(await sql('DROP TABLE event_counts; SHOW TABLES')).toEqual([['purchase_funnel']]);
}, 60_000);

test('killed twice, a table holds each row once', async () => {
  const count = 10_000;
  const file = work.file(
    'killed.sql',
    `SET 'execution.checkpointing.interval' = '100 ms';
${counting('src', { rate: 5000, rows: count })}CREATE TABLE kept AS SELECT id FROM src;
CREATE TABLE latest (PRIMARY KEY (k) NOT ENFORCED) AS SELECT id / 1000 AS k, MAX(id) AS id FROM src WHERE id IS NOT NULL GROUP BY id / 1000;`.replace(
      '(PRIMARY KEY (k) NOT ENFORCED)',
      '(k BIGINT NOT NULL, PRIMARY KEY (k) NOT ENFORCED)',
    ),
  );
  const newest = (): number => work.checkpoints('killed/kept').at(-1) ?? 0;
  let resumed = 0;
  for (let kill = 0; kill < 2; kill++) {
    const before = newest();
    const running = work.start(['run', file]);
    await expect.poll(newest, { timeout: 30_000 }).toBeGreaterThan(before);
    await new Promise((resolve) => setTimeout(resolve, 150 + kill * 70));
    running.child.kill('SIGKILL');
    const { err } = await running.end();
    if (err.includes('killed/kept goes on from checkpoint')) resumed++;
  }
  const { code, err } = await work.run(['run', file]);
  expect(code, err).toBe(0);
  expect(resumed).toBe(1);
  const [counted, ...latest] = (await sql(
    "SET 'execution.runtime-mode' = 'batch'; SELECT COUNT(*), COUNT(DISTINCT id), MIN(id), MAX(id) FROM kept; SELECT k, id FROM latest",
  )) as number[][];
  expect(counted).toEqual([count, count, 1, count]);
  expect(latest.sort(([a], [b]) => a! - b!)).toEqual([
    ...Array.from({ length: 10 }, (_, k) => [k, k * 1000 + 999]),
    [10, 10000],
  ]);
}, 120_000);

test('a catalog in a folder keeps tables, views and functions; check and explain change nothing', async () => {
  work.file(
    'text.ts',
    `export const shout = { args: ['STRING'], returns: 'STRING', call: (s: string): string => s.toUpperCase() };`,
  );
  const text = `CREATE CATALOG mine WITH ('type' = 'filesystem', 'path' = 'catalog');
CREATE DATABASE IF NOT EXISTS mine.shop COMMENT 'the shop';
USE mine.shop;
CREATE TABLE IF NOT EXISTS orders (id INT) WITH ('connector' = 'datagen', 'number-of-rows' = '2', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '2');
CREATE VIEW IF NOT EXISTS more AS SELECT id + 1 AS id FROM orders;
CREATE FUNCTION IF NOT EXISTS shout AS 'text.ts#shout' LANGUAGE TYPESCRIPT;
`;
  const file = work.file('shop.sql', text);
  expect(await work.run(['explain', '-e', `${text} SELECT shout('a') FROM more`])).toMatchObject({ code: 0 });
  expect(existsSync(join(work.folder, 'catalog'))).toBe(false);
  // As often as the file runs.
  for (let run = 0; run < 2; run++) expect(await work.run(['run', file])).toMatchObject({ code: 0, err: '' });
  const open = `CREATE CATALOG mine WITH ('type' = 'filesystem', 'path' = 'catalog');`;
  expect(
    await sql(`${open} SELECT id FROM mine.shop.more; SELECT mine.shop.shout('a'); SHOW TABLES FROM mine.shop;
      DROP FUNCTION mine.shop.shout; DROP VIEW mine.shop.more; ALTER TABLE mine.shop.orders RENAME TO sales`),
  ).toEqual([[2], [3], ['A'], ['more'], ['orders']]);
  const { err, out } = await work.run([
    'sql',
    '--keep-going',
    '--json',
    '-e',
    `${open} SHOW TABLES FROM mine.shop; DROP DATABASE mine.shop; DROP DATABASE mine.shop CASCADE; SHOW DATABASES FROM mine`,
  ]);
  expect(rows(out)).toEqual([['sales'], ['default']]);
  expect(err).toContain('CAT2015');
}, 60_000);

test('check takes tables of a catalog that it does not connect to for granted', async () => {
  const file = work.file(
    'pg.sql',
    `CREATE CATALOG pg WITH ('type' = 'jdbc', 'base-url' = 'jdbc:postgresql://nowhere:1', 'username' = 'u', 'password' = 'p');
CREATE VIEW v AS SELECT * FROM pg.postgres.orders;
SELECT * FROM v;
SELECT * FROM missing;`,
  );
  const { code, err } = await work.run(['check', file]);
  expect(code).toBe(2);
  expect(err).toContain('is known when it is connected to');
  expect(err.match(/^CAT\d+/gm)).toEqual(['CAT2002']);
});
