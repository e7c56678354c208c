/* One conversation with a real Kafka and with ours: odd inputs to every request of topics, configs and records; answers
 * equal but for ids, times and addresses. What groups, transactions and logs answer is compared beside them. */

import { afterAll, describe, expect, test } from 'vitest';
import { apis, zeroUuid } from '#kafka';
import { bothBrokers } from './both-brokers.ts';
import { made, produce, sameTalk, settled, type Script } from './talk.ts';
import { batchOf, type WireClient } from './wire-client.ts';

const brokers = await bothBrokers({ 'message.max.bytes': '33554432', 'log.retention.ms': '-1' });
const { missing } = brokers;
afterAll(() => brokers.close());

let topics = 0;
const fresh = (): string =>
  `talk-${process.pid}-${performance.timeOrigin.toString(36).replace('.', '')}-${topics++}`;

const talk = async (script: Script): Promise<unknown> => sameTalk(await brokers.connect(), fresh(), script);

/** Of each config its type, whether it may change, and its default. */
async function brokerDefaults(client: WireClient): Promise<Map<string, string>> {
  const { results } = await client.send('DescribeConfigs', {
    resources: [{ resourceType: 4, resourceName: '1', configurationKeys: null }],
    includeSynonyms: true,
  });
  return new Map(
    results[0]!.configs.map(({ name, configType, readOnly, synonyms }) => {
      const value = synonyms.find((s) => s.source === 5 && s.name === name)?.value;
      return [name, `${configType} ${readOnly} ${value}`];
    }),
  );
}

describe.skipIf(missing !== undefined)(`the same talk${missing === undefined ? '' : ` (${missing})`}`, () => {
  test('Metadata: topics that are not there, bad names, unknown ids', () =>
    talk(async (ask, client, topic) => {
      await made(client, topic, {}, 2);
      for (const version of [1, 4, 7, 9, 12]) {
        await ask('Metadata', { topics: [{ name: topic }], allowAutoTopicCreation: false }, version);
        await ask(
          'Metadata',
          { topics: [{ name: `${topic}-none` }], allowAutoTopicCreation: false },
          Math.max(4, version),
        );
        await ask(
          'Metadata',
          { topics: [{ name: 'a b' }], allowAutoTopicCreation: false },
          Math.max(4, version),
        );
      }
      await ask('Metadata', { topics: [{ name: null, topicId: 'AAAAAAAAAAAAAAAAAAAABQ' }] }, 12);
      await ask('Metadata', { topics: [] }, 12);
    }));

  test('CreateTopics: every way to be refused', () =>
    talk(async (ask, client, topic) => {
      await made(client, topic);
      const one = (name: string, more: object = {}): object => ({
        name,
        numPartitions: 1,
        replicationFactor: 1,
        ...more,
      });
      const wanted: object[] = [
        one(topic),
        one('a b'),
        one(''),
        one('.'),
        one('x'.repeat(250)),
        one(`${topic}-a`, { numPartitions: 0 }),
        one(`${topic}-b`, { numPartitions: -2 }),
        one(`${topic}-c`, { replicationFactor: 3 }),
        one(`${topic}-d`, { replicationFactor: 0 }),
        one(`${topic}-e`, { configs: [{ name: 'no.such.config', value: '1' }] }),
        one(`${topic}-f`, { configs: [{ name: 'retention.ms', value: 'soon' }] }),
        one(`${topic}-g`, { configs: [{ name: 'cleanup.policy', value: 'keep' }] }),
        one(`${topic}-h`, { configs: [{ name: 'min.cleanable.dirty.ratio', value: '2' }] }),
        one(`${topic}-i`, { assignments: [{ partitionIndex: 0, brokerIds: [1] }] }),
        {
          name: `${topic}-j`,
          numPartitions: -1,
          replicationFactor: -1,
          assignments: [{ partitionIndex: 0, brokerIds: [9] }],
        },
      ];
      for (const topicWanted of wanted)
        await ask('CreateTopics', { topics: [topicWanted], timeoutMs: 5000 } as never);
      await ask('CreateTopics', { topics: [one(`${topic}-k`), one(`${topic}-k`)], timeoutMs: 5000 } as never);
      await ask(
        'CreateTopics',
        { topics: [one(`${topic}-l`)], timeoutMs: 5000, validateOnly: true } as never,
        5,
      );
    }));

  test('DeleteTopics and CreatePartitions', () =>
    talk(async (ask, client, topic) => {
      await made(client, topic, {}, 2);
      for (const count of [1, 2, 0, -1])
        await ask('CreatePartitions', {
          topics: [{ name: topic, count, assignments: null }],
          timeoutMs: 5000,
        });
      await ask('CreatePartitions', {
        topics: [{ name: `${topic}-none`, count: 3, assignments: null }],
        timeoutMs: 5000,
      });
      await ask('CreatePartitions', {
        topics: [{ name: topic, count: 3, assignments: [] }],
        timeoutMs: 5000,
      });
      await ask('CreatePartitions', {
        topics: [{ name: topic, count: 3, assignments: null }],
        timeoutMs: 5000,
      });
      await ask('DeleteTopics', { topics: [{ name: `${topic}-none` }], timeoutMs: 5000 });
      await ask('DeleteTopics', {
        topics: [{ name: null, topicId: 'AAAAAAAAAAAAAAAAAAAABQ' }],
        timeoutMs: 5000,
      });
      await ask('DeleteTopics', { topicNames: [`${topic}-none`], timeoutMs: 5000 }, 4);
      await ask('DeleteTopics', { topics: [{ name: topic }], timeoutMs: 5000 });
    }));

  test('configs: described, set and refused', () =>
    talk(async (ask, client, topic) => {
      await made(client, topic, { 'retention.ms': '1000' });
      const describeConfigs = (
        resourceType: number,
        resourceName: string,
        configurationKeys: string[] | null = null,
      ) =>
        ask('DescribeConfigs', {
          resources: [{ resourceType, resourceName, configurationKeys }],
          includeSynonyms: true,
        });
      await describeConfigs(2, topic, ['retention.ms', 'cleanup.policy', 'max.message.bytes', 'no.such']);
      await describeConfigs(2, `${topic}-none`);
      await describeConfigs(2, 'a b');
      await describeConfigs(4, '77');
      await made(client, `${topic}-small`, { 'internal.segment.bytes': '1000' });
      await describeConfigs(2, `${topic}-small`, ['internal.segment.bytes']);
      const alter = (...configs: [string, number, string | null][]) =>
        ask('IncrementalAlterConfigs', {
          resources: [
            {
              resourceType: 2,
              resourceName: topic,
              configs: configs.map(([name, configOperation, value]) => ({ name, configOperation, value })),
            },
          ],
        });
      await alter(['retention.ms', 0, '5000']);
      await alter(['retention.ms', 0, 'x']);
      await alter(['no.such', 0, 'x']);
      await alter(['retention.ms', 2, '1']);
      await alter(['cleanup.policy', 2, 'compact']);
      await alter(['cleanup.policy', 3, 'delete']);
      await alter(['retention.ms', 0, null]);
      await alter(['retention.ms', 0, '1'], ['retention.ms', 0, '2']);
      await alter(['retention.ms', 1, null]);
      await settled(client, topic);
      await describeConfigs(2, topic, ['retention.ms', 'cleanup.policy']);
      await ask('AlterConfigs', {
        resources: [
          { resourceType: 2, resourceName: topic, configs: [{ name: 'max.message.bytes', value: '2000' }] },
        ],
      });
      await settled(client, `${topic}-more`);
      await describeConfigs(2, topic, ['max.message.bytes', 'cleanup.policy']);
      await ask('IncrementalAlterConfigs', {
        resources: [{ resourceType: 2, resourceName: `${topic}-none`, configs: [] }],
      });
    }));
  test('configs: a topic has the same ones, with the same defaults', () =>
    talk(async (_, client, topic) => {
      await made(client, topic);
      const { results } = await client.send('DescribeConfigs', {
        resources: [{ resourceType: 2, resourceName: topic, configurationKeys: null }],
      });
      const names = results[0]!.configs.map((c) => `${c.name} ${c.configType}`).sort();
      configNames.push(names);
    }).then(() => {
      expect(configNames[1]).toEqual(configNames[0]);
    }));
  const configNames: string[][] = [];
  test("configs: the broker's are Kafka's, with Kafka's defaults but where docs/broker.md says otherwise", async () => {
    const [theirs, own] = await Promise.all((await brokers.connect()).map(brokerDefaults));
    const different = [...own!].filter(([name, told]) => theirs!.get(name) !== told).map(([name]) => name);
    expect(different.sort()).toEqual([
      // The authorizer's own, which Kafka does not tell.
      'allow.everyone.if.no.acl.found',
      // Ours stay where they were opened.
      'listeners',
      'max.connections',
      'queued.max.request.bytes',
      'super.users',
    ]);
  });

  test('Produce: refused, and taken', () =>
    talk(async (ask, client, topic) => {
      await made(client, topic, { 'max.message.bytes': '500' });
      const batch = batchOf(['a', 'b'], 'none', 1_700_000_000_000);
      await ask('Produce', produce(topic, 0, batch));
      await ask('Produce', produce(topic, 0, batch, 1), 9);
      await ask('Produce', produce(topic, 0, batch, 2));
      await ask('Produce', produce(topic, 5, batch));
      await ask('Produce', produce(`${topic}-none`, 0, batch));
      await ask('Produce', produce(topic, 0, batchOf(['x'.repeat(600)], 'none', 1_700_000_000_000)));
      for (const version of [3, 5, 7, 8]) await ask('Produce', produce(topic, 0, batch), version);
    }));

  test('ListOffsets: by time, by special times, and out of place', () =>
    talk(async (ask, client, topic) => {
      await made(client, topic);
      const list = (timestamp: number, more: object = {}, version = 8) =>
        ask(
          'ListOffsets',
          {
            replicaId: -1,
            topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp, ...more }] }],
          },
          version,
        );
      for (const time of [-1, -2, -3, 5]) await list(time);
      await client.produce(
        topic,
        0,
        batchOf([
          { value: 'a', timestamp: 1000 },
          { value: 'b', timestamp: 3000 },
          { value: 'c', timestamp: 2000 },
        ]),
      );
      await client.produce(topic, 0, batchOf([{ value: 'd', timestamp: 2500 }], 'gzip'));
      for (const time of [-1, -2, -3, -4, 0, 1000, 1001, 2000, 2001, 3000, 3001]) await list(time);
      await list(-1, { currentLeaderEpoch: 7 });
      await list(-1, { partitionIndex: 3 });
      for (const version of [1, 3, 5, 7]) await list(2001, {}, version);
      await ask(
        'ListOffsets',
        {
          replicaId: -1,
          topics: [{ name: `${topic}-none`, partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
        },
        8,
      );
    }));

  test('Fetch: places that are not there, sessions, and what a reader gets', () =>
    talk(async (ask, client, topic) => {
      await made(client, topic);
      await client.produce(topic, 0, batchOf(['a', 'b'], 'none', 1_700_000_000_000));
      const { topics: found } = await client.send('Metadata', { topics: [{ name: topic }] });
      const { topicId } = found[0]!;
      const base = { maxWaitMs: 0, minBytes: 0, maxBytes: 1 << 20 };
      const at = (fetchOffset: number, more: object = {}): object => ({
        partition: 0,
        fetchOffset,
        partitionMaxBytes: 1 << 20,
        ...more,
      });
      const fetch = (partitions: object[], more: object = {}, version = 17) =>
        ask('Fetch', { ...base, ...more, topics: [{ topic, topicId, partitions }] } as never, version);
      for (const version of [4, 7, 11, 12, 13, 17]) await fetch([at(0)], {}, version);
      await fetch([at(1)]);
      await fetch([at(2)]);
      await fetch([at(3)]);
      await fetch([at(-1)]);
      await fetch([at(0, { partition: 9 })]);
      await fetch([at(0, { currentLeaderEpoch: 4 })]);
      await fetch([at(0, { partitionMaxBytes: 1 })]);
      await ask('Fetch', {
        ...base,
        topics: [{ topicId: 'AAAAAAAAAAAAAAAAAAAABQ', partitions: [at(0)] }],
      } as never);
      await ask('Fetch', { ...base, topics: [{ topic: `${topic}-none`, partitions: [at(0)] }] } as never, 12);
      await ask('Fetch', { ...base, sessionId: 123456789, sessionEpoch: 3 });
      const { sessionId } = await fetch([at(2)], { sessionEpoch: 0 });
      await ask('Fetch', { ...base, sessionId, sessionEpoch: 1 });
      await client.produce(topic, 0, batchOf(['c'], 'none', 1_700_000_000_000));
      await ask('Fetch', { ...base, sessionId, sessionEpoch: 2 });
      await ask('Fetch', { ...base, sessionId, sessionEpoch: 9 });
      await ask('Fetch', { ...base, sessionId, sessionEpoch: -1 });
      await ask('Fetch', { ...base, sessionId, sessionEpoch: 3 });
    }));

  test('DescribeLogDirs: what was asked for, as far as it is there', () =>
    talk(async (ask, client, topic) => {
      await made(client, topic, {}, 2);
      await client.produce(topic, 1, batchOf(['a', 'b'], 'none', 1_700_000_000_000));
      for (const version of [1, 2, 3, 4])
        await ask('DescribeLogDirs', { topics: [{ topic, partitions: [0, 1, 7] }] }, version);
      await ask('DescribeLogDirs', { topics: [] });
      await ask('DescribeLogDirs', {
        topics: [
          { topic, partitions: [1, 1] },
          { topic: `${topic}-none`, partitions: [0] },
        ],
      });
    }));
  test('DescribeTopicPartitions: pages, and cursors that point nowhere', () =>
    talk(async (ask, client, topic) => {
      const [a, b, none] = [`${topic}-a`, `${topic}-b`, `${topic}-none`];
      await made(client, a, {}, 1);
      await made(client, b, {}, 3);
      const describeTopics = (names: string[], responsePartitionLimit = 2000, cursor?: [string, number]) =>
        ask('DescribeTopicPartitions', {
          topics: names.map((name) => ({ name })),
          responsePartitionLimit,
          cursor: cursor === undefined ? null : { topicName: cursor[0], partitionIndex: cursor[1] },
        });
      await describeTopics([b, a, none, b]);
      await describeTopics(['a b']);
      for (const most of [-1, 0, 1, 2, 3, 4]) await describeTopics([none, b, a], most);
      await describeTopics([a, b, none], 2, [b, 1]);
      await describeTopics([a, b, none], 2, [b, 9]);
      await describeTopics([a, b], 2, [b, -1]);
      await describeTopics([a], 2, [b, 0]);
    }));

  test('cluster, security and handshakes where there is none', () =>
    talk(async (ask) => {
      await ask('DescribeCluster', {});
      await ask('DescribeAcls', {
        resourceTypeFilter: 1,
        patternTypeFilter: 1,
        operation: 1,
        permissionType: 1,
      });
      await ask('CreateAcls', {
        creations: [
          {
            resourceType: 2,
            resourceName: 't',
            resourcePatternType: 3,
            principal: 'User:a',
            host: '*',
            operation: 3,
            permissionType: 3,
          },
        ],
      });
      await ask('DeleteAcls', {
        filters: [{ resourceTypeFilter: 1, patternTypeFilter: 1, operation: 1, permissionType: 1 }],
      });
      await ask('DescribeUserScramCredentials', { users: [{ name: 'nobody' }] });
      await ask('SaslHandshake', { mechanism: 'PLAIN' });
    }));
  test('ApiVersions: a version that is not there, and a client without a name', () =>
    talk(async (ask) => {
      await ask('ApiVersions', { clientSoftwareName: '', clientSoftwareVersion: '' }, 3);
      await ask('ApiVersions', { clientSoftwareName: 'a b', clientSoftwareVersion: '1' }, 3);
    }));
  test('every request that we serve, Kafka serves in these versions', async () => {
    const asked = { clientSoftwareName: 'a', clientSoftwareVersion: '1' };
    const [theirs, told] = await Promise.all(
      (await brokers.connect()).map(async (client) => {
        const { apiKeys } = await client.send('ApiVersions', asked, 3);
        return new Map(apiKeys.map((a) => [a.apiKey, a]));
      }),
    );
    if (theirs === undefined || told === undefined) throw new Error('both were asked');
    expect(told.get(apis.Produce.key)!.minVersion).toBe(theirs.get(apis.Produce.key)!.minVersion);
    for (const [name, api] of Object.entries(apis)) {
      const known = theirs.get(api.key);
      expect({
        name,
        min: known === undefined || known.minVersion <= api.min,
        max: known === undefined || known.maxVersion >= api.max,
      }).toEqual({ name, min: true, max: true });
    }
    expect(zeroUuid).toHaveLength(22);
  });
});
