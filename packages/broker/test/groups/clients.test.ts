/* Groups of clients that nobody here wrote: kafkajs and @platformatic/kafka, members that come and go. */

import { Consumer as PlatformaticConsumer, stringDeserializers } from '@platformatic/kafka';
import { Kafka, logLevel, type Consumer } from 'kafkajs';
import { afterEach, describe, expect, test } from 'vitest';
import { Broker } from '#broker';
import { realWorld } from '#host';

let broker: Broker;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  await broker.stop();
});

async function start(): Promise<Kafka> {
  const config = { 'group.initial.rebalance.delay.ms': '50', 'group.consumer.heartbeat.interval.ms': '100' };
  broker = await Broker.start({ world: realWorld(), config });
  broker.topics.create('t', { partitions: 4 });
  return new Kafka({ clientId: 'test', brokers: [broker.bootstrapServers], logLevel: logLevel.NOTHING });
}
function fill(from: number, to: number): void {
  for (let i = from; i < to; i++) broker.produce('t', [{ key: `${i}`, value: `v${i}` }], i % 4);
}
async function until(what: () => boolean): Promise<void> {
  await expect.poll(what, { timeout: 20_000, interval: 20 }).toBe(true);
}

describe('kafkajs', () => {
  interface Running {
    readonly consumer: Consumer;
    readonly seen: string[];
    partitions: readonly number[];
    joins: number;
  }
  async function run(kafka: Kafka): Promise<Running> {
    const consumer = kafka.consumer({ groupId: 'g', heartbeatInterval: 50, maxWaitTimeInMs: 50 });
    const running: Running = { consumer, seen: [], partitions: [], joins: 0 };
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      running.partitions = payload.memberAssignment['t'] ?? [];
      running.joins++;
    });
    closing.push(() => consumer.disconnect());
    await consumer.connect();
    await consumer.subscribe({ topic: 't', fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        running.seen.push(message.value!.toString());
        return Promise.resolve();
      },
    });
    return running;
  }

  test('a second member takes half, and the first has all again when it goes', async () => {
    const kafka = await start();
    const one = await run(kafka);
    fill(0, 40);
    await until(() => one.seen.length === 40);
    const two = await run(kafka);
    await until(() => one.partitions.length === 2 && two.partitions.length === 2);
    fill(40, 80);
    await until(() => one.seen.length + two.seen.length === 80);
    expect(two.seen).toHaveLength(20);
    const admin = kafka.admin();
    await admin.connect();
    closing.push(() => admin.disconnect());
    const { groups } = await admin.describeGroups(['g']);
    expect(groups[0]).toMatchObject({ state: 'Stable', protocolType: 'consumer' });
    expect(groups[0]!.members).toHaveLength(2);
    expect((await admin.listGroups()).groups).toEqual([{ groupId: 'g', protocolType: 'consumer' }]);
    await two.consumer.disconnect();
    await until(() => one.partitions.length === 4);
    fill(80, 120);
    await until(() => one.seen.length + two.seen.length === 120);
    expect(new Set([...one.seen, ...two.seen]).size).toBe(120);
    await one.consumer.disconnect();
    const left = await admin.fetchOffsets({ groupId: 'g', topics: ['t'] });
    expect(left[0]!.partitions.map((p) => p.offset)).toEqual(['30', '30', '30', '30']);
    await admin.deleteGroups(['g']);
    expect((await admin.listGroups()).groups).toEqual([]);
  });
});

describe('@platformatic/kafka', () => {
  for (const groupProtocol of ['classic', 'consumer'] as const)
    test(`a group of two by the ${groupProtocol} protocol`, async () => {
      await start();
      const seen: string[][] = [[], []];
      const run = async (index: number): Promise<PlatformaticConsumer<string, string, string, string>> => {
        const consumer = new PlatformaticConsumer({
          clientId: `p${index}`,
          groupId: 'g',
          bootstrapBrokers: [broker.bootstrapServers],
          deserializers: stringDeserializers,
          groupProtocol,
          heartbeatInterval: 100,
        });
        const stream = await consumer.consume({ topics: ['t'], mode: 'committed', fallbackMode: 'earliest' });
        stream.on('data', (message) => {
          seen[index]!.push(message.value);
          void message.commit();
        });
        closing.push(async () => {
          await stream.close();
          await consumer.close(true);
        });
        return consumer;
      };
      fill(0, 40);
      const one = await run(0);
      await until(() => seen[0]!.length >= 40);
      const two = await run(1);
      const has = ({ assignments }: typeof one): number =>
        (assignments ?? []).flatMap((a) => a.partitions).length;
      await until(() => has(one) === 2 && has(two) === 2);
      fill(40, 80);
      await until(() => new Set(seen.flat()).size === 80);
      // The first member may have had a fetch of all partitions under way, which took these; none has any longer.
      fill(80, 120);
      await until(() => new Set(seen.flat()).size === 120 && seen[1]!.length > 0);
    });
});
