/* Watermark alignment: reading what is far ahead waits until the rest comes near, be it a topic of the group or a partition. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, ProduceAcks, Producer, stringSerializers } from '@platformatic/kafka';
import { afterAll, expect, test } from 'vitest';
import { Millrace } from '../../apps/library/src/index.ts';
import { testKafka } from '../../tools/test-kafka.ts';

const kafka = await testKafka();
const servers = 'missing' in kafka ? '' : kafka.bootstrapServers;
const name = (topic: string): string => `aligned-${process.pid}-${topic}`;
const table = (topic: string, options = ''): string => `
  CREATE TABLE ${topic} (id INT, lane STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH (
    'connector' = 'kafka', 'topic' = '${name(topic)}', 'properties.bootstrap.servers' = '${servers}', 'format' = 'json',
    'scan.startup.mode' = 'earliest-offset', 'properties.max.partition.fetch.bytes' = '1',
    'scan.watermark.alignment.group' = 'g', 'scan.watermark.alignment.max-drift' = '5 s',
    'scan.watermark.alignment.update-interval' = '10 ms'${options});`;

const producer =
  'missing' in kafka
    ? undefined
    : new Producer({
        clientId: 'test',
        bootstrapBrokers: [servers],
        serializers: stringSerializers,
        acks: ProduceAcks.ALL,
      });
afterAll(() => producer?.close());

async function createTopics(topics: readonly string[], partitions: number): Promise<void> {
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [servers] });
  await admin.createTopics({ topics: topics.map(name), partitions, replicas: 1 });
  await admin.close();
}
/** A record a second, each in a batch of its own: a fetch brings one. */
async function produce(lane: string, from: number, to: number, topic = lane, partition = 0): Promise<void> {
  for (let id = from; id < to; id++) {
    const ts = new Date(Date.UTC(2024, 0, 1) + id * 1000).toISOString().replace('T', ' ').slice(0, -1);
    const value = JSON.stringify({ id, lane, ts });
    await producer!.send({ messages: [{ topic: name(topic), partition, value }] as never });
  }
}
/** How far the fast lane and the slow one were read: their last ids, -1 before the first. */
class Seen {
  fast = -1;
  slow = -1;
  /** Until the fast lane has come to its end. */
  async follow(m: Millrace, query: string): Promise<void> {
    for await (const { row } of m.query(query)) {
      const { lane, id } = row as { readonly lane: 'fast' | 'slow'; readonly id: number };
      this[lane] = Math.max(this[lane], id);
      if (this.fast === 59) return;
    }
  }
  /** Until it holds, and half a second more. */
  async until(holds: (seen: this) => boolean): Promise<void> {
    for (let tries = 0; !holds(this) && tries < 500; tries++) await sleep(20);
    await sleep(500);
  }
  /** 5 s ahead of the slow lane, and a batch over that. */
  expectFast(from: number): void {
    expect(this.fast).toBeGreaterThanOrEqual(from);
    expect(this.fast).toBeLessThanOrEqual(from + 2);
  }
}

test.skipIf('missing' in kafka)('the faster of two topics waits for the slower', async () => {
  await createTopics(['fast', 'slow'], 1);
  await produce('slow', 0, 10);
  await produce('fast', 0, 60);
  const m = new Millrace();
  await m.execute(`${table('fast')} ${table('slow')}`);
  const seen = new Seen();
  const done = seen.follow(m, 'SELECT lane, id FROM fast UNION ALL SELECT lane, id FROM slow');
  await seen.until(({ slow, fast }) => slow === 9 && fast >= 14);
  expect(seen.slow).toBe(9);
  seen.expectFast(14);
  await produce('slow', 10, 31);
  await seen.until(({ fast }) => fast >= 35);
  seen.expectFast(35);
  await produce('slow', 31, 60);
  await done;
});

test.skipIf('missing' in kafka).each([
  ['', ''],
  // What waits of the fast one is more than may lie in memory; the slow one is fetched all the same.
  [', with next to no memory', ", 'properties.fetch.max.bytes' = '1'"],
])('the faster of two partitions waits for the slower%s', async (_, options) => {
  const topic = options === '' ? 'both' : 'tight';
  await createTopics([topic], 2);
  await produce('slow', 0, 10, topic, 0);
  await produce('fast', 0, 60, topic, 1);
  const m = new Millrace();
  await m.execute(table(topic, options));
  const seen = new Seen();
  const done = seen.follow(m, `SELECT lane, id FROM ${topic}`);
  await seen.until(({ slow, fast }) => slow === 9 && fast >= 14);
  expect(seen.slow).toBe(9);
  seen.expectFast(14);
  await produce('slow', 10, 31, topic, 0);
  await seen.until(({ fast }) => fast >= 35);
  seen.expectFast(35);
  await produce('slow', 31, 60, topic, 0);
  await done;
});

test.skipIf('missing' in kafka)('a topic without a row holds nobody', async () => {
  await createTopics(['alone', 'empty'], 1);
  await produce('fast', 0, 60, 'alone');
  const m = new Millrace();
  await m.execute(`${table('alone')} ${table('empty')}`);
  const seen = new Seen();
  await seen.follow(m, 'SELECT lane, id FROM alone UNION ALL SELECT lane, id FROM empty');
  expect(seen.fast).toBe(59);
});

test.skipIf('missing' in kafka)(
  'each record of a partition that waited within a batch comes once',
  async () => {
    await createTopics(['large'], 2);
    const rows = 40_000;
    const send = async (partition: number, ids: readonly number[]): Promise<void> => {
      const messages = ids.map((id) => {
        const ts = new Date(Date.UTC(2024, 0, 1) + id * 10).toISOString().replace('T', ' ').slice(0, -1);
        return {
          topic: name('large'),
          partition,
          value: JSON.stringify({ id, lane: String(partition), ts }),
        };
      });
      await producer!.send({ messages: messages as never });
    };
    await send(0, [0]);
    await send(1, [0]);
    const m = new Millrace();
    await m.execute(table('large').replace("'properties.max.partition.fetch.bytes' = '1',", ''));
    const ids: number[] = [];
    let slow = -1;
    const done = (async () => {
      for await (const { row } of m.query('SELECT id, lane FROM large')) {
        const { id, lane } = row as { readonly id: number; readonly lane: string };
        if (lane === '0') slow = id;
        else ids.push(id);
        if (ids.length === rows) return;
      }
    })();
    // A source counts from its first watermark on.
    while (slow < 0 || ids.length === 0) await sleep(10);
    for (let id = 1; id < rows; id += 9999)
      await send(
        1,
        Array.from({ length: Math.min(9999, rows - id) }, (_, i) => id + i),
      );
    await sleep(500);
    expect(ids.length).toBeGreaterThan(1);
    expect(ids.length).toBeLessThan(rows / 2);
    // In steps of less than what the fast one takes at once.
    for (let id = 100; id < rows + 1000; id += 400) await send(0, [id]);
    await done;
    expect(ids).toEqual(Array.from({ length: rows }, (_, id) => id));
  },
);
