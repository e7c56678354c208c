/* A broker in memory that is full: it takes no more records, says so once, and everything else goes on. */

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { errorCodes } from '#kafka';
import { recordTexts } from '../log/record-texts.ts';
import { batchOf, type WireClient } from '../wire-client.ts';
import { BoundsRig, heldMiB } from './bounds-rig.ts';

const value = 'x'.repeat(10_000);

/** Produces until it is refused; gives how many batches were taken, and the error. */
async function fill(client: WireClient, topic: string): Promise<{ taken: number; error: number }> {
  for (let taken = 0; ; taken++) {
    const error = await send(client, topic, value);
    if (error !== 0) return { taken, error };
  }
}
async function send(client: WireClient, topic: string, text: string): Promise<number> {
  const records = [batchOf([{ key: `${text.length}`, value: text }], 'none', Date.now())];
  const topicData = [{ name: topic, partitionData: [{ index: 0, records }] }];
  const answer = await client.send('Produce', { acks: -1, timeoutMs: 1000, topicData }, 9);
  return answer.responses[0]!.partitionResponses[0]!.errorCode;
}

test('records are refused when memory is full, until some go', async () => {
  const rig = await BoundsRig.start({ memoryBytesMax: 1_000_000 });
  const client = await rig.client();
  await client.createTopic('t');
  await client.createTopic('other');
  expect(await send(client, 'other', 'before')).toBe(0);
  const { taken, error } = await fill(client, 't');
  expect(error).toBe(errorCodes.KAFKA_STORAGE_ERROR);
  expect(taken).toBeGreaterThan(80);
  expect(taken).toBeLessThan(100);
  expect(await send(client, 'other', value)).toBe(errorCodes.KAFKA_STORAGE_ERROR);
  expect(rig.lines).toEqual([
    expect.stringMatching(/^the logs hold \d+ bytes of the 1000000 that memory has/),
  ]);
  // What is there is read, and other requests are answered.
  expect(recordTexts(await client.fetch('t', 0, 0))).toHaveLength(taken);
  await client.createTopic('third');

  const partitions = [{ partitionIndex: 0, offset: 50 }];
  const deleted = await client.send('DeleteRecords', { topics: [{ name: 't', partitions }], timeoutMs: 100 });
  expect(deleted.topics[0]!.partitions[0]!.errorCode).toBe(0);
  const again = await fill(client, 'other');
  expect(again.taken).toBe(50);
  expect(rig.lines).toHaveLength(2);
  await client.send('DeleteTopics', { topics: [{ name: 't' }], timeoutMs: 100 });
  expect((await fill(client, 'other')).taken).toBe(taken - 50);
});

test('retention and compaction make room', async () => {
  const rig = await BoundsRig.start({
    memoryBytesMax: 300_000,
    config: {
      'log.cleaner.backoff.ms': '10',
      'log.retention.check.interval.ms': '10',
    },
  });
  const client = await rig.client();
  const small = { 'internal.segment.bytes': '50000' };
  const compacted = { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.01' };
  await client.createTopic('compacted', { ...small, ...compacted });
  await client.createTopic('kept', { ...small, 'retention.bytes': '100000' });
  for (const topic of ['compacted', 'kept']) {
    await fill(client, topic);
    await expect.poll(() => send(client, topic, value), { timeout: 5000 }).toBe(0);
  }
  await sleep(50);
  for (let i = 0; i < 200; i++) await send(client, i % 2 === 0 ? 'compacted' : 'kept', value);
  await expect.poll(() => send(client, 'kept', value), { timeout: 5000 }).toBe(0);
});

test('a transaction that began when there was room can be ended when there is none', async () => {
  const rig = await BoundsRig.start({ memoryBytesMax: 200_000 });
  const client = await rig.client();
  await client.createTopic('t');
  const init = { transactionalId: 'x', transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 };
  const { producerId, producerEpoch } = await client.send('InitProducerId', init);
  const who = { transactionalId: 'x', producerId, producerEpoch };
  const transactions = [{ ...who, topics: [{ name: 't', partitions: [0] }] }];
  await client.send(
    'AddPartitionsToTxn',
    {
      transactions,
      v3AndBelowTransactionalId: 'x',
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: 't', partitions: [0] }],
    },
    3,
  );
  await fill(client, 't');
  expect((await client.send('EndTxn', { ...who, committed: true }, 3)).errorCode).toBe(0);
});

test('a small batch in a large request keeps only itself', async () => {
  const rig = await BoundsRig.start();
  const client = await rig.client();
  await client.createTopic('t');
  const before = heldMiB();
  for (let i = 0; i < 60; i++) {
    const records = [batchOf(['small'], 'none', Date.now())];
    // A batch for a topic that is not there is as good as any padding.
    const topicData = [
      { name: 't', partitionData: [{ index: 0, records }] },
      { name: 'nowhere', partitionData: [{ index: 0, records: [Buffer.alloc(5_000_000)] }] },
    ];
    await client.send('Produce', { acks: -1, timeoutMs: 1000, topicData }, 9);
  }
  expect(rig.broker.offsets('t')[0]!.end).toBe(60);
  expect(heldMiB() - before).toBeLessThan(150);
});
