/* A broker that keeps its data: in a folder, in a snapshot; and what it does with its logs by the clock. */

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { realWorld } from '#host';
import { errorCodes } from '#kafka';
import { readRecordBatch } from '#records';
import { SimWorld } from '#testkit';
import { Broker } from '../../src/broker.ts';
import type { BrokerOptions } from '../../src/options.ts';
import { batchOf, WireClient } from '../wire-client.ts';
import { idempotent } from './idempotent.ts';
import { temporaryFolder } from './log-rig.ts';
import { recordTexts } from './record-texts.ts';

async function start(
  options: Partial<BrokerOptions> = {},
): Promise<{ broker: Broker; client: WireClient; lines: string[] }> {
  const lines: string[] = [];
  const broker = await Broker.start({ world: realWorld(), log: (line) => lines.push(line), ...options });
  const client = await WireClient.connect(broker.bootstrapServers);
  onTestFinished(async () => {
    client.close();
    await broker.stop();
  });
  return { broker, client, lines };
}
const now = (): number => Date.now();
const values = async (client: WireClient, topic: string, offset = 0): Promise<string[]> =>
  recordTexts(await client.fetch(topic, 0, offset));

async function clusterOf(client: WireClient): Promise<unknown> {
  const { clusterId, topics } = await client.send('Metadata', { topics: null });
  return { clusterId, topics: topics.map((t) => [t.name, t.topicId, t.partitions.length]).sort() };
}

test('topics, records, starts and the cluster id outlive a restart', async () => {
  const dir = join(temporaryFolder(), 'made', 'on', 'the', 'way');
  const one = await start({ dir });
  await one.client.createTopic('clicks', { 'segment.ms': '5000' }, 3);
  await one.client.createTopic('gone');
  for (const value of ['a', 'b', 'c']) await one.client.produce('clicks', 0, batchOf([value], 'lz4', now()));
  await one.client.send('DeleteRecords', {
    topics: [{ name: 'clicks', partitions: [{ partitionIndex: 0, offset: 1 }] }],
    timeoutMs: 1000,
  });
  await one.client.send('DeleteTopics', { topics: [{ name: 'gone' }], timeoutMs: 1000 });
  const cluster = await clusterOf(one.client);
  await expect(start({ dir })).rejects.toThrow(/in use by the broker of process/);
  await one.broker.stop();
  expect(existsSync(join(dir, '.kafka_cleanshutdown'))).toBe(true);
  expect(existsSync(join(dir, '.lock'))).toBe(false);
  expect(readdirSync(dir).filter((name) => name.startsWith('gone'))).toEqual([]);

  const two = await start({ dir });
  expect(existsSync(join(dir, '.kafka_cleanshutdown'))).toBe(false);
  expect(await clusterOf(two.client)).toEqual(cluster);
  expect(await values(two.client, 'clicks', 1)).toEqual(['1 b', '2 c']);
  const { topics } = await two.client.send('ListOffsets', {
    replicaId: -1,
    topics: [{ name: 'clicks', partitions: [{ partitionIndex: 0, timestamp: -2, currentLeaderEpoch: -1 }] }],
  });
  expect(topics[0]!.partitions[0]!.offset).toBe(1);
  expect(await two.client.produce('clicks', 0, batchOf(['d'], 'none', now()))).toEqual({ baseOffset: 3 });
  expect(two.lines).toEqual([]);
});

test('idempotent producers are known again', async () => {
  const dir = temporaryFolder();
  const batch = batchOf(['a'], 'none', now());
  const one = await start({ dir });
  await one.client.createTopic('t');
  expect(await one.client.produce('t', 0, idempotent(batch, 5, 0, 0))).toEqual({ baseOffset: 0 });
  expect(await one.client.produce('t', 0, idempotent(batch, 5, 0, 1))).toEqual({ baseOffset: 1 });
  await one.broker.stop();
  const two = await start({ dir });
  expect(await two.client.produce('t', 0, idempotent(batch, 5, 0, 0))).toEqual({ baseOffset: 0 });
  expect(await two.client.produce('t', 0, idempotent(batch, 5, 0, 1))).toEqual({ baseOffset: 1 });
  expect(await two.client.produce('t', 0, idempotent(batch, 5, 0, 2))).toEqual({ baseOffset: 2 });
  await expect(two.client.produce('t', 0, idempotent(batch, 5, 0, 7))).rejects.toThrow(
    `error ${errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER}`,
  );
});

test('a folder that is somebody else’s is not touched', async () => {
  const dir = temporaryFolder();
  mkdirSync(join(dir, 'clicks-0'));
  await expect(start({ dir })).rejects.toThrow('it is no folder of this broker');
  expect(readdirSync(dir)).toEqual(['clicks-0']);
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  await expect(start({ dir: file })).rejects.toThrow('cannot be used');
});

test('a partition that no topic has is set aside', async () => {
  const dir = temporaryFolder();
  const one = await start({ dir });
  await one.broker.stop();
  mkdirSync(join(dir, 'stray-4'));
  const two = await start({ dir });
  expect(two.lines.join()).toContain('belongs to no topic');
  expect(readdirSync(dir).some((name) => /^stray-4\..*-stray$/.test(name))).toBe(true);
});

test('a port that is taken lets the folder go', async () => {
  const one = await start();
  const dir = temporaryFolder();
  const port = Number(one.broker.bootstrapServers.split(':')[1]);
  await expect(start({ dir, port })).rejects.toThrow('cannot listen');
  await start({ dir });
});

test('a snapshot is the whole broker', async () => {
  const one = await start();
  await one.client.createTopic('a', { 'cleanup.policy': 'compact' }, 2);
  await one.client.createTopic('b');
  await one.client.createTopic('empty');
  for (const value of ['x', 'y'])
    await one.client.produce('a', 0, batchOf([{ key: 'k', value }], 'zstd', now()));
  for (const value of ['1', '2', '3']) await one.client.produce('b', 0, batchOf([value], 'none', now()));
  for (const [name, offset] of [['b', 3]] as const)
    await one.client.send('DeleteRecords', {
      topics: [{ name, partitions: [{ partitionIndex: 0, offset }] }],
      timeoutMs: 1000,
    });
  const snapshot = one.broker.snapshot();
  await one.client.produce('a', 0, batchOf([{ key: 'k', value: 'later' }], 'none', now()));
  const two = await start({ snapshot });
  expect(await clusterOf(two.client)).toEqual(await clusterOf(one.client));
  expect(await values(two.client, 'a')).toEqual(['0 k=x', '1 k=y']);
  expect(await two.client.produce('b', 0, batchOf(['4'], 'none', now()))).toEqual({ baseOffset: 3 });
  expect(await values(two.client, 'b', 3)).toEqual(['3 4']);
  const again = two.broker.snapshot();
  const three = await start({ snapshot: again });
  expect(three.broker.snapshot()).toEqual(again);
  snapshot[snapshot.length - 1]! ^= 1;
  await expect(start({ snapshot })).rejects.toThrow('no snapshot of a broker');
  await expect(start({ snapshot, dir: 'x' })).rejects.toThrow('not both');
});

test('retention and compaction go by the clock', async () => {
  const world = new SimWorld(1);
  const { client } = await start({
    world,
    config: { 'log.retention.check.interval.ms': '1000', 'log.cleaner.backoff.ms': '100' },
  });
  await client.createTopic('old', { 'retention.ms': '5000' });
  await client.createTopic('keys', {
    'cleanup.policy': 'compact',
    'segment.ms': '1',
    'min.cleanable.dirty.ratio': '0.1',
  });
  const write = async (topic: string, key: string, value: string): Promise<unknown> =>
    client.produce(topic, 0, batchOf([{ key, value }], 'none', world.now()));
  await write('old', 'k', 'v');
  await write('keys', 'k', '1');
  world.moveTo(world.now() + 500);
  await write('keys', 'k', '2');
  world.moveTo(world.now() + 500);
  await write('keys', 'k', '3');
  expect(await values(client, 'old')).toEqual(['0 k=v']);
  world.moveTo(world.now() + 100);
  expect(await values(client, 'keys')).toEqual(['1 k=2', '2 k=3']);
  for (let i = 0; i < 5; i++) world.moveTo(world.now() + 1000);
  await expect(values(client, 'old')).rejects.toThrow(`error ${errorCodes.OFFSET_OUT_OF_RANGE}`);
  expect(await values(client, 'old', 1)).toEqual([]);
});

test('compression.type other than producer', async () => {
  const { client } = await start();
  for (const [type, codec] of [
    ['gzip', 'gzip'],
    ['zstd', 'zstd'],
    ['lz4', 'lz4'],
    ['snappy', 'snappy'],
    ['uncompressed', 'none'],
  ] as const) {
    await client.createTopic(type, { 'compression.type': type });
    const batch = idempotent(batchOf(['a', 'b'], type === 'lz4' ? 'gzip' : 'lz4', now()), 9, 1, 0);
    await client.produce(type, 0, batch);
    const data = await client.fetch(type, 0, 0);
    const [head, sent] = [readRecordBatch(data, 0)!, readRecordBatch(batch, 0)!];
    expect(head.codec).toBe(codec);
    const kept = [
      'producerId',
      'producerEpoch',
      'baseSequence',
      'baseTimestamp',
      'maxTimestamp',
      'count',
    ] as const;
    for (const field of kept) expect(head[field]).toBe(sent[field]);
    expect(recordTexts(data)).toEqual(['0 a', '1 b']);
  }
});
