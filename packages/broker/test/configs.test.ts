/* What a broker makes of the settings that it is started with, and what it tells of them. */

import { afterEach, describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realWorld } from '#host';
import { Broker, type BrokerOptions } from '#broker';
import { errorCodes } from '#kafka';
import { WireClient } from './wire-client.ts';

let broker: Broker | undefined;
let client: WireClient | undefined;
const lines: string[] = [];
const folders: string[] = [];
afterEach(async () => {
  client?.close();
  await broker?.stop();
  broker = undefined;
  lines.length = 0;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
async function start(options: Partial<BrokerOptions>): Promise<WireClient> {
  broker = await Broker.start({ world: realWorld(), log: (line) => lines.push(line), ...options });
  client = await WireClient.connect(broker.bootstrapServers);
  return client;
}
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'millrace-configs-'));
  folders.push(made);
  return made;
}
async function told(name: string): Promise<string | null> {
  const resource = { resourceType: 4, resourceName: '1', configurationKeys: [name] };
  const { results } = await client!.send('DescribeConfigs', { resources: [resource] });
  return results[0]!.configs[0]!.value;
}

describe('names', () => {
  test.each<[name: string, line: string]>([
    ['num.partition', 'the config num.partition has no effect here; did you mean "num.partitions"?'],
    ['zookeeper.connect', 'the config zookeeper.connect has no effect here'],
    ['log.dirs', 'the config log.dirs has no effect here; it is said by the option dir of the broker'],
    [
      'listeners',
      'the config listeners has no effect here; it is said by the option listeners of the broker',
    ],
    ['listener.name.a.num.partitions', 'the config listener.name.a.num.partitions has no effect here'],
  ])('%s has no effect, and the operator is told', async (name, line) => {
    await start({ config: { [name]: '1' } });
    expect(lines).toEqual([line]);
  });
  test.each([
    'num.partitions',
    'connections.max.reauth.ms',
    'listener.name.a.plain.connections.max.reauth.ms',
  ])('%s is known', async (name) => {
    await start({ config: { [name]: '1' } });
    expect(lines).toEqual([]);
  });
});

describe('values', () => {
  test.each<[name: string, value: string, why: string]>([
    [
      'num.partitions',
      'many',
      'Invalid value many for configuration num.partitions: Not a number of type INT',
    ],
    ['num.partitions', '0', 'Invalid value 0 for configuration num.partitions: Value must be at least 1'],
    [
      'log.retention.ms',
      '1h',
      'Invalid value 1h for configuration log.retention.ms: Not a number of type LONG',
    ],
    ['auto.create.topics.enable', 'yes', 'Expected value to be either true or false'],
    ['log.cleanup.policy', 'keep', 'String must be one of: compact, delete'],
    ['listener.name.a.connections.max.reauth.ms', 'x', 'Not a number of type LONG'],
  ])('%s may not be %s: the broker does not start, and its folder is free', async (name, value, why) => {
    const dir = folder();
    const starting = Broker.start({ world: realWorld(), dir, config: { [name]: value } });
    await expect(starting).rejects.toMatchObject({ code: 'BRK1010', message: expect.stringContaining(why) });
    await start({ dir });
  });
  test('space around them does not count', async () => {
    await start({ config: { 'num.partitions': ' 3 ', 'auto.create.topics.enable': ' TRUE ' } });
    const { topics } = await client!.send('Metadata', {
      topics: [{ name: 't' }],
      allowAutoTopicCreation: true,
    });
    expect(topics[0]!.partitions).toHaveLength(3);
  });
});

describe('what is told', () => {
  test('where the broker is and what it keeps', async () => {
    const dir = folder();
    await start({ dir });
    expect(await told('log.dirs')).toBe(dir);
    expect(await told('listeners')).toBe(`PLAINTEXT://${broker!.bootstrapServers}`);
    const { results } = await client!.send('DescribeLogDirs', { topics: null });
    expect(results).toMatchObject([{ errorCode: 0, logDir: dir, topics: [] }]);
    expect(results[0]!.totalBytes).toBeGreaterThan(results[0]!.usableBytes);
  });
  test('in memory, how much of it is left', async () => {
    await start({ memoryBytesMax: 1 << 20 });
    broker!.topics.create('t', { partitions: 2 });
    broker!.produce('t', [{ value: 'x'.repeat(1000) }], 1);
    const { results } = await client!.send('DescribeLogDirs', { topics: null });
    const [{ logDir, totalBytes, usableBytes, topics } = results[0]!] = results;
    expect({ logDir, totalBytes }).toEqual({ logDir: 'memory', totalBytes: 1 << 20 });
    const sizes = topics[0]!.partitions.map((p) => p.partitionSize);
    expect(sizes[0]).toBe(0);
    expect(sizes[1]).toBeGreaterThan(1000);
    expect(usableBytes).toBeLessThan(totalBytes - sizes[1]!);
  });
  test('the bound that counts', async () => {
    await start({ config: { 'max.connections': '1' } });
    expect(await told('max.connections')).toBe('1');
    const second = await WireClient.connect(broker!.bootstrapServers);
    await expect(second.send('Metadata', { topics: [] })).rejects.toThrow();
  });
});

describe('who may not see', () => {
  const config = { 'authorizer.class.name': 'StandardAuthorizer' };
  test('log folders are the cluster’s, topics are hidden unless they were named', async () => {
    await start({ config });
    broker!.topics.create('t');
    const dirs = await client!.send('DescribeLogDirs', { topics: null });
    expect(dirs).toMatchObject({ errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED, results: [] });
    const asked = (topics: { name: string }[]) =>
      client!.send('DescribeTopicPartitions', { topics, responsePartitionLimit: 10, cursor: null });
    expect((await asked([])).topics).toEqual([]);
    const errorCode = errorCodes.TOPIC_AUTHORIZATION_FAILED;
    expect((await asked([{ name: 't' }, { name: 'none' }])).topics).toMatchObject([
      { name: 'none', errorCode },
      { name: 't', errorCode },
    ]);
  });
});

describe('configs of groups', () => {
  const session = 'consumer.session.timeout.ms';
  const beat = 'consumer.heartbeat.interval.ms';
  async function group(name = 'g'): Promise<Record<string, readonly [value: string | null, source: number]>> {
    const resource = { resourceType: 32, resourceName: name, configurationKeys: null };
    const { results } = await client!.send('DescribeConfigs', {
      resources: [resource],
      includeSynonyms: true,
    });
    return Object.fromEntries(results[0]!.configs.map((c) => [c.name, [c.value, c.configSource]]));
  }
  async function alter(
    configs: readonly (readonly [name: string, value: string | null, operation?: number])[],
    validateOnly = false,
  ): Promise<readonly [code: number, message: string | null]> {
    const resource = {
      resourceType: 32,
      resourceName: 'g',
      configs: configs.map(([name, value, configOperation = 0]) => ({ name, value, configOperation })),
    };
    const { responses } = await client!.send('IncrementalAlterConfigs', {
      resources: [resource],
      validateOnly,
    });
    return [responses[0]!.errorCode, responses[0]!.errorMessage];
  }

  test("the defaults are the broker's; what is set counts for the group alone, over a restart, until it is taken back", async () => {
    const dir = folder();
    const config = { 'group.consumer.heartbeat.interval.ms': '4000' };
    await start({ dir, config });
    expect(await group()).toEqual({ [beat]: ['4000', 5], [session]: ['45000', 5] });
    expect(await alter([[session, '50000']], true)).toEqual([0, null]);
    expect((await group())[session]).toEqual(['45000', 5]);
    expect(
      await alter([
        [session, '50000'],
        [beat, '6000'],
      ]),
    ).toEqual([0, null]);
    expect(await group()).toEqual({ [beat]: ['6000', 8], [session]: ['50000', 8] });
    expect((await group('other'))[session]).toEqual(['45000', 5]);
    client!.close();
    await broker!.stop();
    await start({ dir, config });
    expect(await group()).toEqual({ [beat]: ['6000', 8], [session]: ['50000', 8] });
    expect(await alter([[session, null, 1]])).toEqual([0, null]);
    expect((await group())[session]).toEqual(['45000', 5]);
  });
  test('topics, the broker, and groups for which something was set are listed by type', async () => {
    await start({});
    await client!.send('CreateTopics', {
      topics: [{ name: 't', numPartitions: 1, replicationFactor: 1 }],
      timeoutMs: 10_000,
    });
    await alter([[beat, '6000']]);
    const list = async (...resourceTypes: number[]): Promise<readonly [code: number, names: string[]]> => {
      const { errorCode, configResources } = await client!.send('ListConfigResources', { resourceTypes });
      return [errorCode, configResources.map((r) => `${r.resourceType} ${r.resourceName}`).sort()];
    };
    expect(await list()).toEqual([0, ['2 t', '32 g', '4 1', '8 1']]);
    expect(await list(32)).toEqual([0, ['32 g']]);
    expect(await list(16)).toEqual([0, []]);
    expect(await list(2, 99)).toEqual([errorCodes.UNSUPPORTED_VERSION, []]);
  });
  test('members of the group are told the interval that was set for it', async () => {
    await start({});
    broker!.topics.create('t');
    await alter([[beat, '1234']]);
    const join = async (groupId: string): Promise<number> => {
      const answer = await client!.send('ConsumerGroupHeartbeat', {
        groupId,
        memberId: 'm',
        memberEpoch: 0,
        rebalanceTimeoutMs: 10_000,
        subscribedTopicNames: ['t'],
        topicPartitions: [],
      });
      expect(answer.errorCode).toBe(0);
      return answer.heartbeatIntervalMs;
    };
    expect([await join('g'), await join('other')]).toEqual([1234, 5000]);
  });
  test.each<[why: string, configs: Parameters<typeof alter>[0], message: string]>([
    [
      'a name that there is not',
      [['session.timeout.ms', '1']],
      'Unknown group config name: session.timeout.ms',
    ],
    [
      'no number',
      [[session, 'long']],
      `Invalid value long for configuration ${session}: Not a number of type INT`,
    ],
    [
      'below the bound',
      [[session, '0']],
      `Invalid value 0 for configuration ${session}: Value must be at least 1`,
    ],
    ['a session shorter than its heartbeat', [[session, '4000']], `${session} must be greater than ${beat}`],
  ])('%s is refused, and nothing changes', async (_, configs, message) => {
    await start({});
    expect(await alter(configs)).toEqual([errorCodes.INVALID_CONFIG, message]);
    expect(await group()).toEqual({ [beat]: ['5000', 5], [session]: ['45000', 5] });
  });
  test('a group without a name', async () => {
    await start({});
    const resource = { resourceType: 32, resourceName: '', configurationKeys: null };
    const { results } = await client!.send('DescribeConfigs', { resources: [resource] });
    expect(results[0]).toMatchObject({
      errorCode: errorCodes.INVALID_REQUEST,
      errorMessage: 'Group name must not be empty',
    });
  });
});
