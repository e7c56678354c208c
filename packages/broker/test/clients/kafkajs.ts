/* kafkajs: producer, transactions, groups of two, admin. It writes gzip alone. */

import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  CompressionTypes,
  ConfigResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
  type Admin,
  type Consumer,
} from 'kafkajs';
import type { Servers } from './both.ts';
import { Observations, settle, until, type Client } from './client.ts';

const time = 1_700_000_000_000;

class Scenario extends Observations {
  readonly #kafka: Kafka;
  readonly #topic: (of: string) => string;
  readonly #open: { disconnect(): Promise<void> }[] = [];

  constructor(kafka: Kafka, name: string) {
    super(name);
    this.#kafka = kafka;
    this.#topic = (of) => `${name}-${of}`;
  }
  async run(): Promise<void> {
    const admin = this.#kafka.admin();
    this.#open.push(admin);
    await admin.connect();
    await this.#topics(admin);
    await this.#configs(admin);
    await this.#records();
    await this.#transactions();
    await this.#group(admin);
    await this.#offsets(admin);
    await this.#lists(admin);
    await this.#removal(admin);
  }
  async close(): Promise<void> {
    await Promise.all(this.#open.map((one) => one.disconnect()));
  }

  #settle(admin: Admin): Promise<void> {
    return settle(
      this.#topic('admin'),
      (topic) => admin.createTopics({ topics: [{ topic }], waitForLeaders: false }),
      () => admin.listTopics(),
    );
  }

  async #topics(admin: Admin): Promise<void> {
    const create = (topic: string, numPartitions: number, more: object = {}): Promise<void> =>
      this.attempt(`create ${topic} ${JSON.stringify(more)}`, () =>
        admin.createTopics({
          topics: [{ topic: this.#topic(topic), numPartitions, ...more }],
          waitForLeaders: false,
        }),
      );
    await create('js', 1);
    await create('js', 1);
    await create('shared', 4, { configEntries: [{ name: 'retention.ms', value: '7200000' }] });
    await create('bad', 1, { configEntries: [{ name: 'retention.ms', value: 'soon' }] });
    await create('bad', 1, { replicationFactor: 3 });
    await create('assigned', 2, { replicaAssignment: [{ partition: 0, replicas: [1] }] });
    const partitions = (count: number): Promise<void> =>
      this.attempt(`partitions ${count}`, () =>
        admin.createPartitions({ topicPartitions: [{ topic: this.#topic('js'), count }] }),
      );
    await partitions(2);
    await partitions(1);
    await this.#settle(admin);
    const { topics } = await admin.fetchTopicMetadata({ topics: [this.#topic('shared')] });
    for (const { partitions: found } of topics)
      this.say(
        'metadata',
        found.sort((a, b) => a.partitionId - b.partitionId),
      );
    await this.attempt('metadata of nothing', () => admin.fetchTopicMetadata({ topics: ['not/a name'] }));
    const cluster = await admin.describeCluster();
    this.say('cluster', [cluster.brokers.map((b) => b.nodeId), cluster.controller, cluster.clusterId.length]);
  }
  async #configs(admin: Admin): Promise<void> {
    const resource = { type: ConfigResourceTypes.TOPIC, name: this.#topic('shared') };
    const show = async (what: string): Promise<void> => {
      const { resources } = await admin.describeConfigs({ includeSynonyms: true, resources: [resource] });
      // A new Kafka cluster has it set for its eligible leader replicas.
      for (const entry of resources[0]!.configEntries.sort((a, b) =>
        a.configName.localeCompare(b.configName),
      ))
        if (entry.configName !== 'min.insync.replicas') this.say(what, entry);
    };
    await show('config');
    await this.attempt('alter', () =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [{ ...resource, configEntries: [{ name: 'cleanup.policy', value: 'delete' }] }],
      }),
    );
    await this.attempt('alter badly', () =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [{ ...resource, configEntries: [{ name: 'nothing', value: '1' }] }],
      }),
    );
    await this.#settle(admin);
    await show('config then');
  }

  async #records(): Promise<void> {
    for (const compression of [CompressionTypes.None, CompressionTypes.GZIP]) {
      const producer = this.#kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
      this.#open.push(producer);
      await producer.connect();
      const topic = this.#topic('js');
      const messages = [
        { key: 'key', value: 'väl✓ue', headers: { a: ['1', '2'], b: '' } },
        { key: null, value: null },
        { key: '', value: '' },
        { key: 'large', value: 'x'.repeat(100_000) },
      ].map((message) => ({ ...message, partition: 0, timestamp: String(time) }));
      const [sent] = await producer.send({ topic, compression, acks: -1, messages });
      this.say('sent', [sent?.partition, sent?.errorCode, sent?.baseOffset, sent?.logStartOffset]);
      const batch = await producer.sendBatch({
        topicMessages: [
          { topic, messages: [{ partition: 1, value: 'of a batch' }] },
          { topic: this.#topic('assigned'), messages: [{ partition: 0, value: 'of a batch' }] },
        ],
      });
      this.say('batch', batch.map((b) => [b.topicName, b.partition, b.baseOffset]).sort());
    }
    this.say('read', await this.#readAll('js', 8));
  }
  async #readAll(of: string, count: number, partition = 0): Promise<unknown[]> {
    const consumer = this.#kafka.consumer({
      groupId: this.#topic(`reader-${of}-${partition}`),
      maxWaitTimeInMs: 50,
    });
    this.#open.push(consumer);
    const seen: unknown[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic: this.#topic(of), fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message, partition: from }) => {
        if (from !== partition) return Promise.resolve();
        const { key, value, offset, timestamp, headers, attributes } = message;
        const large = (value?.length ?? 0) > 1000;
        const at = Number(timestamp) === time ? timestamp : 'now';
        const told = [offset, at, attributes, key?.toString(), large ? value!.length : value?.toString()];
        seen.push([...told, Object.entries(headers ?? {}).map(([k, v]) => [k, String(v)])]);
        return Promise.resolve();
      },
    });
    await until(`${count} records`, () => seen.length >= count);
    return seen;
  }

  async #transactions(): Promise<void> {
    const made = async (): Promise<ReturnType<Kafka['producer']>> => {
      const producer = this.#kafka.producer({
        transactionalId: this.#topic('tx'),
        maxInFlightRequests: 1,
        idempotent: true,
      });
      this.#open.push(producer);
      await producer.connect();
      return producer;
    };
    const topic = this.#topic('assigned');
    const producer = await made();
    for (const word of ['committed', 'aborted', 'again']) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ partition: 0, value: word }] });
      await transaction.sendOffsets({
        consumerGroupId: this.#topic('tx-group'),
        topics: [{ topic, partitions: [{ partition: 0, offset: String(word.length) }] }],
      });
      await this.attempt(word, () => (word === 'aborted' ? transaction.abort() : transaction.commit()));
    }
    this.say('read committed', await this.#readAll('assigned', 4));
    const newer = await made();
    await (await newer.transaction()).abort();
    await this.attempt('fenced', async () => {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ partition: 0, value: 'late' }] });
    });
  }

  async #group(admin: Admin): Promise<void> {
    interface Member {
      readonly consumer: Consumer;
      has: readonly number[];
      protocol: string;
    }
    const seen: string[] = [];
    const join = async (): Promise<Member> => {
      const settings = { groupId: this.#topic('group'), heartbeatInterval: 50, maxWaitTimeInMs: 50 };
      const member: Member = { consumer: this.#kafka.consumer(settings), has: [], protocol: '' };
      this.#open.push(member.consumer);
      member.consumer.on('consumer.group_join', ({ payload }) => {
        member.has = payload.memberAssignment[this.#topic('shared')] ?? [];
        member.protocol = payload.groupProtocol;
      });
      await member.consumer.connect();
      await member.consumer.subscribe({ topic: this.#topic('shared'), fromBeginning: true });
      await member.consumer.run({
        eachMessage: async ({ message }) => {
          seen.push(message.value!.toString());
        },
      });
      return member;
    };
    const one = await join();
    await until('all of them', () => one.has.length === 4);
    await this.#fill('first');
    await until('the first records', () => seen.length === 20);
    const two = await join();
    await until('a half each', () => one.has.length === 2 && two.has.length === 2);
    this.say('together', [...one.has, ...two.has].sort());
    await this.#fill('second');
    await until('the second records', () => seen.length === 40);
    const { groups } = await admin.describeGroups([this.#topic('group')]);
    this.say('described', [
      groups[0]!.state,
      groups[0]!.protocol,
      groups[0]!.protocolType,
      groups[0]!.members.length,
    ]);
    await this.attempt('deleted while it lives', () => admin.deleteGroups([this.#topic('group')]));
    await two.consumer.disconnect();
    await until('all of them again', () => one.has.length === 4);
    await one.consumer.disconnect();
    const left = await admin.fetchOffsets({ groupId: this.#topic('group'), topics: [this.#topic('shared')] });
    this.say(
      'committed',
      left[0]!.partitions.sort((a, b) => a.partition - b.partition),
    );
    const listed = (await admin.listGroups()).groups;
    this.say(
      'listed',
      listed.filter((g) => g.groupId === this.#topic('group')),
    );
  }
  async #fill(prefix: string): Promise<void> {
    const producer = this.#kafka.producer();
    this.#open.push(producer);
    await producer.connect();
    const messages = Array.from({ length: 20 }, (_, i) => ({ partition: i % 4, value: `${prefix} ${i}` }));
    await producer.send({ topic: this.#topic('shared'), messages });
  }

  async #offsets(admin: Admin): Promise<void> {
    const topic = this.#topic('js');
    const sorted = <T extends { partition: number }>(all: T[]): T[] =>
      all.sort((a, b) => a.partition - b.partition);
    this.say('offsets', sorted(await admin.fetchTopicOffsets(topic)));
    this.say('at a time', sorted(await admin.fetchTopicOffsetsByTimestamp(topic, time)));
    this.say('fetched', await admin.fetchOffsets({ groupId: this.#topic('reader-js-0'), topics: [topic] }));
    const remove = (offset: string): Promise<void> =>
      this.attempt(`delete before ${offset}`, () =>
        admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] }),
      );
    await remove('2');
    await remove('999');
    this.say('offsets then', sorted(await admin.fetchTopicOffsets(topic)));
  }
  async #lists(admin: Admin): Promise<void> {
    const acl = {
      resourceType: AclResourceTypes.TOPIC,
      resourceName: this.#topic('js'),
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: 'User:js',
      host: '*',
      operation: AclOperationTypes.READ,
      permissionType: AclPermissionTypes.ALLOW,
    };
    await this.attempt('list made', () => admin.createAcls({ acl: [acl] }));
    await this.#settle(admin);
    this.say('lists', (await admin.describeAcls(acl)).resources);
    this.say('lists deleted', (await admin.deleteAcls({ filters: [acl] })).filterResponses);
  }
  async #removal(admin: Admin): Promise<void> {
    await this.attempt('group deleted', () => admin.deleteGroups([this.#topic('group')]));
    await this.attempt('no group deleted', () => admin.deleteGroups([this.#topic('nobody')]));
    await this.attempt('deleted', () => admin.deleteTopics({ topics: [this.#topic('js')] }));
    await this.attempt('nothing deleted', () => admin.deleteTopics({ topics: [this.#topic('nothing')] }));
  }
}

async function observe({ plain }: Servers, name: string): Promise<readonly string[]> {
  const retry = { retries: 20, initialRetryTime: 50, maxRetryTime: 300 };
  const scenario = new Scenario(new Kafka({ brokers: [plain], logLevel: logLevel.NOTHING, retry }), name);
  try {
    await scenario.run();
  } finally {
    await scenario.close();
  }
  return scenario.lines;
}

export const kafkajsClient: Client = {
  name: 'kafkajs 2.2.4',
  prepare: () => Promise.resolve(undefined),
  observe,
  linesMin: 60,
};
