/* Batches that explode when somebody looks inside, or whose head says what the body is not: an answer, and nothing else. */

import { describe, expect, test } from 'vitest';
import { errorCodes } from '#kafka';
import { attributesOffset, compress, crcOffset, type Codec } from '#records';
import { crc32c } from '#wasm';
import { batchOf, type WireClient } from '../wire-client.ts';
import { BoundsRig } from './bounds-rig.ts';

const packed = ['gzip', 'snappy', 'lz4', 'zstd'] as const;
const bombBytes = 70 << 20;
const head = 61;

function sealed(batch: Buffer): Buffer {
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeUInt32BE(crc32c(batch, attributesOffset), crcOffset);
  return batch;
}
/** A batch of one record, it says, with another body. */
const withBody = (codec: Codec, body: Uint8Array): Buffer =>
  sealed(Buffer.concat([batchOf(['x'], codec, Date.now()).subarray(0, head), body]));
const zeros = Buffer.alloc(bombBytes);
const bombs = new Map(packed.map((codec) => [codec, withBody(codec, compress(codec, zeros))]));

async function answerTo(client: WireClient, topic: string, batch: Buffer): Promise<number> {
  const topicData = [{ name: topic, partitionData: [{ index: 0, records: [Buffer.from(batch)] }] }];
  const answer = await client.send('Produce', { acks: -1, timeoutMs: 1000, topicData }, 9);
  return answer.responses[0]!.partitionResponses[0]!.errorCode;
}
async function rigWith(configs: Record<string, string>): Promise<{ rig: BoundsRig; client: WireClient }> {
  const rig = await BoundsRig.start({
    config: {
      'message.max.bytes': '10000000',
      'log.segment.bytes': '11000000',
      'log.cleaner.backoff.ms': '5',
    },
  });
  const client = await rig.client();
  await client.createTopic('t', configs);
  return { rig, client };
}

describe.each(packed)('%s', (codec) => {
  const bomb = bombs.get(codec)!;
  test.each([
    ['a compacted topic', { 'cleanup.policy': 'compact' }],
    ['a topic with another codec', { 'compression.type': codec === 'gzip' ? 'zstd' : 'gzip' }],
    ['a topic with bounds of time', { 'message.timestamp.before.max.ms': '1000000000' }],
  ])('%s', async (_, configs) => {
    const { rig, client } = await rigWith(configs);
    expect(await answerTo(client, 't', bomb)).toBe(errorCodes.CORRUPT_MESSAGE);
    expect(await answerTo(client, 't', batchOf([{ key: 'k', value: 'v' }], codec, Date.now()))).toBe(0);
    expect(rig.lines).toEqual([]);
  });
  test('a search by time, and a compaction that comes later', async () => {
    const { rig, client } = await rigWith({});
    expect(await answerTo(client, 't', bomb)).toBe(0);
    expect(await answerTo(client, 't', withBody(codec, Buffer.from('nothing of the kind')))).toBe(0);
    for (const timestamp of [0, -3]) {
      const topics = [{ name: 't', partitions: [{ partitionIndex: 0, timestamp }] }];
      const answer = await client.send('ListOffsets', { replicaId: -1, topics });
      expect(answer.topics[0]!.partitions[0]!.errorCode).toBe(errorCodes.CORRUPT_MESSAGE);
    }
    const configs = [
      { name: 'cleanup.policy', configOperation: 0, value: 'compact' },
      { name: 'segment.bytes', configOperation: 0, value: '1048576' },
      { name: 'min.cleanable.dirty.ratio', configOperation: 0, value: '0' },
    ];
    await client.send('IncrementalAlterConfigs', {
      resources: [{ resourceType: 2, resourceName: 't', configs }],
    });
    const large = batchOf([{ key: 'k', value: 'v'.repeat(1_000_000) }], 'none', Date.now());
    for (let i = 0; i < 2; i++) expect(await answerTo(client, 't', large)).toBe(0);
    await expect.poll(() => rig.lines.length, { timeout: 5000 }).toBeGreaterThan(0);
    expect(rig.lines[0]).toMatch(/^compaction of t-0: .*corrupt records/);
    expect(await answerTo(client, 't', large)).toBe(0);
  });
});

describe('heads that lie', () => {
  const changed = (change: (batch: Buffer) => void, codec: Codec = 'none'): Buffer => {
    const batch = batchOf([{ key: 'k', value: 'v' }], codec, Date.now());
    change(batch);
    return sealed(batch);
  };
  const counted =
    (count: number): ((batch: Buffer) => void) =>
    (batch) => {
      batch.writeInt32BE(count - 1, 23);
      batch.writeInt32BE(count, 57);
    };
  test.each([
    ['two thousand million records', changed(counted(0x7fff_ffff)), errorCodes.INVALID_RECORD],
    ['so many, packed', changed(counted(0x7fff_ffff), 'lz4'), errorCodes.INVALID_RECORD],
    ['a few more than there are', changed(counted(3), 'lz4'), errorCodes.CORRUPT_MESSAGE],
    [
      'a time beyond all time',
      changed((b) => b.writeBigInt64BE(2n ** 63n - 1n, 35)),
      errorCodes.INVALID_TIMESTAMP,
    ],
  ])('%s', async (_, batch, error) => {
    const { rig, client } = await rigWith({ 'cleanup.policy': 'compact' });
    expect(await answerTo(client, 't', batch)).toBe(error);
    expect(rig.lines).toEqual([]);
  });
});
