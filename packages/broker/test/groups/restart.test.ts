/* What a broker knows of its groups after a restart: the members go on as if nothing had been. */

import { expect, test } from 'vitest';
import type { JoinGroupRequest } from '#kafka';
import { SimWorld } from '#testkit';
import { joinClassic } from '../../src/cluster/groups/classic-join.ts';
import type { ClassicGroup } from '../../src/cluster/groups/classic-group.ts';
import { heartbeat } from '../../src/cluster/groups/consumer-heartbeat.ts';
import type { ConsumerGroup } from '../../src/cluster/groups/consumer-group.ts';
import type { HeartbeatRequest } from '../../src/cluster/groups/consumer-member.ts';
import { Groups } from '../../src/cluster/groups/groups.ts';
import { heartbeatMixed, joinMixed, syncMixed } from '../../src/cluster/groups/mixed-group.ts';
import { MemoryJournal } from '../../src/cluster/journal.ts';
import { OffsetStore } from '../../src/cluster/offset-store.ts';
import { GroupConfigs } from '../../src/cluster/group-configs.ts';
import { MemoryStore } from '../../src/cluster/store.ts';
import { Topics } from '../../src/cluster/topics.ts';
import { subscription } from './scene.ts';

const configs = new Map([['group.initial.rebalance.delay.ms', '0']]);
const client = { id: 'c', host: '/127.0.0.1', listener: 'PLAINTEXT', nodeId: 1, principal: 'User:ANONYMOUS' };

/** The parts of a broker that a journal keeps. */
function opened(world: SimWorld, store: MemoryStore): { groups: Groups; topics: Topics } {
  const topics = new Topics(store, world, configs);
  const offsets = new OffsetStore(store.journal);
  const groupConfigs = new GroupConfigs(store.journal, configs);
  return {
    topics,
    groups: new Groups({ world, configs, groupConfigs, topics, offsets, journal: store.journal }),
  };
}

const joinRequest: JoinGroupRequest = {
  groupId: 'g',
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 10_000,
  memberId: '',
  groupInstanceId: 'fixed',
  protocolType: 'consumer',
  protocols: [
    { name: 'range', metadata: subscription('t') },
    { name: 'other', metadata: Buffer.alloc(0) },
  ],
  reason: null,
};

test('a classic group: generation, members, assignment; sessions begin anew', async () => {
  const world = new SimWorld(1);
  const store = new MemoryStore(new MemoryJournal());
  const first = opened(world, store).groups;
  const before = first.classicFor('g', true) as ClassicGroup;
  const ask = { request: joinRequest, client, version: 9, settings: first.settings, world };
  const joining = joinClassic(before, ask);
  world.moveTo(world.now());
  const { memberId, generationId } = (await joining) as { memberId: string; generationId: number };
  const sync = { groupId: 'g', memberId, generationId, groupInstanceId: 'fixed' };
  const more = { protocolType: 'consumer', protocolName: 'range' };
  const all = [{ memberId, assignment: Buffer.from('all') }];
  await before.sync({ ...sync, ...more, assignments: all });
  first.close();

  const second = opened(world, store).groups;
  const after = second.get('g') as ClassicGroup;
  expect(after.state).toBe('Stable');
  expect(after.heartbeat({ ...sync })).toBe(undefined);
  expect((await after.sync({ ...sync, ...more, assignments: [] })).assignment?.toString()).toBe('all');
  expect(after.reads('t')).toBe(true);
  const again = await joinClassic(after, { ...ask, request: { ...joinRequest, memberId: '' } });
  expect(again).toMatchObject({ errorCode: 0, generationId: 1, skipAssignment: true });
  world.moveTo(world.now() + 10_000);
  world.moveTo(world.now() + 10_000);
  expect(after.state).toBe('Empty');
  second.close();
  const third = opened(world, store).groups.get('g') as ClassicGroup;
  expect([third.state, third.generation, third.protocolType]).toEqual(['Empty', 2, 'consumer']);
});

const beatRequest: HeartbeatRequest = {
  groupId: 'g',
  memberId: 'one',
  memberEpoch: 0,
  instanceId: null,
  rackId: null,
  rebalanceTimeoutMs: 10_000,
  subscribedTopicNames: ['t'],
  subscribedTopicRegex: null,
  serverAssignor: null,
  topicPartitions: [],
};
const next = { rebalanceTimeoutMs: -1, subscribedTopicNames: null, topicPartitions: null };

test('a group with members of both protocols', async () => {
  const world = new SimWorld(1);
  const store = new MemoryStore(new MemoryJournal());
  const first = opened(world, store);
  first.topics.create('t', 2, new Map());
  const { settings } = first.groups;
  const ask = { request: joinRequest, client, version: 9, settings, world };
  const joining = joinClassic(first.groups.classicFor('g', true) as ClassicGroup, ask);
  world.moveTo(world.now());
  const { memberId, generationId } = (await joining) as { memberId: string; generationId: number };
  const more = { groupId: 'g', groupInstanceId: 'fixed', protocolType: 'consumer', protocolName: 'range' };
  const sync = { ...more, memberId, generationId, assignments: [] };
  await (first.groups.get('g') as ClassicGroup).sync(sync);
  first.groups.upgrade(first.groups.get('g') as ClassicGroup, (to) => [
    heartbeat(to, beatRequest, { client, freshId: () => 'x', visible: () => true }, 5000),
    true,
  ]);
  first.groups.close();

  const second = opened(world, store);
  const group = second.groups.get('g') as ConsumerGroup;
  const told = { groupId: 'g', groupInstanceId: 'fixed', memberId, generationId };
  expect(heartbeatMixed(group, told)).toBe('REBALANCE_IN_PROGRESS');
  const request = { ...joinRequest, memberId };
  const again = joinMixed(group, { ...ask, request, settings: second.groups.settings }, second.topics);
  expect(again).toMatchObject({ errorCode: 0, memberId, generationId: 2, protocolName: 'range' });
  const asked = { ...sync, generationId: 2 };
  expect(syncMixed(group, asked, second.topics)).toMatchObject({ errorCode: 0, protocolName: 'range' });
  second.groups.close();
});

test('a consumer group: epochs, members and what they have', () => {
  const world = new SimWorld(1);
  const store = new MemoryStore(new MemoryJournal());
  const first = opened(world, store);
  const topic = first.topics.create('t', 2, new Map());
  const beat = (groups: Groups, request: HeartbeatRequest) =>
    heartbeat(
      groups.consumerFor('g', true) as ConsumerGroup,
      request,
      { client, freshId: () => 'x', visible: () => true },
      5000,
    );
  beat(first.groups, beatRequest);
  beat(first.groups, { ...beatRequest, memberId: 'two' });
  beat(first.groups, { ...beatRequest, memberEpoch: 1, ...next });
  first.groups.close();

  const second = opened(world, store);
  const group = second.groups.get('g') as ConsumerGroup;
  expect([group.state, group.epochs.epoch, group.epochs.assignmentEpoch]).toEqual(['Reconciling', 2, 2]);
  const [held] = [...group.members.get('one')!.assigned];
  const owned = [{ topicId: topic.id, partitions: [Number(held!.split('/')[1])] }];
  expect(
    beat(second.groups, { ...beatRequest, memberEpoch: 1, ...next, topicPartitions: owned }),
  ).toMatchObject({
    memberEpoch: 2,
  });
  expect(beat(second.groups, { ...beatRequest, memberId: 'two', memberEpoch: 2, ...next })).toMatchObject({
    memberEpoch: 2,
    assignment: { topicPartitions: [{ topicId: topic.id, partitions: [expect.any(Number)] }] },
  });
  world.moveTo(world.now() + 45_000);
  expect(group.state).toBe('Empty');
  expect(second.groups.delete('g')).toBe(undefined);
  expect(opened(world, store).groups.get('g')).toBe(undefined);
});
