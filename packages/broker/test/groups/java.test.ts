/* Groups of Kafka's own Java clients: the console consumer by both protocols, and kafka-consumer-groups, on our broker. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Broker } from '#broker';
import { realWorld } from '#host';
import { installKafka, kafkaMissing, kafkaTool } from '../../../../tools/kafka.ts';

const missing = await kafkaMissing();
if (missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);

describe.skipIf(missing !== undefined)('Java clients', () => {
  let broker: Broker;
  beforeAll(async () => {
    await installKafka();
    const config = {
      'group.initial.rebalance.delay.ms': '200',
      'group.consumer.heartbeat.interval.ms': '200',
    };
    broker = await Broker.start({ world: realWorld(), config });
  });
  beforeEach(async () => {
    if (broker.topics.list().includes('t')) await broker.topics.delete('t');
    broker.topics.create('t', { partitions: 4 });
    for (let i = 0; i < 40; i++) broker.produce('t', [{ value: `v${i}` }], i % 4);
  });
  afterAll(() => broker.stop());

  async function consume(group: string, count: number, ...properties: string[]): Promise<string[]> {
    const printed = await kafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
      '--bootstrap-server',
      broker.bootstrapServers,
      '--topic',
      't',
      '--group',
      group,
      '--max-messages',
      String(count),
      '--timeout-ms',
      '30000',
      ...['auto.offset.reset=earliest', ...properties].flatMap((p) => ['--consumer-property', p]),
    ]);
    return printed.split('\n').filter((line) => /^v\d+$/.test(line));
  }
  const groups = (...args: string[]): Promise<string> =>
    kafkaTool('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', [
      '--bootstrap-server',
      broker.bootstrapServers,
      ...args,
    ]);
  const lag = (group: string): number => broker.lag(group).reduce((n, p) => n + p.lag, 0);

  const kinds: readonly (readonly [name: string, ...properties: string[]])[] = [
    ['classic'],
    [
      'cooperative',
      'partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
    ],
    ['static', 'group.instance.id=fixed'],
    ['consumer', 'group.protocol=consumer'],
    ['consumer-range', 'group.protocol=consumer', 'group.remote.assignor=range'],
  ];
  for (const [name, ...properties] of kinds)
    test(`${name}: reads all, commits, and goes on from there`, { timeout: 90_000 }, async () => {
      expect(new Set(await consume(name, 40, ...properties)).size).toBe(40);
      expect(lag(name)).toBe(0);
      for (let i = 0; i < 4; i++) broker.produce('t', [{ value: `v${100 + i}` }], i);
      const next = await consume(name, 4, ...properties);
      expect(next.sort()).toEqual(['v100', 'v101', 'v102', 'v103']);
      expect(lag(name)).toBe(0);
    });

  test('two of them share a topic by the consumer protocol', { timeout: 90_000 }, async () => {
    const both = [1, 2].map(() => consume('pair', 20, 'group.protocol=consumer', 'max.poll.records=1'));
    const seen = (await Promise.all(both)).flat();
    expect(seen).toHaveLength(40);
  });

  test('kafka-consumer-groups: list, describe, reset, delete', { timeout: 90_000 }, async () => {
    await consume('tool', 40);
    expect(await groups('--list')).toMatch(/^tool$/m);
    expect(await groups('--list', '--state', 'Empty')).toMatch(/^tool\s+Empty\s*$/m);
    expect(await groups('--describe', '--group', 'tool')).toMatch(/^tool\s+t\s+0\s+10\s+10\s+0\s/m);
    expect(await groups('--describe', '--state', '--group', 'tool')).toMatch(/^tool\s.*\sEmpty\s+0\s*$/m);
    const reset = ['--reset-offsets', '--group', 'tool', '--topic', 't:1', '--to-earliest', '--execute'];
    expect(await groups(...reset)).toMatch(/^tool\s+t\s+1\s+0\s*$/m);
    expect(lag('tool')).toBe(10);
    expect(await groups('--delete-offsets', '--group', 'tool', '--topic', 't:1')).toMatch(
      /^t\s+1\s+Successful/m,
    );
    expect(await groups('--delete', '--group', 'tool')).toMatch(/'tool'\) was successful/);
    expect(await groups('--list')).not.toMatch(/^tool$/m);
  });
  test('kafka-consumer-groups: members of a live group', { timeout: 90_000 }, async () => {
    const waiting = consume('live', 41, 'group.protocol=consumer');
    await expect.poll(() => broker.lag('live').length, { timeout: 30_000 }).toBe(4);
    const members = await groups('--describe', '--members', '--verbose', '--group', 'live');
    expect(members).toMatch(/^live\s.*t:0,1,2,3/m);
    expect(await groups('--describe', '--state', '--group', 'live')).toMatch(/uniform\s+Stable/);
    broker.produce('t', [{ value: 'v99' }], 0);
    expect(await waiting).toHaveLength(41);
  });
});
