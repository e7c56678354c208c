/* @platformatic/kafka: producer, transactions, groups of two by both protocols, admin. */

import {
  Admin,
  Consumer,
  MessagesStreamModes,
  Producer,
  stringDeserializers,
  stringSerializers,
  type Message,
  type MessagesStream,
} from '@platformatic/kafka';
import type { Servers } from './both.ts';
import { Observations, settle, until, type Client } from './client.ts';

const time = 1_700_000_000_000n;
const topicResource = 2;
const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

type Stream = MessagesStream<string, string, string, string>;
type Texts = Consumer<string, string, string, string>;
type Writer = Producer<string, string, string, string>;

class Scenario extends Observations {
  readonly #servers: string;
  readonly #topic: (of: string) => string;
  readonly #close: (() => Promise<unknown>)[] = [];

  constructor(servers: string, name: string) {
    super(name);
    this.#servers = servers;
    this.#topic = (of) => `${name}-${of}`;
  }
  async run(): Promise<void> {
    const admin = new Admin({ clientId: 'admin', bootstrapBrokers: [this.#servers], retries: 0 });
    this.#close.push(() => admin.close());
    await this.#topics(admin);
    await this.#configs(admin);
    await this.#records();
    await this.#transactions();
    for (const protocol of ['classic', 'consumer'] as const) await this.#group(admin, protocol);
    await this.#offsets(admin);
    await this.#removal(admin);
  }
  async close(): Promise<void> {
    await Promise.all(this.#close.map((close) => close()));
  }
  #producer(more: object = {}): Writer {
    const producer = new Producer<string, string, string, string>({
      clientId: 'producer',
      bootstrapBrokers: [this.#servers],
      serializers: stringSerializers,
      ...more,
    });
    this.#close.push(() => producer.close());
    return producer;
  }

  #settle(admin: Admin): Promise<void> {
    return settle(
      this.#topic('admin'),
      (topic) => admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 }),
      () => admin.listTopics(),
    );
  }

  async #topics(admin: Admin): Promise<void> {
    const create = (
      what: string,
      of: string,
      partitions: number,
      configs: { name: string; value: string }[] = [],
    ) =>
      this.attempt(what, async () => {
        const [made] = await admin.createTopics({
          topics: [this.#topic(of)],
          partitions,
          replicas: 1,
          configs,
        });
        const { 'min.insync.replicas': _, ...configuration } = made!.configuration;
        return [made!.name, made!.partitions, made!.replicas, configuration];
      });
    await create('create', 'ts', 2);
    await create('create again', 'ts', 2);
    await create('create', 'shared', 4, [{ name: 'retention.ms', value: '7200000' }]);
    await create('create badly', 'bad', 1, [{ name: 'retention.ms', value: 'soon' }]);
    await create('create none', 'bad', 0);
    const names = [this.#topic('ts'), this.#topic('shared')];
    await this.#settle(admin);
    this.say('listed', (await admin.listTopics()).filter((t) => names.includes(t)).sort());
    const partitions = (count: number): Promise<void> =>
      this.attempt(`partitions ${count}`, () =>
        admin.createPartitions({ topics: [{ name: this.#topic('ts'), count, assignments: [] }] }),
      );
    await partitions(3);
    await partitions(1);
    const metadata = await admin.metadata({ topics: [this.#topic('shared')] });
    this.say('metadata', [metadata.topics.get(this.#topic('shared'))!.partitions, metadata.controllerId]);
    await this.attempt('coordinator', async () =>
      (await admin.findCoordinator({ keyType: 0, keys: [this.#topic('group')] })).map((c) => [
        c.key,
        c.nodeId,
      ]),
    );
  }
  async #configs(admin: Admin): Promise<void> {
    const resource = { resourceType: topicResource, resourceName: this.#topic('shared') } as const;
    const show = async (what: string): Promise<void> => {
      const wanted = [{ ...resource, configurationKeys: null }];
      const [found] = await admin.describeConfigs({ resources: wanted, includeSynonyms: true });
      // A new Kafka cluster has it set for its eligible leader replicas.
      for (const config of found!.configs.sort((a, b) => a.name.localeCompare(b.name)))
        if (config.name !== 'min.insync.replicas') this.say(what, config);
    };
    await show('config');
    const alter = (name: string, configOperation: 0 | 1 | 2 | 3, value: string): Promise<void> =>
      this.attempt(`alter ${name} ${configOperation}`, () =>
        admin.incrementalAlterConfigs({
          resources: [{ ...resource, configs: [{ name, configOperation, value }] }],
        }),
      );
    await alter('retention.ms', 0, '1000000');
    await alter('cleanup.policy', 2, 'compact');
    await alter('cleanup.policy', 3, 'compact');
    await alter('retention.ms', 3, '1');
    await alter('nothing', 0, '1');
    await this.#settle(admin);
    await show('config then');
  }

  async #records(): Promise<void> {
    for (const compression of codecs) {
      const producer = this.#producer({ idempotent: true, compression });
      const topic = this.#topic('ts');
      const result = await producer.send({
        messages: [
          { key: 'key', value: 'väl✓ue', headers: { a: '1', b: '' } },
          { key: '', value: '' },
          { value: 'no key' },
          { key: 'large', value: compression.repeat(20_000) },
        ].map((message) => ({ ...message, topic, partition: 0, timestamp: time })),
        acks: -1,
      });
      this.say(`sent ${compression}`, result.offsets);
    }
    for (const [offset, ...record] of await this.#readAll('ts', 20))
      this.say(`read ${String(offset)}`, record);
    await this.attempt('to no partition', () =>
      this.#producer({ retries: 0 }).send({
        messages: [{ topic: this.#topic('ts'), partition: 9, value: 'v' }],
      }),
    );
  }
  async #readAll(of: string, count: number): Promise<unknown[][]> {
    const consumer = this.#consumer(`reader-${of}`);
    const stream = await consumer.consume({
      topics: [this.#topic(of)],
      mode: MessagesStreamModes.EARLIEST,
      maxWaitTime: 50,
    });
    const seen: unknown[][] = [];
    this.#drain(stream, (message) => {
      const { offset, timestamp, key, value, headerEntries, leaderEpoch } = message;
      const at = timestamp === time ? 'then' : 'now';
      seen.push([offset, at, key, value.length > 1000 ? value.length : value, headerEntries, leaderEpoch]);
    });
    await until(`${count} records`, () => seen.length >= count);
    return seen;
  }
  #consumer(group: string, more: object = {}): Texts {
    const consumer = new Consumer<string, string, string, string>({
      clientId: 'consumer',
      groupId: this.#topic(group),
      bootstrapBrokers: [this.#servers],
      deserializers: stringDeserializers,
      heartbeatInterval: 100,
      ...more,
    });
    this.#close.push(() => consumer.close(true));
    return consumer;
  }
  #drain(stream: Stream, each: (message: Message<string, string, string, string>) => void): void {
    stream.on('data', each);
    stream.on('error', () => {});
  }

  async #transactions(): Promise<void> {
    const make = (): Writer => this.#producer({ idempotent: true, transactionalId: this.#topic('tx') });
    const producer = make();
    const topic = this.#topic('ts');
    for (const word of ['committed', 'aborted', 'again']) {
      const transaction = await producer.beginTransaction();
      const sent = await transaction.send({ messages: [{ topic, partition: 1, value: word }] });
      this.say(word, sent.offsets);
      await this.attempt(word, () => (word === 'aborted' ? transaction.abort() : transaction.commit()));
    }
    // It introduces itself as producer 0, which it is not.
    await this.attempt('a newer one', () => make().beginTransaction());
  }

  async #group(admin: Admin, groupProtocol: 'classic' | 'consumer'): Promise<void> {
    const group = this.#topic(groupProtocol);
    const seen: string[] = [];
    const join = async (): Promise<() => Promise<void>> => {
      const consumer = this.#consumer(groupProtocol, { groupProtocol });
      const stream = await consumer.consume({
        topics: [this.#topic('shared')],
        mode: 'committed',
        fallbackMode: 'earliest',
        maxWaitTime: 50,
      });
      this.#drain(stream, (message) => {
        if (message.value.startsWith(groupProtocol)) seen.push(message.value);
        void message.commit();
      });
      members.push(consumer);
      return async () => {
        await stream.close();
        await consumer.close(true);
      };
    };
    const members: Texts[] = [];
    const has = (i: number): number[] => (members[i]?.assignments ?? []).flatMap((a) => a.partitions);
    await join();
    await until('all of them', () => has(0).length === 4);
    await this.#fill(groupProtocol, 'first');
    await until('the first records', () => new Set(seen).size === 20);
    const leave = await join();
    await until('a half each', () => has(0).length === 2 && has(1).length === 2);
    this.say(`${groupProtocol}, together`, [...has(0), ...has(1)].sort());
    await this.#fill(groupProtocol, 'second');
    await until('the second records', () => new Set(seen).size === 40);
    await this.attempt(`${groupProtocol}, deleted while it lives`, () =>
      admin.deleteGroups({ groups: [group] }),
    );
    await leave();
    await until('all of them again', () => has(0).length === 4);
    const found = await admin.listGroups();
    this.say(`${groupProtocol}, listed`, found.get(group));
  }
  async #fill(group: string, prefix: string): Promise<void> {
    const topic = this.#topic('shared');
    const value = (i: number): string => `${group} ${prefix} ${i}`;
    const messages = Array.from({ length: 20 }, (_, i) => ({ topic, partition: i % 4, value: value(i) }));
    await this.#producer().send({ messages });
  }

  async #offsets(admin: Admin): Promise<void> {
    const name = this.#topic('ts');
    for (const timestamp of [-1n, -2n, -3n, time, time + 1n]) {
      const topics = [{ name, partitions: [{ partitionIndex: 0, timestamp }] }];
      await this.attempt(`offset ${timestamp}`, () => admin.listOffsets({ topics }));
    }
    const groupId = this.#topic('set');
    const partitionOffsets = [{ partition: 0, offset: 3n }];
    await this.attempt('set', () =>
      admin.alterConsumerGroupOffsets({ groupId, topics: [{ name, partitionOffsets }] }),
    );
    await this.attempt('listed', () => admin.listConsumerGroupOffsets({ groups: [groupId] }));
    await this.attempt('deleted', () =>
      admin.deleteConsumerGroupOffsets({ groupId, topics: [{ name, partitionIndexes: [0] }] }),
    );
    for (const offset of [2n, 999n])
      await this.attempt(`delete before ${offset}`, () =>
        admin.deleteRecords({ topics: [{ name, partitions: [{ partition: 0, offset }] }] }),
      );
  }
  async #removal(admin: Admin): Promise<void> {
    await this.attempt('group deleted', () => admin.deleteGroups({ groups: [this.#topic('set')] }));
    await this.attempt('no group deleted', () => admin.deleteGroups({ groups: [this.#topic('nobody')] }));
    await this.attempt('deleted', () => admin.deleteTopics({ topics: [this.#topic('ts')] }));
    await this.attempt('nothing deleted', () => admin.deleteTopics({ topics: [this.#topic('nothing')] }));
  }
}

async function observe({ plain }: Servers, name: string): Promise<readonly string[]> {
  const scenario = new Scenario(plain, name);
  try {
    await scenario.run();
  } finally {
    await scenario.close();
  }
  return scenario.lines;
}

export const platformaticClient: Client = {
  name: '@platformatic/kafka 2.12.1',
  prepare: () => Promise.resolve(undefined),
  observe,
  linesMin: 60,
};
