/* The same requests to a real Kafka and to ours: equal answers where a partition's log decides. */

import { afterAll, describe, expect, test } from 'vitest';
import { attributesOffset, crcOffset, type Codec } from '#records';
import { crc32c } from '#wasm';
import { bothBrokers } from '../both-brokers.ts';
import { made } from '../talk.ts';
import { batchOf, type WireClient, type TestRecord } from '../wire-client.ts';
import { idempotent } from './idempotent.ts';

const brokers = await bothBrokers({ 'message.max.bytes': '33554432' });
const { missing } = brokers;
afterAll(() => brokers.close());

let topics = 0;
/** Runs the script against both; topics have the same names. */
async function compare(
  configs: Record<string, string>,
  script: (client: WireClient, topic: string) => Promise<unknown>,
): Promise<unknown> {
  const topic = `log-${process.pid}-${performance.timeOrigin.toString(36).replace('.', '-')}-${topics++}`;
  const seen: unknown[] = [];
  for (const client of await brokers.connect()) {
    await made(client, topic, configs);
    seen.push(await script(client, topic));
  }
  expect(seen[1]).toEqual(seen[0]);
  return seen[1];
}
/** Kafka takes a while until a new topic has its leader. */
const now = Date.now();
const records = (...values: (string | TestRecord)[]): Buffer => batchOf(values, 'none', now);
async function produced(client: WireClient, topic: string, batch: Buffer): Promise<unknown> {
  const topicData = [{ name: topic, partitionData: [{ index: 0, records: [batch] }] }];
  const answer = await client.send('Produce', { acks: -1, timeoutMs: 5000, topicData });
  return answer.responses[0]!.partitionResponses[0]!;
}

describe.skipIf(missing !== undefined)(
  `answers of Kafka${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    test('records without a key, to a compacted topic', async () => {
      const keyed = { key: 'a', value: '1' };
      await compare({ 'cleanup.policy': 'compact' }, async (client, topic) => [
        await produced(client, topic, records(keyed, 'none')),
        await produced(client, topic, records('1', '2', keyed, '3', '4')),
        await produced(client, topic, batchOf([keyed, 'x'], 'lz4', now)),
        await produced(client, topic, records(keyed)),
        await produced(client, topic, records({ key: '', value: null })),
      ]);
    });
    test('times that are too old or too new', async () => {
      const limits = {
        'message.timestamp.before.max.ms': '1000000',
        'message.timestamp.after.max.ms': '2000000',
      };
      const rangeless = (answer: unknown): string =>
        JSON.stringify(answer).replaceAll(/\[\d+, \d+\]/g, 'range');
      await compare(limits, async (client, topic) => [
        rangeless(await produced(client, topic, records({ value: 'x', timestamp: now + 10_000_000 }))),
        rangeless(await produced(client, topic, records('x', { value: 'y', timestamp: now - 10_000_000 }))),
        rangeless(await produced(client, topic, records('x', { value: 'y', timestamp: now - 500_000 }))),
      ]);
    });
    test.each(['gzip', 'snappy', 'lz4', 'zstd', 'uncompressed'])('compression.type %s', async (type) => {
      await compare({ 'compression.type': type }, async (client, topic) => {
        const heads: string[] = [];
        for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as Codec[]) {
          const sent = idempotent(
            batchOf(['a', { key: 'k', value: 'b', timestamp: now + 5 }], codec, now),
            3,
            0,
            0,
          );
          await client.produce(topic, 0, idempotent(sent, 1000 + heads.length, 2, 0));
          const data = await client.fetch(topic, 0, heads.length * 2);
          // All of the head but length, leader epoch and checksum, which the body decides.
          heads.push(`${data.toString('hex', 0, 8)} ${data.toString('hex', attributesOffset, 61)}`);
        }
        return heads;
      });
    });
    test('DeleteRecords', async () => {
      const remove = async (
        client: WireClient,
        name: string,
        offset: number,
        partitionIndex = 0,
      ): Promise<unknown> =>
        (
          await client.send('DeleteRecords', {
            topics: [{ name, partitions: [{ partitionIndex, offset }] }],
            timeoutMs: 5000,
          })
        ).topics;
      const earliest = async (client: WireClient, name: string): Promise<unknown> => {
        const partitions = [{ partitionIndex: 0, timestamp: -2, currentLeaderEpoch: -1 }];
        const answer = await client.send('ListOffsets', { replicaId: -1, topics: [{ name, partitions }] }, 7);
        return answer.topics[0]!.partitions[0]!.offset;
      };
      await compare({}, async (client, topic) => {
        await client.produce(topic, 0, records('a', 'b', 'c'));
        await client.produce(topic, 0, records('d'));
        const seen: unknown[] = [];
        for (const offset of [0, 1, 5, -2, 0, 2]) {
          seen.push(await remove(client, topic, offset), await earliest(client, topic));
          seen.push(await client.fetch(topic, 0, 0).catch((error: Error) => error.message));
        }
        seen.push(await remove(client, topic, -1), await earliest(client, topic));
        seen.push(await remove(client, topic, 0, 3), await remove(client, 'nowhere-at-all', 0));
        return seen;
      });
      for (const policy of ['compact', 'compact,delete'])
        await compare({ 'cleanup.policy': policy }, (client, topic) => remove(client, topic, 0));
    });
    test('OffsetForLeaderEpoch', async () => {
      await compare({}, async (client, topic) => {
        await client.produce(topic, 0, records('a', 'b', 'c'));
        const seen: unknown[] = [];
        for (const version of [2, 3, 4])
          for (const [currentLeaderEpoch, leaderEpoch] of [
            [-1, 0],
            [0, 0],
            [0, -1],
            [-1, 1],
            [4, 0],
            [-1, 7],
          ] as const) {
            const partitions = [{ partition: 0, currentLeaderEpoch, leaderEpoch }];
            const asked = { replicaId: -1, topics: [{ topic, partitions }] };
            seen.push((await client.send('OffsetForLeaderEpoch', asked, version)).topics);
          }
        return seen;
      });
    });
    test('a wrong checksum, an old format, and two batches', async () => {
      await compare({}, async (client, topic) => {
        const old = records('a');
        old[16] = 1;
        const broken = records('a');
        broken.writeUInt32BE((crc32c(broken, attributesOffset) ^ 1) >>> 0, crcOffset);
        return [
          await produced(client, topic, broken),
          await produced(client, topic, old),
          await produced(client, topic, Buffer.concat([records('a'), records('b')])),
        ];
      });
    });
  },
);
