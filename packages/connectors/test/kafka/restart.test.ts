/* A broker that goes and comes back, as a crash and as a stop: the job goes on. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { types, type Row } from '#data';
import type { KafkaServer } from '../../../../tools/kafka/server.ts';
import { ownKafka } from '../../../../tools/test-kafka.ts';
import {
  createTopic,
  jsonOptions,
  noKafka,
  openSink,
  openSource,
  produce,
  readAll,
  tableOf,
} from './support.ts';
import { committed, freshPrefix, range, rowsOf, startRun } from './transactional-sink.ts';

const message = (id: number): { value: string } => ({ value: `{"id":${id}}` });

describe.skipIf(noKafka)('a broker that goes away', () => {
  let broker: KafkaServer;
  beforeAll(async () => {
    broker = (await ownKafka())!;
  });
  afterAll(() => broker.close());

  test('reading goes on when it is back, without a record lost or doubled', async () => {
    const servers = broker.bootstrapServers;
    const topic = await createTopic(1, servers);
    await produce(topic, [message(0), message(1)], 'none', servers);
    const options = jsonOptions(topic, { 'properties.bootstrap.servers': servers, 'scan.bounded.mode': '' });
    const reading = await openSource(tableOf({ id: types.BIGINT }, options));
    await reading.run(() => reading.rows.length === 2);
    for (const abruptly of [true, false]) {
      expect(reading.source.trouble).toBeUndefined();
      await broker.stop(abruptly);
      const waiting = reading.run(() => reading.rows.length === (abruptly ? 3 : 4));
      await expect
        .poll(() => reading.source.trouble, { timeout: 20_000 })
        .toMatchObject({
          message: expect.stringContaining(servers),
          since: expect.any(Number),
        });
      await broker.restart();
      await produce(topic, [message(reading.rows.length)], 'none', servers);
      await waiting;
      expect(reading.source.trouble).toBeUndefined();
    }
    expect(reading.rows.map((r) => r[0])).toEqual([0n, 1n, 2n, 3n]);
    await reading.source.close();
  });

  test('what was written while it was away is in the topic once, in order, when it is back', async () => {
    const servers = broker.bootstrapServers;
    const topic = await createTopic(1, servers);
    const table = tableOf(
      { id: types.BIGINT },
      jsonOptions(topic, { 'properties.bootstrap.servers': servers }),
    );
    const rows = (from: number, to: number): Row[] =>
      Array.from({ length: to - from }, (_, i) => [BigInt(from + i)]);
    const sink = await openSink(table);
    await sink.write(rows(0, 10));
    await broker.stop();
    await sink.write(rows(10, 5000));
    const flushed = sink.flush();
    await broker.restart();
    await flushed;
    await sink.close();
    expect((await readAll(table)).rows).toEqual(rows(0, 5000));
  });

  test('a transaction outlives the broker: written, prepared and committed across two crashes of it', async () => {
    const servers = broker.bootstrapServers;
    const topic = await createTopic(2, servers);
    const at = { 'properties.bootstrap.servers': servers };
    const run = await startRun(topic, freshPrefix(), {}, at);
    await run.write(rowsOf(0, 1000));
    await run.flush();
    await broker.stop(true);
    await run.write(rowsOf(1000, 2000));
    const preparing = run.prepare();
    await expect
      .poll(() => run.sink.trouble, { timeout: 20_000 })
      .toMatchObject({ message: expect.stringContaining(servers) as string });
    await broker.restart();
    const prepared = await preparing;
    await run.write(rowsOf(2000, 3000));
    await run.flush();
    await broker.stop(true);
    const committing = run.commit(prepared);
    await broker.restart();
    await committing;
    await run.commit(await run.prepare());
    await run.close();
    expect(await committed(topic, {}, at)).toEqual(range(0, 3000));
  });

  test('a start without any broker fails with the address', async () => {
    const options = jsonOptions('t', {
      'properties.bootstrap.servers': '127.0.0.1:1',
      'properties.default.api.timeout.ms': '300',
    });
    const slow = openSource(tableOf({ id: types.BIGINT }, options));
    await expect(slow).rejects.toThrow('no connection to Kafka at 127.0.0.1:1');
  });
});
