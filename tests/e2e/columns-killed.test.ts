/* `millrace run` killed with SIGKILL around the moment at which a table gets a column: in front of ALTER TABLE, behind it, behind the
 * first rows. Each record is in PostgreSQL once, with what it had. Each start runs in another number of threads. */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { Broker } from '#broker';
import { realWorld } from '#host';
import { Workspace, type Running } from '../../apps/cli/test/process.ts';
import { testServer } from '../../packages/connectors/test/jdbc/server.ts';

const kills = Number(process.env['MILLRACE_COLUMN_KILLS'] ?? 2);
const rowsEach = 200;
/** After the news of a column, ms. */
const waits = [0, 40, 5, 350, 15, 120];

const work = new Workspace();
const broker = await Broker.start({ world: realWorld(), port: 0 });
const postgres = await testServer();
afterAll(async () => {
  work.close();
  await postgres.stop();
  await broker.stop();
});

test('every record is there once, whatever a kill came between', {
  timeout: 60_000 + kills * 30_000,
}, async () => {
  broker.topics.create('orders', { partitions: 2 });
  const written: Record<string, number>[] = [];
  let fields = 0;
  /** Some records, the second half of which have a field that is new. */
  const produce = (): void => {
    const field = `f${++fields}`;
    for (const partition of [0, 1]) {
      const rows = Array.from({ length: rowsEach }, (_, i): Record<string, number> => {
        const id = written.length + i;
        return i < rowsEach / 2 ? { id } : { id, [field]: i };
      });
      written.push(...rows);
      broker.produce(
        'orders',
        rows.map((row) => ({ value: JSON.stringify(row) })),
        partition,
      );
    }
  };
  const options = Object.entries(postgres.options).map(([key, value]) => `'${key}' = '${value}'`);
  const file = work.file(
    'columns.sql',
    `SET 'execution.checkpointing.interval' = '200 ms';
CREATE TABLE orders (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = '${broker.bootstrapServers}',
  'scan.startup.mode' = 'earliest-offset', 'format' = 'json', 'millrace.schema.evolution' = 'add-columns');
CREATE TABLE kept (id BIGINT) WITH ('connector' = 'jdbc', ${options.join(', ')}, 'table-name' = 'kept',
  'millrace.jdbc.create-table' = 'if-not-exists', 'sink.delivery-guarantee' = 'exactly-once');
INSERT INTO kept SELECT * FROM orders WHERE id >= 0;`,
  );
  const start = (n: number): Running => work.start(['run', file, '--parallelism', String(1 + (n % 2))]);
  const news = (run: Running): boolean => run.err.includes(`got the column 'f${fields}'`);
  for (let n = 0; n < kills; n++) {
    produce();
    const running = start(n);
    await running.until(news);
    await sleep(waits[n % waits.length]);
    running.child.kill('SIGKILL');
    await running.end();
  }
  produce();
  const last = start(0);
  const count = async (): Promise<number> =>
    Number((await postgres.query('SELECT count(*) FROM kept'))[0]![0]);
  await expect.poll(count, { timeout: 60_000, interval: 200 }).toBe(written.length);
  last.child.kill('SIGINT');
  const { err } = await last.end();
  // The summary says it too.
  expect(err).toMatch(new RegExp(`^ {2}orders got the column 'f${fields}' BIGINT, and so did kept$`, 'm'));
  const names = ['id', ...Array.from({ length: fields }, (_, i) => `f${i + 1}`)];
  const rows = await postgres.query(`SELECT ${names.map((n) => `"${n}"`).join(', ')} FROM kept ORDER BY id`);
  expect(rows).toEqual(written.map((row) => names.map((name) => (name in row ? String(row[name]) : null))));
});
