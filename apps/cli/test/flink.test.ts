/* One file here and on a real Flink: the same results, the same JSON. Skips where there is no Java, Maven or pip. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testServer } from '../../../packages/connectors/test/jdbc/server.ts';
import { Pipelines } from '../../../tests/flink/pipelines.ts';
import { flinkMissing, RealFlink } from '../../../tools/flink.ts';
import { realKafka } from '../../../tools/test-kafka.ts';
import { jsonLines, Workspace } from './process.ts';

const missing = await flinkMissing();
const work = new Workspace();
afterAll(() => {
  work.close();
});

/** The file that docs/flink.md shows, with its table in the test's folder. */
const documented = (folder: string): string =>
  (
    /```sql\n([\s\S]*?)```/.exec(
      readFileSync(join(import.meta.dirname, '../../../docs/flink.md'), 'utf8'),
    )?.[1] ?? ''
  ).replace('/tmp/orders', work.path(folder));
const valued = `SELECT * FROM (VALUES
  (1, 'a', CAST(1.50 AS DECIMAL(5, 2)), TIMESTAMP '2024-01-01 12:00:00.123', x'0102', ARRAY[1, 2], MAP['k', 0.00000001], ROW(DATE '2024-01-01', TRUE)),
  (2, CAST(NULL AS STRING), 0, TIMESTAMP '0001-01-01 00:00:00', x'', ARRAY[3], MAP['', 2], ROW(DATE '1969-12-31', FALSE))
) AS v (\`order\`, name, price, \`timestamp\`, bytes, list, map1, pair);
SELECT CAST(9223372036854775807 AS BIGINT) AS b, CAST('NaN' AS DOUBLE) AS d, CAST(TIMESTAMP '2024-01-01 12:00:00' AS TIMESTAMP_LTZ(3)) AS z, '' AS e;\n`;

/** What a run printed, without durations, and what only one of them has of a job. */
function shown(out: string): Record<string, unknown>[] {
  return jsonLines(out)
    .map(({ ms: _, job, checkpoints: _c, state: _s, account: _a, rows, ...rest }) =>
      job === undefined && rows !== undefined ? { ...rest, rows } : rest,
    )
    .sort(
      (a, b) =>
        Number(a['statement']) - Number(b['statement']) ||
        // Flink reads VALUES side by side: its rows have no order.
        (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1),
    );
}

test('what exists only here is refused before anything is asked', async () => {
  const file = work.file('own.sql', "SET 'millrace.memory.budget' = '1 gb';\nSELECT * FROM 'x.csv';\n");
  const ran = await work.run(['run', file, '--target', 'flink', '--set', 'flink.gateway=http://127.0.0.1:9']);
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err.match(/FLK1002 at \S+own\.sql:\d:\d+/g)).toHaveLength(2);
  expect(await work.run(['check', file, '--for', 'flink'])).toMatchObject({ code: 4 });
});

test('a file that does not check is not submitted; an address without a gateway is outside', async () => {
  const wrong = work.file('wrong.sql', 'SELECT 1;\nSELECT a;\n');
  const target = ['--target', 'flink', '--set', 'flink.gateway=http://127.0.0.1:9'];
  expect(await work.run(['run', wrong, ...target])).toMatchObject({ code: 2, out: '' });
  const ran = await work.run(['run', work.file('good.sql', 'SELECT 1;\n'), ...target, '--json']);
  expect(ran).toMatchObject({ code: 3, out: '' });
  expect(JSON.parse(ran.err)).toMatchObject({ error: { class: 'external', code: 'FLK3001' } });
});

test('explain shows the file as Flink gets it', async () => {
  const file = work.file('shown.sql', documented('unread'));
  const ran = await work.run(['explain', file, '--target', 'flink']);
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toContain('SUM(`amount`) AS `total`');
});

describe.skipIf(missing !== undefined)(`on Flink${missing === undefined ? '' : `: ${missing}`}`, () => {
  let flink: RealFlink;
  beforeAll(async () => {
    flink = await RealFlink.start({ small: true });
  }, 110_000);
  afterAll(async () => {
    await flink?.close();
  });
  const target = (): string[] => ['--target', 'flink', '--set', `flink.gateway=${flink.gateway}`];

  test('results are those of an embedded run', async () => {
    const here = await work.run(['run', work.file('here.sql', documented('here') + valued), '--json']);
    const there = await work.run([
      'run',
      work.file('there.sql', documented('there') + valued),
      '--json',
      ...target(),
    ]);
    expect([here.code, there.code], here.err + there.err).toEqual([0, 0]);
    const expected = JSON.parse(
      JSON.stringify(shown(here.out)).replaceAll(work.path('here'), work.path('there')),
    );
    expect(shown(there.out)).toEqual(expected);
    expect(jsonLines(there.out).filter((line) => line['kind'] === '+U')).toHaveLength(1);
  }, 60_000);

  test('a pipeline from Kafka to PostgreSQL writes the same table on both', async ({ skip }) => {
    const kafka = await realKafka();
    if ('missing' in kafka) return skip(kafka.missing);
    const postgres = await testServer();
    const files = await Pipelines.start(kafka.bootstrapServers, postgres);
    try {
      const here = await files.run('paid-per-minute', 'here', []);
      expect(here.length).toBeGreaterThan(100);
      expect(await files.run('paid-per-minute', 'there', target())).toEqual(here);
    } finally {
      files.close();
      await postgres.stop();
    }
  }, 180_000);

  test("Flink's errors have our form and place; what is fine before them has run", async () => {
    const text = `CREATE TABLE t (a INT) WITH ('connector' = 'blackhole');\n\nLOAD MODULE none;\n`;
    const ran = await work.run(['run', work.file('bad.sql', text), ...target()]);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/^FLK2001 at \S+bad\.sql:3:1: Flink: .*none/m);
    expect(ran.err).not.toMatch(/\tat |Exception/);
  }, 30_000);

  test('a signal cancels the SELECT and leaves the job of an INSERT, or stops it with a savepoint', async () => {
    const text = `CREATE TABLE n (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '20');
CREATE TABLE b (id BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO b SELECT id FROM n;\nSELECT id FROM n;\n`;
    const file = work.file('endless.sql', text);
    const running = work.start(['run', file, '--json', ...target()]);
    await running.until((r) => r.out.includes('"kind":"+I"'));
    running.child.kill('SIGINT');
    const { code, out, err } = await running.end();
    expect(code).toBe(130);
    const ended = jsonLines(out).filter((line) => line['status'] === 'stopped');
    const job = String(ended.find((line) => line['statement'] === 3)?.['job']);
    expect(ended.map((line) => line['statement']).sort()).toEqual([3, 4]);
    expect(err).toContain(`STOP JOB '${job}'`);
    const { jobs } = await flink.jobManager<{ jobs: { jid: string; state: string }[] }>('/jobs/overview');
    expect(jobs.filter((j) => j.state === 'RUNNING').map((j) => j.jid)).toEqual([job]);

    const lone = work.file('lone.sql', text.replace(/SELECT id FROM n;\n$/, ''));
    const saved = work.start([
      'run',
      lone,
      ...target(),
      '--set',
      `flink.stop-with-savepoint=file://${work.path('sp')}`,
    ]);
    await saved.until((r) => r.err.includes('running'));
    saved.child.kill('SIGINT');
    const end = await saved.end();
    expect(end.code, end.err).toBe(130);
    expect(end.err).toMatch(/stopped with the savepoint file:\S+sp\/savepoint-/);
  }, 60_000);
});
