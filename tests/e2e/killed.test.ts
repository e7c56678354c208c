/* Exactly once, end to end: `millrace run` killed with SIGKILL at random moments while a producer writes, some of it in
 * transactions that it aborts. Three jobs of one file die together:
 *
 *   Kafka ─▶ TUMBLE ─▶ Kafka            Kafka ─▶ filter, TUMBLE ─▶ PostgreSQL            Kafka ─▶ files by partition
 *
 * PostgreSQL refuses the rows of one page: they are dead letters, each once.
 *
 * Each start runs in another number of threads. What each target holds in the end is what an undisturbed run writes, row for row. */

import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, ProduceAcks, Producer, stringSerializers } from '@platformatic/kafka';
import { afterAll, expect, test } from 'vitest';
import { Rng } from '#base';
import { Workspace, type Running } from '../../apps/cli/test/process.ts';
import { testServer } from '../../packages/connectors/test/jdbc/server.ts';
import { ownKafka } from '../../tools/test-kafka.ts';

const kills = Number(process.env['MILLRACE_KILLS'] ?? 5);
const events = 200_000;
const batch = 1000;
const partitions = 2;
const base = Date.UTC(2024, 0, 1);
const seed = Date.now() % 1_000_000;
const kafka = await ownKafka();
const work = new Workspace();
const postgres = kafka === undefined ? undefined : await testServer();
afterAll(async () => {
  work.close();
  await postgres?.stop();
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

const withOptions = (options: Readonly<Record<string, string>>): string =>
  Object.entries(options)
    .map(([key, value]) => `'${key}' = '${value}'`)
    .join(', ');
const others = (): string => `
CREATE TABLE windows (window_start TIMESTAMP(3), page STRING, n BIGINT, total BIGINT) WITH ('connector' = 'jdbc',
  'table-name' = 'windows', 'millrace.jdbc.create-table' = 'if-not-exists', 'sink.delivery-guarantee' = 'exactly-once',
  'millrace.on-error' = 'dead-letter', ${withOptions(postgres!.options)});
CREATE TABLE files (page STRING, price BIGINT, ts TIMESTAMP(3)) PARTITIONED BY (page) WITH ('connector' = 'filesystem',
  'path' = 'files', 'format' = 'csv', 'sink.rolling-policy.file-size' = '200 kb');
INSERT INTO windows SELECT window_start, page, COUNT(*), SUM(price)
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' SECOND)) WHERE page <> 'p0' GROUP BY window_start, window_end, page;
INSERT INTO files SELECT page, price, ts FROM events;`;

/** Rows in PostgreSQL as CSV has them. */
async function windowRows(): Promise<string[]> {
  const rows = await postgres!.query(
    "SELECT to_char(window_start, 'YYYY-MM-DD HH24:MI:SS.MS'), page, n, total FROM windows WHERE page <> 'end'",
  );
  return rows.map((row) => row.join(',')).sort();
}
/** Rows that PostgreSQL refused, as they lie in files of letters. */
function refusedRows(): string[] {
  const folder = work.path('.millrace/dlq/windows');
  return readdirSync(folder)
    .filter((f) => !f.startsWith('.'))
    .flatMap((f) => readFileSync(join(folder, f), 'utf8').split('\n').slice(0, -1))
    .map((line) => {
      const { value } = JSON.parse(line) as { readonly value: string };
      const row = JSON.parse(Buffer.from(value, 'base64').toString()) as Record<string, unknown>;
      return `${millis(String(row['window_start']))},${String(row['page'])},${String(row['n'])},${String(row['total'])}`;
    })
    .sort();
}
/** With all three digits of the milliseconds: CSV leaves zeros at the end out. */
const millis = (row: string): string => {
  const [text, fraction = ''] = row.split('.');
  return `${text}.${fraction.padEnd(3, '0')}`;
};
/** Rows in files that are visible, with the page that their folder names. */
function fileRows(): string[] {
  const entries = readdirSync(work.path('files'), { recursive: true, withFileTypes: true });
  return entries
    .filter((e) => e.isFile() && !e.name.startsWith('.'))
    .map((e) => join(e.parentPath, e.name))
    .flatMap((path) => {
      const page = basename(dirname(path)).replace('page=', '');
      return readFileSync(path, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => `${page},${millis(line.replaceAll('"', ''))}`);
    })
    .filter((row) => !row.startsWith('end'))
    .sort();
}

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
    await postgres!.query(
      "CREATE TABLE windows (window_start timestamp(3), page text CHECK (page <> 'p3'), n bigint, total bigint)",
    );
    const rng = new Rng(seed);
    const file = work.file(
      'killed.sql',
      `SET 'execution.checkpointing.interval' = '200 ms'; ${tables('killed', '')} ${insert} ${others()}`,
    );
    // Each start has another parallelism: one thread, two, three.
    let starts = 0;
    const start = (): Running => work.start(['run', file, '--parallelism', String(1 + (starts++ % 3))]);
    const producing = produce(kills * 3000);
    let running = start();
    const haveCheckpoints = (): boolean =>
      ['totals', 'windows', 'files'].every((job) => work.checkpoints(`killed/${job}`).length > 0);
    for (let n = 0; n < kills; n++) {
      // The first kill comes when there is something to go on from, however slow the machine is.
      await expect.poll(haveCheckpoints, { timeout: 60_000 }).toBe(true);
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
    const inWindows = expected.filter((row) => !/,p[03],/.test(row));
    const refused = expected.filter((row) => row.includes(',p3,'));
    let written: string[] = [];
    let windows: string[] = [];
    for (let tries = 0; tries < 40; tries++) {
      await sleep(500);
      [written, windows] = [await rowsOf('killed'), await windowRows()];
      if (written.length >= expected.length && windows.length >= inWindows.length) break;
    }
    // What was read is in files that are whole behind a stop.
    running.child.kill('SIGINT');
    const { err } = await running.end();
    // The job of the files starts last: what it had not read at the stop, it reads now.
    for (let tries = 0; tries < 5 && fileRows().length < events; tries++) {
      running = start();
      await running.until(({ err: told }) => told.includes('killed/files goes on from checkpoint'));
      await sleep(3000);
      running.child.kill('SIGINT');
      await running.end();
    }
    expect(written, err).toEqual(expected);
    expect(windows, err).toEqual(inWindows);
    expect(refusedRows(), err).toEqual(refused);
    const all = Array.from({ length: events }, (_, i) => eventAt(i, i % 100));
    expect(fileRows()).toEqual(all.map((e) => `${e.page},${e.price},${e.ts}`).sort());
    for (const job of ['totals', 'windows', 'files'])
      expect(err).toMatch(new RegExp(`killed.${job} goes on from checkpoint \\d+`));
  },
  120_000 + kills * 10_000,
);
