/* Writing outside transactions over a broker that loses answers and forgets its producers: brokers know a batch that comes
 * again by its producer and number. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Broker } from '#broker';
import { overCalls } from '../../src/kafka/transport-for.ts';
import { columns, range, rowsOf } from './transactional-sink.ts';
import { jsonOptions, openSink, readAll, realWorld, tableOf, type OpenSink } from './support.ts';

const topic = 'out';
let broker: Broker;
const reach = overCalls(() => broker.connect());

beforeEach(async () => {
  broker = await Broker.start({ world: realWorld, listen: false });
  broker.topics.create(topic, { partitions: 2 });
});
afterEach(() => broker.stop());

const tableWith = (more: Readonly<Record<string, string>>): ReturnType<typeof tableOf> =>
  tableOf(
    columns,
    jsonOptions(topic, {
      'properties.bootstrap.servers': 'here:9092',
      'sink.partitioner': 'round-robin',
      ...more,
    }),
  );
const start = (more: Readonly<Record<string, string>> = {}): Promise<OpenSink> =>
  openSink(tableWith(more), { reach });
async function ids(): Promise<number[]> {
  const { rows } = await readAll(tableWith({}), { reach });
  return rows.map((r) => Number(r[0])).toSorted((a, b) => a - b);
}
/** Batches of ten rows each, the fault before the second. */
async function writeWith(sink: OpenSink, fault: Parameters<Broker['inject']>[0]): Promise<void> {
  await sink.write(rowsOf(0, 10));
  await sink.flush();
  broker.inject(fault);
  for (const from of [10, 20, 30]) {
    await sink.write(rowsOf(from, from + 10));
    await sink.flush();
  }
  await sink.close();
}

describe('records that are sent again', () => {
  test.for(['before', 'after'] as const)('dropped %s they were written are there once', async (drop) => {
    await writeWith(await start(), { request: 'Produce', drop, times: 3 });
    expect(await ids()).toEqual(range(0, 40));
  });

  test.for([
    'OUT_OF_ORDER_SEQUENCE_NUMBER',
    'UNKNOWN_PRODUCER_ID',
    'INVALID_PRODUCER_EPOCH',
    'INVALID_PRODUCER_ID_MAPPING',
  ] as const)('go under another producer id after %s', async (error) => {
    await writeWith(await start(), { request: 'Produce', error, times: 2 });
    expect(await ids()).toEqual(range(0, 40));
  });

  test('go under another producer id as soon as there is one', async () => {
    broker.inject({ request: 'InitProducerId', delayMs: 1 });
    const sink = await start();
    broker.inject({ request: 'InitProducerId', drop: 'before', times: 2 });
    await writeWith(sink, { request: 'Produce', error: 'UNKNOWN_PRODUCER_ID' });
    expect(await ids()).toEqual(range(0, 40));
  });

  test('may be there twice where idempotence is off', async () => {
    const sink = await start({ 'properties.enable.idempotence': 'false' });
    await writeWith(sink, { request: 'Produce', drop: 'after' });
    const found = await ids();
    expect(new Set(found)).toEqual(new Set(range(0, 40)));
    expect(found.length).toBeGreaterThan(40);
  });

  test('go without where brokers give no producer id, unless one is required', async () => {
    const none = { request: 'InitProducerId', error: 'CLUSTER_AUTHORIZATION_FAILED', times: 1 } as const;
    broker.inject(none);
    const sink = await start();
    await sink.write(rowsOf(0, 10));
    await sink.flush();
    await sink.close();
    expect(await ids()).toEqual(range(0, 10));
    broker.inject(none);
    await expect(start({ 'properties.enable.idempotence': 'true' })).rejects.toMatchObject({
      code: 'KAF1003',
      message: 'Kafka refused to give a producer id: CLUSTER_AUTHORIZATION_FAILED',
    });
  });

  test('cannot be known where nobody waits for all replicas', async () => {
    await expect(
      start({ 'properties.acks': '1', 'properties.enable.idempotence': 'true' }),
    ).rejects.toMatchObject({
      code: 'KAF1001',
      message: "'properties.acks': found '1', expected all, for 'properties.enable.idempotence' = 'true'",
    });
    const sink = await start({ 'properties.acks': '1' });
    await sink.write(rowsOf(0, 10));
    await sink.flush();
    await sink.close();
    expect(await ids()).toEqual(range(0, 10));
  });
});
