/* Consumer groups of KIP-848 over time, and their patterns and assignors; in a simulated world. */

import { describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { errorName } from '#kafka';
import type { Assignor } from '../../src/cluster/groups/assignors/assignor.ts';
import { range } from '../../src/cluster/groups/assignors/range.ts';
import { uniform } from '../../src/cluster/groups/assignors/uniform.ts';
import type { PartitionSet } from '../../src/cluster/groups/partition-set.ts';
import { topicPattern } from '../../src/cluster/groups/topic-pattern.ts';
import { told } from './scene.ts';
import { SimBroker } from './sim-broker.ts';

describe('time', () => {
  test('a silent member is out after the session time-out, and the others get its partitions', async () => {
    const sim = await SimBroker.start();
    const scene = sim.scene();
    await scene.createTopicHere(2);
    await scene.beat({ memberId: 'one' });
    await scene.beat({ memberId: 'two' });
    await sim.pass(40_000);
    const revoke = await scene.beat({ memberEpoch: 1, topicPartitions: [] });
    expect(told(revoke)).toEqual({ error: 'NONE', epoch: 2, assigned: [expect.any(Number)] });
    await sim.pass(6000);
    expect(told(await scene.beat({ memberEpoch: 2 }))).toEqual({ error: 'NONE', epoch: 3, assigned: [0, 1] });
    expect(told(await scene.beat({ memberId: 'two', memberEpoch: 2 })).error).toBe('UNKNOWN_MEMBER_ID');
  });
  test('who does not give up its partitions within the rebalance time-out is out', async () => {
    const sim = await SimBroker.start();
    const scene = sim.scene();
    const id = await scene.createTopicHere(2);
    await scene.beat();
    const all = [{ topicId: id, partitions: [0, 1] }];
    await scene.beat({ memberId: 'two' });
    expect(told(await scene.beat({ memberEpoch: 1, topicPartitions: all })).epoch).toBe(1);
    await sim.pass(9000);
    expect(told(await scene.beat({ memberEpoch: 1, topicPartitions: all })).error).toBe('NONE');
    await sim.pass(1100);
    expect(told(await scene.beat({ memberEpoch: 1, topicPartitions: all })).error).toBe('UNKNOWN_MEMBER_ID');
    expect(told(await scene.beat({ memberId: 'two', memberEpoch: 2 })).assigned).toEqual([0, 1]);
  });
  test('a static member that is away keeps its place for its session', async () => {
    const sim = await SimBroker.start();
    const scene = sim.scene();
    await scene.createTopicHere(2);
    await scene.beat({ instanceId: 'fixed' });
    await scene.beat({ instanceId: 'fixed', memberEpoch: -2 });
    expect(told(await scene.beat({ memberId: 'two' })).assigned).toEqual([]);
    await sim.pass(44_000);
    await scene.beat({ memberId: 'two', memberEpoch: 2 });
    await sim.pass(2000);
    expect(told(await scene.beat({ memberId: 'two', memberEpoch: 2 })).assigned).toEqual([0, 1]);
  });
});

describe('topics', () => {
  test('new partitions and new topics that match reach the members with their heartbeats', async () => {
    const sim = await SimBroker.start();
    const scene = sim.scene();
    await scene.createTopicHere(1, 'logs-a');
    const regex = { subscribedTopicNames: [], subscribedTopicRegex: 'logs-.*' };
    expect(told(await scene.beat(regex)).assigned).toEqual([0]);
    await scene.ask('CreatePartitions', {
      topics: [{ name: 'logs-a', count: 2, assignments: null }],
      timeoutMs: 1000,
    });
    expect(told(await scene.beat({ memberEpoch: 1 }))).toEqual({ error: 'NONE', epoch: 2, assigned: [0, 1] });
    await scene.createTopicHere(1, 'other');
    expect(told(await scene.beat({ memberEpoch: 2 })).epoch).toBe(2);
    await scene.createTopicHere(1, 'logs-b');
    expect(told(await scene.beat({ memberEpoch: 2 }))).toEqual({
      error: 'NONE',
      epoch: 3,
      assigned: [0, 1, 0],
    });
    await scene.ask('DeleteTopics', { topics: [{ name: 'logs-b' }], timeoutMs: 1000 });
    const holds = told(await scene.beat({ memberEpoch: 3 }));
    expect(holds).toEqual({ error: 'NONE', epoch: 3, assigned: [0, 1] });
  });
  test('a group is full', async () => {
    const sim = await SimBroker.start({ 'group.consumer.max.size': '1' });
    const scene = sim.scene();
    await scene.beat();
    expect(told(await scene.beat({ memberId: 'two' })).error).toBe('GROUP_MAX_SIZE_REACHED');
    expect(told(await scene.beat({ memberEpoch: 1 })).error).toBe('NONE');
  });
});

describe('patterns', () => {
  const matches = (pattern: string, name: string): boolean | string => {
    const compiled = topicPattern(pattern);
    return typeof compiled === 'string' ? compiled : compiled(name);
  };
  test.each([
    ['logs-.*', 'logs-a', true],
    ['logs', 'logs-a', false],
    ['^logs-(a|b)$', 'logs-b', true],
    ['(?i)LOGS-[a-c]', 'logs-B', true],
    ['(?i:L)ogs', 'LOGS', false],
    ['[^a-z]+', '0123', true],
    ['[[:digit:]]{2,3}', '12', true],
    ['[[:digit:]]{2,3}', '1', false],
    ['\\d+\\.\\w*', '12.ab', true],
    ['\\Qa.b\\E.', 'a.bc', true],
    ['a{3}', 'aaa', true],
    ['(?:ab)*?c', 'ababc', true],
    ['\\bab\\b', 'ab', true],
    ['[a\\-z]+', 'a-z', true],
    ['[-a]+', '-a', true],
    ['\\pL+', 'ab', true],
    ['', '', true],
    ['a|', '', true],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });
  test.each(['(', ')', '[a', '*', 'a**', '(?=a)', '\\1', 'a{1001}', '[b-a]', '[[:nope:]]', '('.repeat(500)])(
    'no pattern: %s',
    (pattern) => {
      expect(typeof topicPattern(pattern)).toBe('string');
    },
  );
  test('a pattern that would make a backtracking engine run for ever', () => {
    expect(matches('(a*)*(a|aa)+b', 'a'.repeat(249))).toBe(false);
  });
});

describe.each<[string, Assignor]>([
  ['uniform', uniform],
  ['range', range],
])('assignor %s', (name, assign) => {
  test('every partition has one owner who reads it, fairly, over random members that come and go', () => {
    const rng = new Rng(11);
    let before = new Map<string, PartitionSet>();
    for (let round = 0; round < 200; round++) {
      const partitions = new Map(
        Array.from({ length: 1 + rng.below(3) }, (_, i) => [`t${i}`, 1 + rng.below(9)]),
      );
      const members = Array.from({ length: 1 + rng.below(6) }, () => `m${rng.below(8)}`)
        .filter((id, i, all) => all.indexOf(id) === i)
        .map((id) => ({
          id,
          instanceId: null,
          topics: new Set([...partitions.keys()].filter((t, i) => i === 0 || t.length + rng.below(2) > 2)),
          before: before.get(id) ?? new Set<string>(),
        }));
      const assigned = assign(members, partitions);
      const owners = new Map<string, string>();
      for (const { id, topics } of members)
        for (const key of assigned.get(id)!) {
          expect(owners.has(key)).toBe(false);
          expect(topics.has(key.split('/')[0]!)).toBe(true);
          owners.set(key, id);
        }
      const wanted = [...partitions].filter(([t]) => members.some((m) => m.topics.has(t)));
      expect(owners.size).toBe(wanted.reduce((n, [, count]) => n + count, 0));
      const sizes = members
        .filter((m) => m.topics.size === partitions.size)
        .map((m) => assigned.get(m.id)!.size);
      const alike = members.every((m) => m.topics.size === partitions.size);
      if (name === 'uniform' && alike) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(2);
      before = new Map(assigned);
    }
  });
});
test('uniform moves no more than it must', () => {
  const partitions = new Map([['t', 12]]);
  const member = (id: string, before: PartitionSet = new Set()) => ({
    id,
    instanceId: null,
    topics: new Set(['t']),
    before,
  });
  const first = uniform([member('a'), member('b'), member('c')], partitions);
  const next = uniform([...['a', 'b', 'c'].map((id) => member(id, first.get(id))), member('d')], partitions);
  for (const id of ['a', 'b', 'c']) {
    expect(next.get(id)!.size).toBe(3);
    for (const key of next.get(id)!) expect(first.get(id)!.has(key)).toBe(true);
  }
});

describe('two protocols in one group', () => {
  test('are refused while it has members, where groups may not change', async () => {
    const sim = await SimBroker.start({
      'group.initial.rebalance.delay.ms': '0',
      'group.consumer.migration.policy': 'disabled',
    });
    const classic = sim.scene('classic');
    const entering = classic.alone();
    await sim.pass(1);
    await entering;
    const refused = await classic.beat();
    expect(told(refused).error).toBe('GROUP_ID_NOT_FOUND');
    expect(refused.errorMessage).toMatch(/because online upgrade is disabled/);
    const consumer = sim.scene('consumer');
    await consumer.beat();
    expect(errorName((await consumer.enter()).errorCode)).toBe('NONE');
    await consumer.beat({ memberEpoch: -1 });
    expect(await consumer.state()).toBe('Dead GROUP_ID_NOT_FOUND');
  });
});

test('without the right nothing of a group is told or changed', async () => {
  const sim = await SimBroker.start({ 'authorizer.class.name': 'StandardAuthorizer' });
  const scene = sim.scene();
  const { group } = scene;
  const answers = [
    await scene.join(),
    await scene.sync({ memberId: 'one', generationId: 1 }),
    await scene.beat(),
    await scene.ask('Heartbeat', { groupId: group, memberId: 'one', generationId: 1 }),
    await scene.ask('LeaveGroup', { groupId: group, members: [{ memberId: 'one' }] }),
    (await scene.ask('DescribeGroups', { groups: [group] })).groups[0]!,
    (await scene.ask('ConsumerGroupDescribe', { groupIds: [group] })).groups[0]!,
    (await scene.ask('DeleteGroups', { groupsNames: [group] })).results[0]!,
    await scene.ask('OffsetDelete', { groupId: group, topics: [] }),
    (await scene.ask('FindCoordinator', { keyType: 0, coordinatorKeys: [group] })).coordinators[0]!,
    (await scene.ask('OffsetFetch', { groupId: group, topics: [{ name: 't', partitionIndexes: [0] }] }, 1))
      .topics[0]!.partitions[0]!,
  ].map((answer) => errorName(answer.errorCode));
  answers.push(await scene.commit(1), (await scene.committed()).error);
  expect(new Set(answers)).toEqual(new Set(['GROUP_AUTHORIZATION_FAILED']));
  expect((await scene.ask('ListGroups', {})).groups).toEqual([]);
});
