/* Two topics of one alignment group, one far ahead of the other: reading it waits until the other comes near. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, ProduceAcks, Producer, stringSerializers } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { Millrace } from '../../apps/library/src/index.ts';
import { testKafka } from '../../tools/test-kafka.ts';

const kafka = await testKafka();
const servers = 'missing' in kafka ? '' : kafka.bootstrapServers;
const name = (topic: string): string => `aligned-${process.pid}-${topic}`;
const table = (topic: string): string => `
  CREATE TABLE ${topic} (id INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH (
    'connector' = 'kafka', 'topic' = '${name(topic)}', 'properties.bootstrap.servers' = '${servers}', 'format' = 'json',
    'scan.startup.mode' = 'earliest-offset', 'properties.max.partition.fetch.bytes' = '1',
    'scan.watermark.alignment.group' = 'g', 'scan.watermark.alignment.max-drift' = '5 s',
    'scan.watermark.alignment.update-interval' = '10 ms');`;

test.skipIf('missing' in kafka)('the faster of two topics waits for the slower', async () => {
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [servers] });
  await admin.createTopics({ topics: [name('fast'), name('slow')], partitions: 1, replicas: 1 });
  await admin.close();
  const producer = new Producer({
    clientId: 'test',
    bootstrapBrokers: [servers],
    serializers: stringSerializers,
    acks: ProduceAcks.ALL,
  });
  /** A record a second, each in a batch of its own: a fetch brings one. */
  const produce = async (topic: string, from: number, to: number): Promise<void> => {
    for (let id = from; id < to; id++) {
      const ts = new Date(Date.UTC(2024, 0, 1) + id * 1000).toISOString().replace('T', ' ').slice(0, -1);
      const value = JSON.stringify({ id, ts });
      await producer.send({ messages: [{ topic: name(topic), partition: 0, value }] as never });
    }
  };
  await produce('slow', 0, 10);
  await produce('fast', 0, 60);
  const m = new Millrace();
  await m.execute(`${table('fast')} ${table('slow')}`);
  const seen = { fast: -1, slow: -1 };
  const reading = m.query(
    "SELECT 'fast' AS topic, id FROM fast UNION ALL SELECT 'slow' AS topic, id FROM slow",
  );
  const done = (async () => {
    for await (const { row } of reading) {
      const { topic, id } = row as { readonly topic: 'fast' | 'slow'; readonly id: number };
      seen[topic] = Math.max(seen[topic], id);
      if (seen.fast === 59) return;
    }
  })();
  const until = async (holds: () => boolean): Promise<void> => {
    for (let tries = 0; !holds() && tries < 500; tries++) await sleep(20);
    await sleep(500);
  };
  // The slow one stands at 9 s: the fast one goes as far as 5 s ahead, and one batch over that.
  await until(() => seen.slow === 9 && seen.fast >= 14);
  expect(seen.slow).toBe(9);
  expect(seen.fast).toBeGreaterThanOrEqual(14);
  expect(seen.fast).toBeLessThanOrEqual(16);
  await produce('slow', 10, 31);
  await until(() => seen.fast >= 35);
  expect(seen.fast).toBeGreaterThanOrEqual(35);
  expect(seen.fast).toBeLessThanOrEqual(37);
  await produce('slow', 31, 60);
  await done;
  await producer.close();
});
