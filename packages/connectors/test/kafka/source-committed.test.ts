/* Reading committed records only: transactions that lie across each other and across fetches, one that stays open, and a
 * topic that was compacted meanwhile. */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { types } from '#data';
import { WireClient } from '../../../broker/test/wire-client.ts';
import {
  bootstrapServers,
  createTopic,
  freshTopic,
  jsonOptions,
  noKafka,
  openSource,
  produce,
  readAll,
  tableOf,
} from './support.ts';
import { TransactionalProducer } from './transactional-producer.ts';

const columns = { id: types.BIGINT };
const committedOnly = { 'properties.isolation.level': 'read_committed' };
const record = (id: number): { value: string } => ({ value: `{"id":${id}}` });
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
/** Fetches of one batch, of a few, and of all. */
const fetches = ['1', '1000', '4000000'];

let client: WireClient;
const producer = (): TransactionalProducer =>
  new TransactionalProducer((name, message, version) => client.send(name, message, version), freshTopic());
async function idsOf(topic: string, options: Readonly<Record<string, string>> = {}): Promise<number[]> {
  const { rows } = await readAll(tableOf(columns, jsonOptions(topic, { ...committedOnly, ...options })));
  return rows.map((r) => Number(r[0]));
}

describe.skipIf(noKafka)('committed records', () => {
  beforeAll(async () => {
    client = await WireClient.connect(bootstrapServers);
  });
  afterAll(() => {
    client.close();
  });

  for (const seed of [1, 2, 3])
    test(`of producers whose transactions lie across each other, seed ${seed}`, async () => {
      const rng = new Rng(seed);
      const topic = await createTopic();
      const producers = [producer(), producer(), producer()];
      const fates = new Map<number, boolean>();
      const open = producers.map((): number[] => []);
      let id = 0;
      const end = async (who: number): Promise<void> => {
        if (!producers[who]!.isOpen) return;
        const commit = rng.below(2) === 0;
        await producers[who]!.end(commit);
        for (const written of open[who]!.splice(0)) fates.set(written, commit);
      };
      for (let step = 0; step < 60; step++) {
        const who = rng.below(4);
        const ids = range(id, id + 1 + rng.below(3));
        id += ids.length;
        if (who === 3) {
          await produce(topic, ids.map(record));
          for (const written of ids) fates.set(written, true);
          continue;
        }
        await producers[who]!.write(topic, 0, ids.map(record), Date.now());
        open[who]!.push(...ids);
        if (rng.below(3) === 0) await end(who);
      }
      for (const who of [0, 1, 2]) await end(who);
      const expected = range(0, id).filter((written) => fates.get(written));
      expect(expected.length).toBeLessThan(id);
      for (const bytes of fetches) {
        const read = await idsOf(topic, { 'properties.max.partition.fetch.bytes': bytes });
        expect({ bytes, read }).toEqual({ bytes, read: expected });
      }
    });

  test('many transactions aborted in one fetch, and one whose marker lies far behind', async () => {
    const topic = await createTopic();
    const late = producer();
    await late.write(topic, 0, range(0, 5).map(record), Date.now());
    const many = producer();
    for (let n = 1; n <= 20; n++) {
      await many.write(topic, 0, range(n * 10, n * 10 + 5).map(record), Date.now());
      await many.end(n % 5 === 0);
      await produce(topic, [record(n * 10 + 9)]);
    }
    await late.write(topic, 0, range(5, 10).map(record), Date.now());
    await late.end(false);
    const expected = range(1, 21).flatMap((n) => [
      ...(n % 5 === 0 ? range(n * 10, n * 10 + 5) : []),
      n * 10 + 9,
    ]);
    for (const bytes of fetches) {
      const read = await idsOf(topic, { 'properties.max.partition.fetch.bytes': bytes });
      expect({ bytes, read }).toEqual({ bytes, read: expected });
    }
  });

  for (const commit of [true, false])
    test(`an open transaction holds back what lies behind it, until it is ${commit ? 'committed' : 'aborted'}`, async () => {
      const topic = await createTopic();
      await produce(topic, range(0, 3).map(record));
      const open = producer();
      await open.write(topic, 0, range(3, 6).map(record), Date.now());
      await produce(topic, range(6, 9).map(record));
      const table = tableOf(columns, jsonOptions(topic, { ...committedOnly, 'scan.bounded.mode': '' }));
      const reading = await openSource(table);
      const ids = (): number[] => reading.rows.map((r) => Number(r[0]));
      await reading.run(() => reading.rows.length >= 3);
      await sleep(700);
      expect(reading.source.poll()).toEqual({ kind: 'wait' });
      expect(ids()).toEqual([0, 1, 2]);
      // What is bounded by now ends before it.
      expect(await idsOf(topic)).toEqual([0, 1, 2]);
      await open.end(commit);
      const expected = commit ? range(0, 9) : [0, 1, 2, 6, 7, 8];
      await reading.run(() => reading.rows.length >= expected.length);
      expect(ids()).toEqual(expected);
      await reading.source.close();
    });

  test('a restart in the middle of an aborted transaction leaves out the rest of it', async () => {
    const topic = await createTopic();
    const writer = producer();
    for (const id of range(0, 20)) await writer.write(topic, 0, [record(id)], Date.now());
    await writer.end(false);
    await produce(topic, range(20, 23).map(record));
    for (const offset of [1, 10, 19, 20]) {
      const from = { 'scan.startup.mode': 'specific-offsets' };
      const read = await idsOf(topic, {
        ...from,
        'scan.startup.specific-offsets': `partition:0,offset:${offset}`,
      });
      expect({ offset, read }).toEqual({ offset, read: [20, 21, 22] });
    }
  });

  test('of a compacted topic', async () => {
    const topic = freshTopic();
    const configs = {
      'cleanup.policy': 'compact',
      'min.cleanable.dirty.ratio': '0.001',
      'segment.ms': '100',
      'min.compaction.lag.ms': '0',
      'max.compaction.lag.ms': '200',
      'delete.retention.ms': '600000',
    };
    await client.send('CreateTopics', {
      topics: [
        {
          name: topic,
          numPartitions: 1,
          replicationFactor: 1,
          configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
        },
      ],
      timeoutMs: 10_000,
    });
    const writer = producer();
    // The last committed value of each key counts, however often the key was aborted since.
    for (let round = 0; round < 4; round++)
      for (const commit of [true, false]) {
        const id = round * 100 + (commit ? 0 : 50);
        const records = range(0, 10).map((key) => ({ key: `k${key}`, value: `{"id":${id + key}}` }));
        await writer.write(topic, 0, records, Date.now());
        await writer.end(commit);
        await sleep(150);
      }
    const lastRound = range(300, 310);
    let read: number[] = [];
    for (let tries = 0; tries < 80 && read.length !== lastRound.length + 2; tries++) {
      // A new record closes the segment before.
      if (tries < 2) {
        const record = { key: `more${tries}`, value: `{"id":${1000 + tries}}` };
        await writer.write(topic, 0, [record], Date.now());
        await writer.end(true);
      }
      read = await idsOf(topic);
      expect(read.filter((id) => id % 100 >= 50)).toEqual([]);
      expect(read.filter((id) => lastRound.includes(id))).toEqual(lastRound);
      await sleep(500);
    }
    expect(read).toEqual([...range(300, 310), 1000, 1001]);
  });
});
