/* What administrators' requests answer beyond the plain case, as Kafka's own clients were seen to want it. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realWorld } from '#host';
import { errorCodes, zeroUuid, type ErrorName } from '#kafka';
import { Broker } from '#broker';
import { WireClient } from './wire-client.ts';

let broker: Broker;
let client: WireClient;
beforeEach(async () => {
  broker = await Broker.start({ world: realWorld(), listeners: [{ protocol: 'PLAINTEXT' }] });
  client = await WireClient.connect(broker.bootstrapServers);
});
afterEach(async () => {
  client.close();
  await broker.stop();
});

interface Assignment {
  readonly partitionIndex: number;
  readonly brokerIds: readonly number[];
}
async function create(
  name: string,
  configs: Readonly<Record<string, string>> = {},
  assignments: readonly Assignment[] = [],
): Promise<readonly [error: ErrorName | 'NONE', message: string | null]> {
  const by = assignments.length > 0 ? -1 : 1;
  const wanted = {
    name,
    numPartitions: by,
    replicationFactor: by,
    assignments,
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  };
  const { topics } = await client.send('CreateTopics', { topics: [wanted], timeoutMs: 1000 });
  const names = Object.entries(errorCodes) as [ErrorName, number][];
  const error = names.find(([, code]) => code === topics[0]!.errorCode && code !== 0);
  return [error?.[0] ?? 'NONE', topics[0]!.errorMessage];
}

describe('creating topics', () => {
  test.each<[name: string, value: string, why: string]>([
    ['retention.ms', '9223372036854775808', 'Not a number of type LONG'],
    ['max.message.bytes', '2147483648', 'Not a number of type INT'],
    ['compression.gzip.level', '0', 'Value must be between 1 and 9 or equal to -1'],
    ['compression.zstd.level', '23', 'Value must be no more than 22'],
    ['cleanup.policy', 'delete,burn', 'String must be one of: compact, delete'],
  ])('%s may not be %s', async (name, value, why) => {
    const [error, message] = await create('t', { [name]: value });
    expect(error).toBe('INVALID_CONFIG');
    expect(message).toContain(`for configuration ${name}: ${why}`);
  });
  test.each([
    ['compression.gzip.level', '-1'],
    ['retention.ms', ' 5 '],
    ['cleanup.policy', ''],
    ['unclean.leader.election.enable', 'TRUE '],
    ['leader.replication.throttled.replicas', '0:1,1:1'],
  ])('%s may be "%s"', async (name, value) => {
    expect(await create('t', { [name]: value })).toEqual(['NONE', null]);
  });
  test('a name that differs in dots and underscores alone collides', async () => {
    await create('a.b');
    expect(await create('a_b')).toEqual([
      'INVALID_TOPIC_EXCEPTION',
      "Topic 'a_b' collides with existing topic: a.b",
    ]);
    expect(await create('a-b')).toEqual(['NONE', null]);
  });
  test.each<[what: string, assignments: readonly Assignment[], message: string]>([
    [
      'on a broker that is not there',
      [{ partitionIndex: 0, brokerIds: [7] }],
      'includes broker 7, but no such',
    ],
    ['twice on one', [{ partitionIndex: 0, brokerIds: [1, 1] }], 'the broker 1 more than once'],
    ['from one on', [{ partitionIndex: 1, brokerIds: [1] }], 'consecutive 0-based integer sequence'],
    ['nowhere', [{ partitionIndex: 0, brokerIds: [] }], 'an empty replica list'],
  ])('partitions %s are refused', async (_, assignments, message) => {
    const [error, told] = await create('t', {}, assignments);
    expect(error).toBe('INVALID_REPLICA_ASSIGNMENT');
    expect(told).toContain(message);
  });
  test('the answer tells the configs', async () => {
    const topic = {
      name: 't',
      numPartitions: 1,
      replicationFactor: 1,
      configs: [{ name: 'flush.ms', value: '7' }],
    };
    const { topics } = await client.send('CreateTopics', { topics: [topic], timeoutMs: 1000 });
    const configs = topics[0]!.configs!;
    expect(configs.find((c) => c.name === 'flush.ms')).toMatchObject({ value: '7', configSource: 1 });
    expect(configs.find((c) => c.name === 'segment.ms')).toMatchObject({
      value: '604800000',
      configSource: 5,
    });
  });
});

test('a topic is found by its id under an empty name, as Java clients ask for it', async () => {
  broker.topics.create('t');
  const byName = await client.send('Metadata', { topics: [{ name: 't' }] });
  const { topicId } = byName.topics[0]!;
  expect(topicId).not.toBe(zeroUuid);
  const { topics } = await client.send('Metadata', { topics: [{ name: '', topicId }] });
  expect(topics[0]).toMatchObject({ errorCode: 0, name: 't', topicId });
});

test('what a client may do is told where it asks', async () => {
  broker.topics.create('t');
  const asked = { topics: [{ name: 't' }], includeTopicAuthorizedOperations: true };
  const metadata = await client.send('Metadata', asked);
  expect(metadata.topics[0]!.topicAuthorizedOperations).toBe(0b1101_1111_1000);
  const cluster = await client.send('DescribeCluster', { includeClusterAuthorizedOperations: true });
  expect(cluster.clusterAuthorizedOperations).toBe(0b1_1111_1010_0000);
  const silent = await client.send('DescribeCluster', {});
  expect(silent.clusterAuthorizedOperations).toBe(-(2 ** 31));
});

test('times before 1970 that mean nothing are refused', async () => {
  broker.topics.create('t');
  const ask = async (timestamp: number, version?: number): Promise<number> => {
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, timestamp }] }];
    const answer = await client.send('ListOffsets', { replicaId: -1, topics }, version);
    return answer.topics[0]!.partitions[0]!.errorCode;
  };
  expect(await ask(-6)).toBe(errorCodes.UNSUPPORTED_VERSION);
  expect(await ask(-3, 6)).toBe(errorCodes.UNSUPPORTED_VERSION);
  expect(await ask(-3, 7)).toBe(0);
});

test('a user is altered once a request', async () => {
  const upsertion = {
    name: 'alice',
    iterations: 4096,
    salt: Buffer.from('salt'),
    saltedPassword: Buffer.alloc(32),
  };
  const upsertions = [1, 2].map((mechanism) => ({ ...upsertion, mechanism }));
  const { results } = await client.send('AlterUserScramCredentials', { deletions: [], upsertions });
  expect(results.map((r) => r.errorCode)).toEqual([errorCodes.DUPLICATE_RESOURCE]);
});

test("a broker's configs may be ones that it does not know, and not bad ones", async () => {
  const alter = async (name: string, value: string): Promise<number> => {
    const resource = { resourceType: 4, resourceName: '1', configs: [{ name, configOperation: 0, value }] };
    const { responses } = await client.send('IncrementalAlterConfigs', { resources: [resource] });
    return responses[0]!.errorCode;
  };
  expect(await alter('nobody.knows', '5')).toBe(0);
  expect(await alter('message.max.bytes', 'x')).toBe(errorCodes.INVALID_REQUEST);
});
