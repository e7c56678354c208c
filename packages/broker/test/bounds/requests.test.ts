/* Requests that ask for too much at once: each is refused, or answered once for what it asks many times. */

import { expect, test } from 'vitest';
import { errorCodes } from '#kafka';
import { BoundsRig } from './bounds-rig.ts';

const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

test('more items than a request may have', async () => {
  const rig = await BoundsRig.start();
  const client = await rig.client();
  const topics = many(131_073, { name: 't' });
  await expect(client.send('Metadata', { topics }, 1)).rejects.toThrow(/closed|ECONNRESET/);
  expect(rig.lines).toEqual([expect.stringMatching(/more items than a request may have/)]);
});
test('a string that a plain answer could not tell', async () => {
  const rig = await BoundsRig.start();
  const client = await rig.client();
  await expect(client.send('DescribeGroups', { groups: ['g'.repeat(32_768)] }, 5)).rejects.toThrow(
    /closed|ECONNRESET/,
  );
  expect(rig.lines).toEqual([expect.stringMatching(/a string of 32768 bytes was announced/)]);
});
test('what is named twice is described once', async () => {
  const rig = await BoundsRig.start();
  const client = await rig.client();
  await client.createTopic('t', {}, 3);
  const metadata = await client.send('Metadata', { topics: many(1000, { name: 't' }) });
  expect(metadata.topics).toHaveLength(1);
  const resources = many(1000, { resourceType: 2, resourceName: 't', configurationKeys: null });
  expect((await client.send('DescribeConfigs', { resources })).results).toHaveLength(1);
  expect((await client.send('DescribeGroups', { groups: many(1000, 'g') })).groups).toHaveLength(1);
  const groups = many(1000, { groupId: 'g', memberId: null, topics: null });
  expect((await client.send('OffsetFetch', { groups })).groups).toHaveLength(1);
  const producers = await client.send('DescribeProducers', {
    topics: many(10, { name: 't', partitionIndexes: [0, 0, 1] }),
  });
  expect(producers.topics.map((t) => t.partitions.map((p) => p.partitionIndex))).toEqual([[0, 1]]);
  const ids = many(10, 'x');
  expect(
    (await client.send('DescribeTransactions', { transactionalIds: ids })).transactionStates,
  ).toHaveLength(1);
  expect((await client.send('ConsumerGroupDescribe', { groupIds: ids })).groups).toHaveLength(1);
});
test('ListOffsets that names a partition twice', async () => {
  const rig = await BoundsRig.start();
  const client = await rig.client();
  await client.createTopic('t', {}, 2);
  const partitions = [0, 1, 0].map((partitionIndex) => ({ partitionIndex, timestamp: -1 }));
  const { topics } = await client.send('ListOffsets', { replicaId: -1, topics: [{ name: 't', partitions }] });
  const invalid = errorCodes.INVALID_REQUEST;
  expect(topics[0]!.partitions.map((p) => p.errorCode)).toEqual([invalid, 0, invalid]);
});
test('partitions by the thousand', async () => {
  const rig = await BoundsRig.start();
  const client = await rig.client();
  const topic = (name: string, numPartitions: number): object => ({
    name,
    numPartitions,
    replicationFactor: 1,
  });
  const create = async (...topics: object[]): Promise<number[]> =>
    (await client.send('CreateTopics', { topics: topics as never, timeoutMs: 100 })).topics.map(
      (t) => t.errorCode,
    );
  expect(await create(topic('a', 6000), topic('b', 5000))).toEqual(many(2, errorCodes.POLICY_VIOLATION));
  // One that is wrong anyway does not make room for another.
  expect(await create(topic('a', -10_000), topic('b', 15_000))).toEqual(many(2, errorCodes.POLICY_VIOLATION));
  expect(await create(topic('a', 2))).toEqual([0]);
  const grown = { topics: [{ name: 'a', count: 0x7fff_ffff, assignments: null }], timeoutMs: 100 };
  expect((await client.send('CreatePartitions', grown)).results[0]!.errorCode).toBe(
    errorCodes.POLICY_VIOLATION,
  );
});
test('a pattern of transactional ids that would take forever to search for', async () => {
  const rig = await BoundsRig.start();
  const client = await rig.client();
  const transactionalId = `${'x'.repeat(60)}!`;
  const init = { transactionalId, transactionTimeoutMs: 1000, producerId: -1, producerEpoch: -1 };
  expect((await client.send('InitProducerId', init)).errorCode).toBe(0);
  const list = (
    transactionalIdPattern: string,
  ): Promise<{ errorCode: number; transactionStates: readonly object[] }> =>
    client.send('ListTransactions', { durationFilter: -1, transactionalIdPattern });
  expect((await list('(x+x+)+y')).transactionStates).toEqual([]);
  expect((await list('x+.')).transactionStates).toHaveLength(1);
  expect((await list('(')).errorCode).toBe(errorCodes.INVALID_REGULAR_EXPRESSION);
});
