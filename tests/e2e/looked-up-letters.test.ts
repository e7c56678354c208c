/* Rows of a looked-up table of PostgreSQL that cannot be read: dead letters, counted or the end of the job, with what a row has that
 * finds nothing else, and an account of what was found. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allConnectors } from '../../apps/cli/src/connectors.ts';
import { lookupLines } from '../../apps/cli/src/accounts.ts';
import { threads } from '../../apps/cli/src/threads.ts';
import { Executor, type EngineJob } from '#engine';
import { realWorld } from '#host';
import { SessionSettings } from '#plan';
import { parseStatement } from '#sql';
import { testServer, type TestServer } from '../../packages/connectors/test/jdbc/server.ts';

let server: TestServer;
const folder = mkdtempSync(join(tmpdir(), 'millrace-lookups-'));
beforeAll(async () => {
  server = await testServer();
  await server.query(`CREATE TABLE rates (id int, at timestamp, rate numeric);
    INSERT INTO rates SELECT i, '2024-01-01', i FROM generate_series(0, 9) i;
    INSERT INTO rates VALUES (1, 'infinity', 100), (2, '2024-01-02', 1e9);
    UPDATE rates SET rate = 'NaN' WHERE id = 3`);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

type Line = Record<string, unknown>;
const lines = (name: string): Line[] =>
  !existsSync(join(folder, name))
    ? []
    : readdirSync(join(folder, name))
        .filter((f) => !f.startsWith('.'))
        .flatMap((f) =>
          readFileSync(join(folder, name, f), 'utf8')
            .split('\n')
            .slice(0, -1),
        )
        .map((line) => JSON.parse(line) as Line);
const files = (name: string, columns: string): string =>
  `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'filesystem', 'path' = '${join(folder, name)}', 'format' = 'json')`;

const count = 1000;
/** Each key is asked for by a tenth of the rows. */
async function run(
  name: string,
  policy: string,
  { join: kind = 'JOIN', parallelism = '1', on = '' } = {},
): Promise<EngineJob> {
  const settings = new SessionSettings();
  settings.set('parallelism.default', parallelism);
  const executor = new Executor({ world: realWorld(), connectors: allConnectors(), settings, threads });
  const options = Object.entries(server.options).map(([k, v]) => `'${k}' = '${v}'`);
  for (const text of [
    `CREATE TABLE orders (n INT, k AS MOD(n, 10), at AS PROCTIME()) WITH ('connector' = 'datagen', 'rows-per-second' = '1000000',
      'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '${count - 1}')`,
    `CREATE TABLE rates (id INT, at TIMESTAMP(3), rate DECIMAL(4, 2)) WITH ('connector' = 'jdbc', ${options.join(', ')}, 'table-name' = 'rates',
      'lookup.cache' = 'PARTIAL'${policy})`,
    files(
      `${name}_letters`,
      'table_name STRING, stage STRING, code STRING, place STRING, content STRING, `value` STRING',
    ),
    files(`${name}_out`, 'n INT, rate DECIMAL(4, 2), at TIMESTAMP(3)'),
    `INSERT INTO ${name}_out SELECT o.n, r.rate, r.at FROM orders AS o ${kind} rates FOR SYSTEM_TIME AS OF o.at AS r ON o.k = r.id${on}`,
  ])
    await executor.execute(parseStatement(text));
  const job = executor.jobs.at(-1)!;
  await job.done;
  return job;
}
const letters = (name: string): string =>
  `, 'millrace.on-error' = 'dead-letter', 'millrace.dead-letter.table' = '${name}_letters'`;

test.for(['1', '3'])(
  'dead letters, each time that a row is found, at parallelism %s',
  async (parallelism) => {
    const name = `dead${parallelism}`;
    const job = await run(name, letters(name), { parallelism });
    expect(lines(`${name}_out`)).toHaveLength(900);
    const found = lines(`${name}_letters`);
    const bad = {
      1: '{"id":"1","at":"infinity","rate":"100"}',
      2: '{"id":"2","at":"2024-01-02 00:00:00","rate":"1000000000"}',
      3: '{"id":"3","at":"2024-01-01 00:00:00","rate":"NaN"}',
    };
    for (const [id, value] of Object.entries(bad)) {
      const of = found.filter((l) => l['value'] === value);
      expect(of).toHaveLength(100);
      expect(of[0]).toMatchObject({
        table_name: 'rates',
        stage: 'decode',
        code: 'JDBC1007',
        place: `table rates, id=${id}`,
        content: 'row',
      });
    }
    expect(found).toHaveLength(300);
    const accounts = job.accounts();
    expect(accounts).toMatchObject({
      dead: 300,
      balances: false,
      lookups: [{ table: 'rates', found: 1200, joined: 900, dead: 300, skipped: 0, filtered: 0 }],
    });
    expect(lookupLines(accounts)).toEqual(['rates: 1,200 found = 900 joined + 300 dead']);
  },
);

test('a LEFT JOIN gives NULL where nothing else was found; the rest of the condition is counted', async () => {
  const job = await run('left', ", 'millrace.on-error' = 'skip'", {
    join: 'LEFT JOIN',
    on: ' AND r.rate < 9',
  });
  const out = lines('left_out');
  expect(out).toHaveLength(count);
  expect(out.filter((l) => l['rate'] === null).map((l) => Number(l['n']) % 10)).toEqual(
    Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 3 : 9)),
  );
  expect(lines('left_letters')).toEqual([]);
  expect(job.accounts().lookups).toEqual([
    { table: 'rates', found: 1200, joined: 800, dead: 0, skipped: 300, filtered: 100 },
  ]);
});

test('without a policy the first one fails the job', async () => {
  await expect(run('fails', '')).rejects.toMatchObject({ code: 'JDBC1007' });
});

test('a rate of errors is a part of what was asked and found', async () => {
  await expect(run('rate', `${letters('rate')}, 'millrace.max-error-rate' = '0.1'`)).rejects.toMatchObject({
    code: 'DATA4001',
    message: expect.stringContaining("records of table 'rates'") as string,
  });
});
