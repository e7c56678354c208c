/* Scripts of KIP-848 requests that every broker is to answer alike: each tells what it saw. */

import { told } from './scene.ts';
import { error, type Script } from './script.ts';

const assigned = (topicId: string, ...partitions: number[]) => [{ topicId, partitions }];

export const consumerScripts: readonly Script[] = [
  {
    name: 'what is wrong with the request itself',
    run: async (s) => {
      const odd = [
        { groupId: '' },
        { memberId: '' },
        { instanceId: '' },
        { rackId: '' },
        { memberEpoch: -3 },
        { memberEpoch: -2 },
        { memberEpoch: -1 },
        { memberEpoch: 1 },
        { rebalanceTimeoutMs: -1 },
        { topicPartitions: null },
        { topicPartitions: [{ topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', partitions: [0] }] },
        { subscribedTopicNames: null },
        { serverAssignor: 'nonsense' },
        { subscribedTopicRegex: '(' },
      ];
      const errors = [];
      for (const more of odd) errors.push(error(await s.beat(more)));
      return [errors, await s.state()];
    },
  },
  {
    name: 'one member: all of it',
    run: async (s) => {
      const first = await s.beat();
      const next = await s.beat({ memberEpoch: 1, topicPartitions: first.assignment!.topicPartitions });
      return [
        told(first),
        first.heartbeatIntervalMs,
        told(next),
        told(await s.beat({ memberEpoch: 1 })),
        told(await s.beat({ memberEpoch: 2 })),
        told(await s.beat({ memberEpoch: 0 })),
        told(await s.beat({ memberEpoch: 5, memberId: 'nobody' })),
        told(await s.beat({ memberEpoch: -1 })),
        told(await s.beat({ memberEpoch: -1 })),
        told(await s.beat()),
      ];
    },
  },
  {
    name: 'version 0: the broker names the member',
    run: async (s) => {
      const first = await s.beat({ memberId: '' }, 0);
      return [told(first), (first.memberId ?? '').length];
    },
  },
  {
    name: 'a second member: revoked first, then assigned',
    run: async (s) => {
      const first = await s.beat();
      const id = first.assignment!.topicPartitions[0]!.topicId;
      const two = await s.beat({ memberId: 'two' });
      const revoke = await s.beat({ memberEpoch: 1, topicPartitions: assigned(id, 0, 1, 2, 3) });
      const waits = await s.beat({ memberId: 'two', memberEpoch: 2 });
      const still = await s.beat({ memberEpoch: 1, topicPartitions: assigned(id, 0, 1, 2, 3) });
      const kept = revoke.assignment!.topicPartitions[0]!.partitions;
      const gave = await s.beat({ memberEpoch: 1, topicPartitions: assigned(id, ...kept) });
      const gets = await s.beat({ memberId: 'two', memberEpoch: 2, topicPartitions: [] });
      const late = await s.beat({ memberEpoch: 1, topicPartitions: assigned(id, ...kept) });
      const sizes = [revoke, gets].map((a) => a.assignment?.topicPartitions[0]?.partitions.length);
      const epochs = [two, revoke, waits, still, gave, gets, late].map((a) => [error(a), a.memberEpoch]);
      return [epochs, sizes];
    },
  },
  {
    name: 'range: by name',
    run: async (s) => {
      const one = await s.beat({ memberId: 'a', serverAssignor: 'range' });
      const two = await s.beat({ memberId: 'b', serverAssignor: 'range' });
      const again = await s.beat({ memberId: 'a', memberEpoch: 1 });
      return [told(one), told(two), told(again)];
    },
  },
  {
    name: 'static member: leaves for a while, and another takes its place',
    run: async (s) => {
      const fixed = { instanceId: 'fixed' };
      const one = await s.beat(fixed);
      const taken = await s.beat({ ...fixed, memberId: 'two' });
      const wrong = await s.beat({ ...fixed, memberId: 'two', memberEpoch: 1 });
      const unknown = await s.beat({ instanceId: 'none', memberEpoch: 1 });
      const away = await s.beat({ ...fixed, memberEpoch: -2 });
      const back = await s.beat({ ...fixed, memberId: 'two' });
      const old = await s.beat({ ...fixed, memberEpoch: 1 });
      const gone = await s.beat({ ...fixed, memberId: 'two', memberEpoch: -1 });
      return [one, taken, wrong, unknown, away, back, old, gone].map(told);
    },
  },
  {
    name: 'subscriptions change',
    run: async (s) => {
      const first = await s.beat();
      const none = await s.beat({ memberEpoch: 1, subscribedTopicNames: [] });
      const gave = await s.beat({ memberEpoch: 1, topicPartitions: [] });
      const again = await s.beat({ memberEpoch: 2, subscribedTopicNames: [s.topic, 'nowhere'] });
      return [first, none, gave, again].map(told);
    },
  },
  {
    name: 'offsets: member epochs',
    run: async (s) => {
      await s.beat();
      const mine = { memberId: 'one', generationIdOrMemberEpoch: 1 };
      return [
        await s.commit(1, mine),
        await s.commit(2, { ...mine, generationIdOrMemberEpoch: 0 }),
        await s.commit(2, { ...mine, generationIdOrMemberEpoch: 2 }),
        await s.commit(2, { ...mine, memberId: 'nobody' }),
        await s.commit(2),
        await s.commit(2, mine, 8),
        await s.committed(),
        await s.committed({ memberId: 'one', memberEpoch: 1 }),
        await s.committed({ memberId: 'one', memberEpoch: 2 }),
        await s.committed({ memberId: 'nobody', memberEpoch: 1 }),
        (await s.ask('DeleteGroups', { groupsNames: [s.group] })).results.map(error),
        error(
          await s.ask('OffsetDelete', {
            groupId: s.group,
            topics: [{ name: s.topic, partitions: [{ partitionIndex: 0 }] }],
          }),
        ),
        await s.beat({ memberEpoch: -1 }).then(told),
        await s.commit(3),
        (await s.ask('DeleteGroups', { groupsNames: [s.group] })).results.map(error),
      ];
    },
  },
  {
    name: 'the two protocols do not mix in a group with members',
    run: async (s) => {
      await s.beat();
      return [
        await s.state(),
        await s.heartbeat('one', 1),
        error(await s.sync({ memberId: 'one', generationId: 1 })),
        error(await s.ask('ConsumerGroupDescribe', { groupIds: [s.group] }).then((d) => d.groups[0]!)),
        (await s.ask('LeaveGroup', { groupId: s.group, members: [{ memberId: 'one' }] })).members.map(error),
      ];
    },
  },
  {
    name: 'an empty group changes its protocol',
    run: async (s) => {
      await s.commit(7);
      const consumer = await s.beat();
      await s.beat({ memberEpoch: -1 });
      const classic = await s.alone();
      await s.ask('LeaveGroup', { groupId: s.group, members: [{ memberId: classic.memberId }] });
      const again = await s.beat();
      return [told(consumer), error(classic), classic.generationId, told(again), await s.committed()];
    },
  },
  {
    name: 'ConsumerGroupDescribe',
    run: async (s) => {
      const describe = async (groupId: string) => {
        const { groups } = await s.ask('ConsumerGroupDescribe', { groupIds: [groupId] });
        return groups.map((g) => [
          error(g),
          g.groupState,
          g.groupEpoch,
          g.assignmentEpoch,
          g.assignorName,
          g.members.map((m) => [
            m.memberId,
            m.instanceId,
            m.memberEpoch,
            m.clientId,
            m.subscribedTopicNames.length,
            m.subscribedTopicRegex,
            m.memberType,
            m.assignment.topicPartitions.map((t) => t.partitions.length),
            m.targetAssignment.topicPartitions.map((t) => t.partitions.length),
          ]),
        ]);
      };
      const unknown = [await describe(s.group), await describe('')];
      await s.beat();
      const stable = await describe(s.group);
      await s.beat({ memberId: 'two' });
      const reconciling = (await s.ask('ConsumerGroupDescribe', { groupIds: [s.group] })).groups[0]!;
      await s.beat({ memberEpoch: -1 });
      await s.beat({ memberId: 'two', memberEpoch: -1 });
      const list = (await s.ask('ListGroups', { typesFilter: ['CONSUMER'] })).groups.filter(
        (g) => g.groupId === s.group,
      );
      return [
        unknown,
        stable,
        reconciling.groupState,
        await describe(s.group),
        list.map((g) => g.groupState),
      ];
    },
  },
];
