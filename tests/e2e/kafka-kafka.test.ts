/* Kafka → TUMBLE → Kafka exactly once: `millrace run` killed with SIGKILL at random moments while a producer writes, some of
 * it in transactions that it aborts. What readers of committed records see is what an undisturbed run writes, row for row. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, ProduceAcks, Producer, stringSerializers } from '@platformatic/kafka';
import { afterAll, expect, test } from 'vitest';
import { Rng } from '#base';
import { Workspace, type Running } from '../../apps/cli/test/process.ts';
import { ownKafka } from '../../tools/test-kafka.ts';

const kills = Number(process.env['MILLRACE_KILLS'] ?? 5);
const events = 200_000;
const batch = 1000;
const partitions = 2;
const base = Date.UTC(2024, 0, 1);
const seed = Date.now() % 1_000_000;
const kafka = await ownKafka();
const work = new Workspace();
afterAll(async () => {
  work.close();
  await kafka?.close();
});

type Event = { readonly page: string; readonly price: number; readonly ts: string };
const eventAt = (i: number, price: number): Event => ({
  page: `p${i % 7}`,
  price,
  ts: new Date(base + i).toISOString().replace('T', ' ').slice(0, -1),
});

/** Writes all events, a batch at a time into one partition after the other, for `forMs`: a third of the batches without a
 *  transaction, the others in one; after each third one comes one that is aborted. */
async function produce(forMs: number): Promise<void> {
  const shared = {
    clientId: 'outside',
    bootstrapBrokers: [kafka!.bootstrapServers],
    serializers: stringSerializers,
    acks: ProduceAcks.ALL,
  };
  const plain = new Producer(shared);
  const inTransactions = new Producer({ ...shared, transactionalId: 'outside', idempotent: true });
  const messages = (from: number, price: (i: number) => number): never =>
    Array.from({ length: batch }, (_, k) => ({
      topic: 'events',
      partition: Math.floor(from / batch) % partitions,
      value: JSON.stringify(eventAt(from + k, price(from + k))),
    })) as never;
  const transact = async (from: number, price: (i: number) => number, commit: boolean): Promise<void> => {
    const transaction = await inTransactions.beginTransaction();
    await transaction.send({ messages: messages(from, price) });
    if (commit) await transaction.commit();
    else await transaction.abort();
  };
  const price = (i: number): number => i % 100;
  const started = Date.now();
  for (let from = 0; from < events; from += batch) {
    const turn = (from / batch) % 3;
    if (turn === 0) await plain.send({ messages: messages(from, price) });
    else await transact(from, price, true);
    if (turn === 2) await transact(from, () => 1_000_000, false);
    await sleep(Math.max(0, started + (forMs * from) / events - Date.now()));
  }
  // The clock of every partition goes on, and all windows before close.
  for (let partition = 0; partition < partitions; partition++) {
    const value = JSON.stringify({ ...eventAt(events + 60_000, 0), page: 'end' });
    await plain.send({ messages: [{ topic: 'events', partition, value }] as never });
  }
  await plain.close();
  await inTransactions.close();
}

const tables = (sink: string, more: string): string => `
CREATE TABLE events (page STRING, price BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH (
  'connector' = 'kafka', 'topic' = 'events', 'properties.bootstrap.servers' = '${kafka!.bootstrapServers}', 'format' = 'json',
  'scan.startup.mode' = 'earliest-offset', 'properties.isolation.level' = 'read_committed'${more});
CREATE TABLE totals (window_start TIMESTAMP(3), page STRING, n BIGINT, total BIGINT) WITH (
  'connector' = 'kafka', 'topic' = '${sink}', 'properties.bootstrap.servers' = '${kafka!.bootstrapServers}', 'format' = 'json',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'properties.isolation.level' = 'read_committed',
  'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = '${sink}', 'properties.transaction.timeout.ms' = '600000');
`;
const insert = `INSERT INTO totals SELECT window_start, page, COUNT(*), SUM(price)
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' SECOND)) GROUP BY window_start, window_end, page;`;

/** Rows of a result that readers of committed records see; without those of the event that closes all windows. */
async function rowsOf(sink: string): Promise<string[]> {
  const { out, code, err } = await work.run([
    'sql',
    '--format',
    'csv',
    '-e',
    `${tables(sink, '')} SELECT * FROM totals WHERE page <> 'end'`,
  ]);
  if (code !== 0) throw new Error(err);
  return out.trim().split('\n').slice(1).sort();
}

test.skipIf(kafka === undefined)(
  `killed ${kills} times: every row once (seed ${seed})`,
  async () => {
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [kafka!.bootstrapServers] });
    await admin.createTopics({ topics: ['events', 'killed', 'calm'], partitions, replicas: 1 });
    await admin.close();
    const rng = new Rng(seed);
    const file = work.file(
      'killed.sql',
      `SET 'execution.checkpointing.interval' = '200 ms'; ${tables('killed', '')} ${insert}`,
    );
    const start = (): Running => work.start(['run', file]);
    const producing = produce(kills * 3000);
    let running = start();
    for (let n = 0; n < kills; n++) {
      await sleep(1000 + rng.below(3500));
      running.child.kill('SIGKILL');
      await running.end();
      running = start();
    }
    await producing;
    const calm = await work.run([
      'run',
      work.file('calm.sql', `${tables('calm', `, 'scan.bounded.mode' = 'latest-offset'`)} ${insert}`),
    ]);
    expect(calm.code).toBe(0);
    const expected = await rowsOf('calm');
    expect(expected.length).toBe((events / 1000) * 7);
    let written: string[] = [];
    for (let tries = 0; tries < 20 && written.length < expected.length; tries++) {
      await sleep(500);
      written = await rowsOf('killed');
    }
    running.child.kill('SIGINT');
    const { err } = await running.end();
    expect(written, err).toEqual(expected);
    expect(err).toMatch(/killed.totals goes on from checkpoint \d+/);
  },
  60_000 + kills * 10_000,
);
