/* Scripts of requests to classic groups, mostly odd ones, that every broker is to answer alike: each tells what it saw. */

import { subscription } from './scene.ts';
import { error, type Script } from './script.ts';

const long = 'm'.repeat(4097);

export const classicScripts: readonly Script[] = [
  {
    name: 'join: what is wrong with the request itself',
    run: async (s) => [
      error(await s.join({ groupId: '' })),
      error(await s.join({ sessionTimeoutMs: 5999 })),
      error(await s.join({ sessionTimeoutMs: 1_800_001 })),
      error(await s.join({ memberId: 'nobody' })),
      error(await s.join({ protocolType: '' })),
      error(await s.join({ protocols: [] })),
      await s.state(),
    ],
  },
  {
    name: 'join: an id first, then in',
    run: async (s) => {
      const first = await s.join();
      const named = /^wire-[0-9a-f-]{36}$/.test(first.memberId);
      const member = await s.join({ memberId: first.memberId });
      return [
        error(first),
        first.generationId,
        named,
        error(member),
        member.generationId,
        member.protocolType,
        member.protocolName,
        member.leader === member.memberId,
        member.members.length,
        member.skipAssignment,
        await s.state(),
        error(await s.join({ memberId: 'nobody' })),
        error(await s.join({ protocolType: 'other' })),
        error(await s.join({ protocols: [{ name: 'unlike', metadata: Buffer.alloc(0) }] })),
      ];
    },
  },
  {
    name: 'join: an old client needs no id, and hears no null',
    run: async (s) => {
      const bad = await s.join({ memberId: 'nobody' }, 3);
      const member = await s.join({}, 3);
      return [error(bad), bad.protocolName, error(member), member.generationId, member.protocolName];
    },
  },
  {
    name: 'sync: odd ones',
    run: async (s) => {
      const member = await s.enter();
      const { memberId, generationId } = member;
      return [
        error(await s.sync({ memberId: 'nobody', generationId })),
        error(await s.sync({ memberId, generationId: 7 })),
        error(await s.sync(member, [], { protocolType: 'other' })),
        error(await s.sync(member, [], { protocolName: 'other' })),
        error(await s.sync(member, [], { protocolName: null })),
        error(await s.sync(member, [], { groupId: '' })),
        error(await s.sync(member, [], { groupId: `${s.group}-none` })),
        error(await s.sync(member, [], { groupInstanceId: 'none' })),
        (await s.sync(member, [{ memberId, assignment: Buffer.from('mine') }])).assignment.toString(),
        (await s.sync(member)).assignment.toString(),
        await s.state(),
      ];
    },
  },
  {
    name: 'heartbeat: odd ones',
    run: async (s) => {
      const before = await s.heartbeat('nobody', 1);
      const { memberId, generationId } = await s.enter();
      return [
        before,
        await s.heartbeat(memberId, generationId),
        await s.heartbeat(memberId, generationId + 1),
        await s.heartbeat('nobody', generationId),
        await s.heartbeat(memberId, generationId, 'none'),
        error(await s.ask('Heartbeat', { groupId: '', memberId, generationId })),
      ];
    },
  },
  {
    name: 'a second member: the first must join again',
    run: async (s) => {
      const one = await s.alone();
      const id = (await s.join()).memberId;
      const coming = s.join({ memberId: id });
      let seen = await s.heartbeat(one.memberId, one.generationId);
      while (seen === 'NONE') seen = await s.heartbeat(one.memberId, one.generationId);
      const state = await s.state();
      const synced = error(await s.sync(one));
      const commit = await s.commit(5, { memberId: one.memberId, generationIdOrMemberEpoch: 1 });
      const again = await s.join({ memberId: one.memberId });
      const two = await coming;
      const early = await s.commit(5, { memberId: one.memberId, generationIdOrMemberEpoch: 2 });
      const waits = s.sync(two);
      const led = await s.sync(again, [{ memberId: two.memberId, assignment: Buffer.from('two') }]);
      return [
        seen,
        state,
        synced,
        commit,
        again.generationId,
        again.members.length,
        two.members.length,
        two.leader === one.memberId,
        early,
        led.assignment.length,
        (await waits).assignment.toString(),
        await s.state(),
      ];
    },
  },
  {
    name: 'sync that waits hears of the next rebalance',
    run: async (s) => {
      const one = await s.alone();
      const id = (await s.join()).memberId;
      const coming = s.join({ memberId: id });
      const again = await s.join({ memberId: one.memberId });
      const two = await coming;
      const waits = s.sync(two);
      await s.heartbeat(two.memberId, two.generationId);
      const left = await s.ask('LeaveGroup', { groupId: s.group, members: [{ memberId: again.memberId }] });
      return [error(await waits), left.members.map(error), await s.state()];
    },
  },
  {
    name: 'protocols: the votes choose',
    run: async (s) => {
      const protocols = (...names: string[]) =>
        names.map((name) => ({ name, metadata: subscription(s.topic) }));
      const one = await s.alone({ protocols: protocols('range', 'sticky', 'other') });
      const ids = [(await s.join({ protocols: protocols('sticky', 'range') })).memberId];
      ids.push((await s.join({ protocols: protocols('sticky', 'range') })).memberId);
      const coming = ids.map((memberId) => s.join({ memberId, protocols: protocols('sticky', 'range') }));
      const again = await s.join({
        memberId: one.memberId,
        protocols: protocols('range', 'sticky', 'other'),
      });
      const others = await Promise.all(coming);
      return [again.protocolName, others.map((o) => o.protocolName)];
    },
  },
  {
    name: 'join again without a change',
    run: async (s) => {
      const one = await s.enter();
      const same = await s.join({ memberId: one.memberId });
      await s.sync(one);
      const leader = await s.join({ memberId: one.memberId });
      return [same.generationId, same.members.length, leader.generationId, await s.state()];
    },
  },
  {
    name: 'static member: comes back under a new id and keeps its assignment',
    run: async (s) => {
      const fixed = { groupInstanceId: 'fixed' };
      const one = await s.alone(fixed);
      const named = /^fixed-[0-9a-f-]{36}$/.test(one.memberId);
      const back = await s.join(fixed);
      const sync = await s.sync(back, [], fixed);
      return [
        named,
        one.members.length,
        error(back),
        back.generationId,
        back.skipAssignment,
        back.members.length,
        back.leader === back.memberId,
        back.memberId === one.memberId,
        sync.assignment.toString(),
        await s.heartbeat(one.memberId, 1, 'fixed'),
        await s.heartbeat(one.memberId, 1),
        await s.heartbeat(back.memberId, 1, 'fixed'),
        await s.heartbeat(back.memberId, 1),
        error(await s.join({ ...fixed, memberId: one.memberId })),
        await s.commit(1, { memberId: one.memberId, generationIdOrMemberEpoch: 1, ...fixed }),
        await s.commit(1, { memberId: back.memberId, generationIdOrMemberEpoch: 1, ...fixed }),
        error(await s.sync(one, [], fixed)),
      ];
    },
  },
  {
    name: 'static member: an old client that comes back is not told to lead',
    run: async (s) => {
      const fixed = { groupInstanceId: 'fixed' };
      const one = await s.alone(fixed);
      const back = await s.join(fixed, 8);
      return [error(back), back.generationId, back.leader === one.memberId, back.members.length];
    },
  },
  {
    name: 'static member: a change of its protocols begins a rebalance',
    run: async (s) => {
      const fixed = { groupInstanceId: 'fixed' };
      await s.alone(fixed);
      const back = await s.join({
        ...fixed,
        protocols: [{ name: 'sticky', metadata: subscription(s.topic) }],
      });
      return [error(back), back.generationId, back.protocolName];
    },
  },
  {
    name: 'static member: replaced while the group completes',
    run: async (s) => {
      const fixed = { groupInstanceId: 'fixed' };
      const one = await s.enter(fixed);
      const back = await s.join(fixed);
      return [error(back), back.generationId, await s.heartbeat(one.memberId, 1, 'fixed'), await s.state()];
    },
  },
  {
    name: 'leave: odd ones',
    run: async (s) => {
      const leave = async (
        members: readonly { memberId: string; groupInstanceId?: string | null }[],
        groupId = s.group,
      ) => {
        const answer = await s.ask('LeaveGroup', { groupId, members });
        return [error(answer), ...answer.members.map(error)];
      };
      const unknown = await leave([{ memberId: 'nobody' }]);
      const promised = (await s.join()).memberId;
      const kept = await leave([{ memberId: promised }]);
      const one = await s.alone({ groupInstanceId: 'fixed' });
      return [
        unknown,
        await leave([{ memberId: 'nobody' }], ''),
        kept,
        await leave([{ memberId: promised }]),
        await leave([{ memberId: '' }]),
        await leave([{ memberId: '', groupInstanceId: 'none' }]),
        await leave([{ memberId: 'nobody', groupInstanceId: 'fixed' }]),
        await leave([{ memberId: one.memberId, groupInstanceId: 'none' }]),
        await leave([{ memberId: 'nobody' }, { memberId: '', groupInstanceId: 'fixed' }]),
        await s.state(),
        error(await s.ask('LeaveGroup', { groupId: s.group, memberId: one.memberId }, 2)),
      ];
    },
  },
  {
    name: 'leave: the last one empties the group, and its generation goes on',
    run: async (s) => {
      const one = await s.alone();
      await s.ask('LeaveGroup', { groupId: s.group, members: [{ memberId: one.memberId }] });
      const state = await s.state();
      const next = await s.enter();
      return [state, next.generationId];
    },
  },
  {
    name: 'commit: by whom, and when',
    run: async (s) => {
      const none = [
        await s.commit(1, { generationIdOrMemberEpoch: 3, memberId: 'nobody' }),
        await s.commit(1, { generationIdOrMemberEpoch: 3, memberId: 'nobody' }, 8),
      ];
      const simple = [await s.commit(2), await s.commit(3, { memberId: 'nobody' })];
      const tooLong = await s.commit(4, {}, undefined, { committedMetadata: long });
      const listed = await s.state();
      const one = await s.alone();
      return [
        ...none,
        ...simple,
        tooLong,
        listed,
        await s.commit(5),
        await s.commit(5, { memberId: one.memberId }),
        await s.commit(5, { memberId: 'nobody', generationIdOrMemberEpoch: 1 }),
        await s.commit(5, { memberId: one.memberId, generationIdOrMemberEpoch: 9 }),
        await s.commit(5, { memberId: one.memberId, generationIdOrMemberEpoch: 1, groupInstanceId: 'none' }),
        await s.commit(6, { memberId: one.memberId, generationIdOrMemberEpoch: 1 }),
        await s.commit(7, { memberId: one.memberId, generationIdOrMemberEpoch: 1 }, undefined, {
          partitionIndex: 4,
        }),
        await s.commit(8, { groupId: '' }),
        await s.committed(),
        await s.committed({ groupId: '' }),
        await s.committed({ topics: [{ name: s.topic, partitionIndexes: [0, 1] }] }),
        await s.committed({ groupId: `${s.group}-none` }),
        await s.committed({ topics: null }),
        await s.committed({ memberId: 'nobody', memberEpoch: 4 }),
      ];
    },
  },
  {
    name: 'fetch of offsets: old versions',
    run: async (s) => {
      await s.commit(4, {}, 2);
      const answers = [];
      for (const version of [1, 2, 5, 7]) {
        const topics = version === 1 ? [{ name: s.topic, partitionIndexes: [0] }] : null;
        answers.push(await s.ask('OffsetFetch', { groupId: s.group, topics }, version));
      }
      return answers.map((a) => [
        error(a),
        a.topics.map((t) => t.partitions.map((p) => [p.committedOffset, p.metadata, error(p)])),
      ]);
    },
  },
  {
    name: 'deleted topics lose their offsets',
    run: async (s) => {
      const before = await s.commit(4);
      await s.ask('DeleteTopics', { topics: [{ name: s.topic }], timeoutMs: 10_000 });
      let after = await s.commit(5);
      while (after === 'NONE') after = await s.commit(5);
      let left = await s.committed();
      while (left.offsets[0] !== -1) left = await s.committed();
      return [before, after, left];
    },
  },
  {
    name: 'OffsetDelete',
    run: async (s) => {
      const remove = async (groupId = s.group, name = s.topic) => {
        const answer = await s.ask('OffsetDelete', {
          groupId,
          topics: [{ name, partitions: [{ partitionIndex: 0 }, { partitionIndex: 8 }] }],
        });
        const partitions = answer.topics.flatMap((t) => t.partitions);
        return [error(answer), partitions.sort((a, b) => a.partitionIndex - b.partitionIndex).map(error)];
      };
      const unknown = await remove();
      await s.commit(1);
      const simple = await remove();
      const gone = await s.committed();
      const one = await s.alone({ protocols: [{ name: 'range', metadata: subscription('another') }] });
      const mine = { memberId: one.memberId, generationIdOrMemberEpoch: 1 };
      await s.commit(2, mine);
      const unread = await remove();
      await s.join({ memberId: one.memberId });
      await s.sync({ memberId: one.memberId, generationId: 2 });
      return [
        unknown,
        simple,
        gone,
        unread,
        await remove(),
        await remove(''),
        await remove(s.group, 'nowhere'),
      ];
    },
  },
  {
    name: 'OffsetDelete: a group of another protocol type',
    run: async (s) => {
      await s.alone({ protocolType: 'connect' });
      const answer = await s.ask('OffsetDelete', {
        groupId: s.group,
        topics: [{ name: s.topic, partitions: [{ partitionIndex: 0 }] }],
      });
      return [error(answer), answer.topics.length];
    },
  },
  {
    name: 'DeleteGroups',
    run: async (s) => {
      const remove = async (...groupsNames: string[]) =>
        (await s.ask('DeleteGroups', { groupsNames })).results.map(error);
      const unknown = await remove(s.group);
      await s.commit(1);
      const simple = await remove(s.group);
      const again = await remove(s.group, s.group);
      const one = await s.alone();
      const used = await remove(s.group);
      await s.ask('LeaveGroup', { groupId: s.group, members: [{ memberId: one.memberId }] });
      return [unknown, simple, again, used, await remove(''), await remove(s.group), await s.state()];
    },
  },
  {
    name: 'DescribeGroups',
    run: async (s) => {
      const describe = async (version?: number) => {
        const { groups } = await s.ask('DescribeGroups', { groups: [s.group] }, version);
        return groups.map((g) => [
          error(g),
          g.groupState,
          g.protocolType,
          g.protocolData,
          g.members.map((m) => [
            m.groupInstanceId,
            m.clientId,
            m.clientHost,
            m.memberMetadata.length > 0,
            m.memberAssignment.toString(),
          ]),
        ]);
      };
      const unknown = [await describe(5), await describe(6)];
      await s.commit(1);
      const simple = await describe();
      const one = await s.enter({ groupInstanceId: 'fixed' });
      const completing = await describe();
      await s.sync(one, [{ memberId: one.memberId, assignment: Buffer.from('all') }]);
      return [unknown, simple, completing, await describe()];
    },
  },
  {
    name: 'ListGroups',
    run: async (s) => {
      const list = async (statesFilter: string[] = [], typesFilter: string[] = [], version?: number) => {
        const { groups } = await s.ask('ListGroups', { statesFilter, typesFilter }, version);
        return groups
          .filter((g) => g.groupId === s.group)
          .map((g) => [g.protocolType, g.groupState, g.groupType]);
      };
      await s.commit(1);
      const simple = await list();
      await s.alone();
      return [
        simple,
        await list(),
        await list([], [], 2),
        await list(['STABLE', 'empty']),
        await list(['Empty']),
        await list(['nonsense']),
        await list([], ['Classic']),
        await list([], ['consumer']),
        await list([], ['nonsense']),
      ];
    },
  },
  {
    name: 'FindCoordinator',
    run: async (s) => {
      const many = await s.ask('FindCoordinator', { keyType: 0, coordinatorKeys: ['a', 'b'] });
      const one = await s.ask('FindCoordinator', { key: 'a', keyType: 0 }, 2);
      const odd = await s.ask('FindCoordinator', { keyType: 9, coordinatorKeys: ['a'] });
      return [
        many.coordinators.map((c) => [c.key, c.nodeId, error(c)]),
        one.nodeId,
        error(one),
        odd.coordinators.map((c) => [c.key, c.nodeId, error(c)]),
      ];
    },
  },
];
