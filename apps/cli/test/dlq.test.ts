/* Dead letters of jobs as `millrace dlq` shows them, sends them again and deletes them; killed at any moment. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { Broker } from '#broker';
import { realWorld } from '#host';
import { jsonLines, Workspace } from './process.ts';

const work = new Workspace();
let broker: Broker;
beforeAll(async () => {
  broker = await Broker.start({ world: realWorld(), port: 0 });
});
afterAll(async () => {
  work.close();
  await broker.stop();
});
const at = (): string[] => ['--bootstrap-server', broker.bootstrapServers];
const orders = (topic: string, more = ''): string =>
  `CREATE TABLE ${topic} (id INT, price AS 100 / id) WITH ('connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${broker.bootstrapServers}', 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json', 'millrace.on-error' = 'dead-letter'${more});
CREATE TABLE prices (id INT, price INT) WITH ('connector' = 'filesystem', 'path' = '${topic}_out', 'format' = 'json');
INSERT INTO prices SELECT id, price FROM ${topic};`;
const texts = (topic: string): string[] =>
  broker.read(topic, { committed: true }).map((r) => String(r.value));

test('letters are listed by reason, shown, sent back once, and marked when they come back', async () => {
  broker.topics.create('orders');
  broker.produce('orders', [
    { value: '{"id":2}' },
    { key: 'k', value: '{"id":', headers: { trace: 'a' } },
    { value: '{"id":"x"}' },
    { value: '{"id":"y"}' },
    { value: '{"id":0}' },
  ]);
  const file = work.file('orders.sql', orders('orders'));
  const ran = await work.run(['run', file]);
  expect(ran.err).toContain('5 read = 1 written + 4 dead');
  expect(work.rows('orders_out')).toEqual(['{"id":2,"price":50}']);

  const list = await work.run(['dlq', 'list', 'orders.dlq', ...at()]);
  expect(list.out).toMatch(
    /^orders\.dlq {2}4 letters\n {2}2 × decode FMT1001 of orders: malformed json record: field '…': '…' is no INT/,
  );
  expect(list.out).toContain(`e.g. 0:1, topic 'orders', partition 0, offset 2: {"id":"x"}`);
  const shown = await work.run(['dlq', 'show', 'orders.dlq', '--stage', 'cast', '--json', ...at()]);
  expect(jsonLines(shown.out)).toMatchObject([
    { code: 'DATA3001', content: 'row', topic: 'orders', offset: 4 },
  ]);
  const first = await work.run(['dlq', 'show', 'orders.dlq', '--limit', '1', ...at()]);
  expect(first.out).toMatch(
    /^0:0 {2}decode FMT1001 of orders in orders\/prices at .*\n.*\n.*\n {2}key k\n {2}value \{"id":\n {2}header trace: a\n$/,
  );

  const sent = await work.run(['dlq', 'replay', 'orders.dlq', '--to-source', ...at()]);
  expect(sent.out, sent.err).toBe('4 records sent back\n');
  expect(texts('orders').slice(5)).toEqual(['{"id":', '{"id":"x"}', '{"id":"y"}', '{"id":0}']);
  const again = broker.read('orders', { committed: true })[5]!;
  expect(String(again.key)).toBe('k');
  expect(again.headers.map((h) => [h.key, String(Buffer.from(h.value!))])).toEqual([
    ['trace', 'a'],
    ['millrace.replayed', '1'],
  ]);
  const repeated = await work.run(['dlq', 'replay', 'orders.dlq', '--to-source', ...at()]);
  expect(repeated.out).toBe('0 records sent back; 4 letters had been before\n');

  expect((await work.run(['run', file])).err).toContain('9 read = 1 written + 8 dead');
  const back = await work.run(['dlq', 'list', 'orders.dlq', '--json', ...at()]);
  expect(jsonLines(back.out)).toMatchObject([
    { code: 'FMT1001', count: 6, replayed: 2 },
    { code: 'FMT1001', count: 3, replayed: 1 },
    { code: 'DATA3001', count: 3, replayed: 1 },
  ]);
  expect((await work.run(['dlq', 'purge', 'orders.dlq', '--replayed', ...at()])).out).toBe(
    '4 letters of orders.dlq deleted\n',
  );
}, 90_000);

test('letters in files go through a file of statements', async () => {
  broker.topics.create('through');
  broker.produce('through', [{ value: '{"id":"7"}' }, { value: '{"id":"no"}' }, { value: '{' }]);
  const more = ", 'millrace.dead-letter.table' = 'letters'";
  const table =
    "CREATE TABLE letters (job STRING, table_name STRING, stage STRING, code STRING, message STRING, failed_at TIMESTAMP_LTZ(3), place STRING, topic STRING, `partition` INT, `offset` BIGINT, `timestamp` TIMESTAMP_LTZ(3), content STRING, `key` BYTES, `value` BYTES, headers MAP<STRING, BYTES>, replayed INT) WITH ('connector' = 'filesystem', 'path' = 'letters', 'format' = 'json');\n";
  const ran = await work.run([
    'run',
    '--json',
    work.file('through.sql', table + orders('through', more).replace('100 / id', 'id')),
  ]);
  expect(jsonLines(ran.out).at(-1)).toMatchObject({
    status: 'ok',
    dead: 2,
    account: { read: 3, written: 1, dead: 2, skipped: 0, late: 0, filtered: 0 },
  });
  const repair = work.file(
    'repair.sql',
    "CREATE TABLE repaired (id STRING, was STRING) WITH ('connector' = 'filesystem', 'path' = 'repaired', 'format' = 'json');\nINSERT INTO repaired SELECT JSON_VALUE(CAST(`value` AS STRING), '$.id'), message FROM dead_letters;",
  );
  const replayed = await work.run(['dlq', 'replay', 'letters', '--through', repair]);
  expect(replayed.code, replayed.err).toBe(0);
  expect(work.rows('repaired').map((l) => (JSON.parse(l) as { id: string | null }).id)).toEqual(['no', null]);
  expect((await work.run(['dlq', 'purge', 'letters', '--json'])).out).toBe(
    '{"letters":"letters","purged":2}\n',
  );
}, 60_000);

test('a replay that is killed and repeated sends each once', async () => {
  const all = 6000;
  broker.topics.create('killed', { partitions: 2 });
  broker.topics.create('killed.dlq', { partitions: 3 });
  for (let i = 0; i < all; i++)
    broker.produce(
      'killed.dlq',
      [
        {
          value: `r${i}`,
          headers: { '__connect.errors.topic': 'killed', '__connect.errors.partition': String(i % 2) },
        },
      ],
      i % 3,
    );
  const args = ['dlq', 'replay', 'killed.dlq', '--to-source', ...at()];
  for (let kill = 0; kill < 2; kill++) {
    // Beyond the first transaction, and within the next.
    const before = broker.read('killed').length;
    const running = work.start(args);
    await expect
      .poll(() => broker.read('killed').length, { timeout: 30_000, interval: 2 })
      .toBeGreaterThan(before + 1500);
    running.child.kill('SIGKILL');
    await running.end();
  }
  const last = await work.run(args);
  expect(last.code, last.err).toBe(0);
  expect(texts('killed').sort()).toEqual(Array.from({ length: all }, (_, i) => `r${i}`).sort());
}, 90_000);

test('what it cannot do is said', async () => {
  expect((await work.run(['dlq', 'lst'])).err).toContain(
    'CLI1001: dlq lst: expected list, show, replay, purge',
  );
  expect((await work.run(['dlq', 'replay', 'x.dlq', ...at()])).err).toContain(
    'needs one of --to-source and --through',
  );
  const none = await work.run(['dlq', 'show', 'killed.dlq', '--stage', 'late1', ...at()]);
  expect(none.err).toContain('CLI1004: --stage late1: expected decode, cast, constraint, sink, late');
}, 60_000);
