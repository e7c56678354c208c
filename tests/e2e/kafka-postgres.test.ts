/* Kafka → filter → TUMBLE → PostgreSQL, each a process of its own, with Kafka killed and started in between; the result is computed
 * another way. */

import { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Millrace } from '../../apps/library/src/index.ts';
import { realWorld } from '#host';
import { usePostgres } from '../../packages/connectors/src/jdbc/embedded/service.ts';
import { ownKafka } from '../../tools/test-kafka.ts';

const kafka = await ownKafka();

type Click = { readonly page: string; readonly price: number; readonly ts: Date };

const base = Date.UTC(2024, 0, 1);
/** Every 50 ms a click, some up to 3 s late, so that none is late for windows that wait 5 s. */
function clicks(from: number, to: number): Click[] {
  return Array.from({ length: to - from }, (_, k) => {
    const i = from + k;
    return { page: `p${i % 7}`, price: i % 100, ts: new Date(base + i * 50 - (i % 13 === 0 ? 3000 : 0)) };
  });
}
/** The slow, obvious way. */
function expected(all: readonly Click[], closedBefore: number): Map<string, string> {
  const sums = new Map<string, { n: number; total: number }>();
  for (const { page, price, ts } of all) {
    if (price <= 10) continue;
    const start = Math.floor(ts.getTime() / 60_000) * 60_000;
    if (start + 60_000 > closedBefore) continue;
    const key = `${new Date(start).toISOString()} ${page}`;
    const sum = sums.get(key) ?? { n: 0, total: 0 };
    sums.set(key, { n: sum.n + 1, total: sum.total + price });
  }
  return new Map([...sums].map(([k, v]) => [k, `${v.n} ${v.total}`]));
}

let client: Client;

beforeAll(async () => {
  if (kafka === undefined) return;
  client = new Client(await usePostgres(realWorld()));
  await client.connect();
  await client.query('DROP TABLE IF EXISTS e2e_revenue');
}, 120_000);
afterAll(async () => {
  await client?.end();
  await kafka?.close();
});

async function produce(rows: readonly Click[]): Promise<void> {
  const m = new Millrace();
  m.createTable('fresh', { schema: { page: 'STRING', price: 'INT', ts: 'TIMESTAMP(3)' }, from: rows });
  const job =
    await m.execute(`CREATE TABLE topic (page STRING, price INT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = '${kafka!.bootstrapServers}', 'format' = 'json');
    INSERT INTO topic SELECT * FROM fresh;`);
  await job!.done;
}
async function inPostgres(): Promise<Map<string, string>> {
  const { rows } = await client.query<{ s: Date; page: string; n: string; total: string }>(
    "SELECT window_start AT TIME ZONE 'UTC' AS s, page, n, total FROM e2e_revenue",
  );
  return new Map(rows.map((r) => [`${r.s.toISOString()} ${r.page}`, `${r.n} ${r.total}`]));
}
async function until(done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await done().catch(() => false)) return;
    await sleep(100);
  }
}

test.skipIf(kafka === undefined)(
  'rows are complete though the broker went and came back',
  async () => {
    const [first, second] = [clicks(0, 12_000), clicks(12_000, 24_000)];
    await produce(first);
    const m = new Millrace();
    const job = await m.execute(`
    CREATE TABLE clicks (page STRING, price INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
      WITH ('connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = '${kafka!.bootstrapServers}', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json');
    CREATE TABLE revenue (window_start TIMESTAMP(3), page STRING, n BIGINT, total BIGINT, PRIMARY KEY (window_start, page) NOT ENFORCED)
      WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql:embedded', 'table-name' = 'e2e_revenue', 'sink.buffer-flush.interval' = '200 ms');
    INSERT INTO revenue SELECT window_start, page, COUNT(*), SUM(CAST(price AS BIGINT))
      FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) WHERE price > 10 GROUP BY window_start, window_end, page;`);
    const closed = (last: number): number => base + last * 50 - 5000;
    const half = expected(first, closed(11_999));
    await until(async () => (await inPostgres()).size === half.size);
    expect(await inPostgres()).toEqual(half);
    await kafka!.stop(true);
    await sleep(1500);
    await kafka!.restart();
    await produce(second);
    const whole = expected([...first, ...second], closed(23_999));
    await until(async () => (await inPostgres()).size === whole.size);
    expect(await inPostgres()).toEqual(whole);
    await job!.stop();
  },
  120_000,
);
