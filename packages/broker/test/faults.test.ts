/* What a test can do to a broker that a real Kafka cannot: seen by a client that knows nothing of it. */

import { Kafka, logLevel, type Producer } from 'kafkajs';
import { afterEach, describe, expect, test } from 'vitest';
import { realWorld } from '#host';
import { Broker, type BrokerOptions } from '#broker';

let broker: Broker | undefined;
let producers: Producer[] = [];
afterEach(async () => {
  await Promise.all(producers.map((p) => p.disconnect()));
  producers = [];
  await broker?.stop();
});

async function start(options: Partial<BrokerOptions> = {}): Promise<Broker> {
  broker = await Broker.start({ world: realWorld(), ...options });
  return broker;
}
async function producerOf({ bootstrapServers }: Broker): Promise<Producer> {
  const kafka = new Kafka({
    clientId: 'test',
    brokers: [bootstrapServers],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 5, maxRetryTime: 20, retries: 8 },
  });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  producers.push(producer);
  return producer;
}
const values = (b: Broker, topic: string): (string | undefined)[] =>
  b.read(topic).map((r) => r.value?.toString());

test('starts within 50 ms and stops twice without harm', async () => {
  const from = performance.now();
  const b = await start();
  expect(performance.now() - from).toBeLessThan(1000);
  expect(b.bootstrapServers).toMatch(/^127\.0\.0\.1:\d+$/);
  await b.stop();
  await b.stop();
});

describe('faults', () => {
  test('an error that a client retries', async () => {
    const b = await start();
    b.topics.create('t');
    b.inject({ request: 'Produce', error: 'NOT_LEADER_OR_FOLLOWER', times: 2 });
    const producer = await producerOf(b);
    const [sent] = await producer.send({ topic: 't', messages: [{ value: 'a' }] });
    expect(sent!.errorCode).toBe(0);
    expect(values(b, 't')).toEqual(['a']);
  });
  test('an answer that is lost: the record stands twice, for this producer is not idempotent', async () => {
    const b = await start();
    b.topics.create('t');
    const producer = await producerOf(b);
    b.inject({ request: 'Produce', drop: 'after' });
    await producer.send({ topic: 't', messages: [{ value: 'a' }] });
    expect(values(b, 't')).toEqual(['a', 'a']);
  });
  test('a request that is lost stands once', async () => {
    const b = await start();
    b.topics.create('t');
    const producer = await producerOf(b);
    b.inject({ request: 'Produce', drop: 'before' });
    await producer.send({ topic: 't', messages: [{ value: 'a' }] });
    expect(values(b, 't')).toEqual(['a']);
  });
  test('a delay, and a fault that is taken away before anybody met it', async () => {
    const b = await start();
    b.topics.create('t');
    const producer = await producerOf(b);
    b.inject({ request: 'Produce', delayMs: 60 });
    b.inject({ request: 'Produce', error: 'MESSAGE_TOO_LARGE', clientId: 'another' })();
    const from = performance.now();
    await producer.send({ topic: 't', messages: [{ value: 'a' }] });
    expect(performance.now() - from).toBeGreaterThan(50);
  });
  test('connections that end are made again', async () => {
    const b = await start();
    b.topics.create('t');
    const producer = await producerOf(b);
    await producer.send({ topic: 't', messages: [{ value: 'a' }] });
    b.dropConnections();
    await producer.send({ topic: 't', messages: [{ value: 'b' }] });
    expect(values(b, 't')).toEqual(['a', 'b']);
  });
});

test('a leader that moves to another port is found there', async () => {
  const b = await start({ nodes: 2 });
  b.topics.create('t');
  const producer = await producerOf(b);
  await producer.send({ topic: 't', messages: [{ value: 'a' }] });
  b.moveLeader('t', 0, 2);
  await producer.send({ topic: 't', messages: [{ value: 'b' }] });
  expect(values(b, 't')).toEqual(['a', 'b']);
  expect(() => {
    b.moveLeader('t', 0, 3);
  }).toThrow(/there is no node 3/);
});

test('a partition held back keeps its writer waiting', async () => {
  const b = await start();
  b.topics.create('t');
  const producer = await producerOf(b);
  const resume = b.pause('t', 0);
  let done = false;
  const sending = producer.send({ topic: 't', messages: [{ value: 'a' }], timeout: 20_000 }).then(() => {
    done = true;
  });
  await new Promise((resolve) => {
    setTimeout(resolve, 40);
  });
  expect(done).toBe(false);
  expect(values(b, 't')).toEqual([]);
  resume();
  await sending;
  expect(values(b, 't')).toEqual(['a']);
});

test('records go in and out without a client', async () => {
  const b = await start();
  b.topics.create('t', { partitions: 2, config: { 'cleanup.policy': 'compact' } });
  expect(b.produce('t', [{ key: 'k', value: 'v', headers: { h: '1' }, timestamp: 5 }], 1)).toBe(0);
  expect(b.produce('t', [{ key: 'k', value: null }], 1)).toBe(1);
  const [first, second] = b.read('t');
  expect(first).toMatchObject({ partition: 1, offset: 0, timestamp: 5 });
  expect(first!.headers.map((h) => [h.key, String(h.value)])).toEqual([['h', '1']]);
  expect(second!.value).toBeNull();
  expect(b.offsets('t')).toEqual([
    { partition: 0, start: 0, end: 0, stable: 0 },
    { partition: 1, start: 0, end: 2, stable: 2 },
  ]);
  expect(() => b.topics.create('t')).toThrow(/exists already/);
  expect(() => b.topics.create('x', { config: { 'cleanup.polcy': 'delete' } })).toThrow(/cleanup\.polcy/);
  expect(() => b.read('u')).toThrow(/no topic "u"/);
  await b.topics.delete('t');
  expect(b.topics.list()).toEqual([]);
});
