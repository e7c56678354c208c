/* Scripts of groups that change their protocol with members in place: what every broker is to answer alike. */

import { errorName, type Messages } from '#kafka';
import { assignment, subscription, told, type Scene } from './scene.ts';
import { error, type Script } from './script.ts';

type Joined = Messages['JoinGroup']['response'];

/** The partitions in an assignment of one topic, in order. */
function assignedIn({ errorCode, assignment: bytes }: Messages['SyncGroup']['response']): unknown {
  if (errorCode !== 0) return errorName(errorCode);
  const data = Buffer.from(bytes);
  if (data.length < 6 || data.readInt32BE(2) === 0) return [];
  const at = 8 + data.readInt16BE(6);
  return Array.from({ length: data.readInt32BE(at) }, (_, i) => data.readInt32BE(at + 4 + 4 * i)).sort();
}
const shown = ({ errorCode, generationId, protocolType, protocolName, leader, members }: Joined): unknown => [
  errorName(errorCode),
  generationId,
  protocolType,
  protocolName,
  leader,
  members.length,
];
const breath = (ms = 20): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
/** A stable classic group of one that has all four partitions. */
function classic(s: Scene, groupInstanceId: string | null = null): Promise<Joined> {
  return s.alone({ groupInstanceId }, assignment(s.topic, 0, 1, 2, 3));
}
const size = (told: { assigned: readonly number[] | null }): unknown => told.assigned?.length ?? null;
const beaten = (answer: Messages['ConsumerGroupHeartbeat']['response']): unknown => {
  const { error: name, epoch } = told(answer);
  return [name, epoch, size(told(answer))];
};
async function described(s: Scene): Promise<unknown> {
  const { groups } = await s.ask('ConsumerGroupDescribe', { groupIds: [s.group] });
  const [group] = groups;
  const members = group!.members
    .map((m) => [m.memberType, m.memberEpoch, m.assignment.topicPartitions[0]?.partitions.length ?? 0])
    .sort();
  return [errorName(group!.errorCode), group!.groupState, group!.groupEpoch, group!.assignmentEpoch, members];
}

export const migrationScripts: readonly Script[] = [
  {
    name: 'a consumer comes to a classic group: its member is asked to join again, gives up, and both share',
    run: async (s) => {
      const old = await classic(s);
      const { memberId, generationId } = old;
      const first = await s.beat({ memberId: 'new' });
      const seen: unknown[] = [generationId, beaten(first), await described(s), await s.state()];
      seen.push(await s.heartbeat(memberId, generationId));
      seen.push(assignedIn(await s.sync(old)));
      const again = await s.join({ memberId });
      seen.push(shown(again), again.memberId === memberId);
      const got = assignedIn(await s.sync(again));
      seen.push((got as number[]).length);
      seen.push(await s.heartbeat(memberId, again.generationId));
      const third = await s.join({ memberId });
      seen.push(shown(third), (assignedIn(await s.sync(third)) as number[]).length);
      seen.push(await s.heartbeat(memberId, third.generationId));
      seen.push(
        beaten(await s.beat({ memberId: 'new', memberEpoch: first.memberEpoch, topicPartitions: [] })),
      );
      seen.push(await described(s), await s.state());
      return seen;
    },
  },
  {
    name: 'offsets, as both kinds of members commit them',
    run: async (s) => {
      const { memberId, generationId } = await classic(s);
      const first = await s.beat({ memberId: 'new' });
      const ask = { memberId, generationIdOrMemberEpoch: generationId };
      return [
        await s.commit(1, ask),
        await s.commit(2, ask, 7),
        await s.commit(3, { ...ask, generationIdOrMemberEpoch: generationId + 1 }),
        await s.commit(4, { memberId: 'new', generationIdOrMemberEpoch: first.memberEpoch }),
        await s.commit(5, { memberId: 'new', generationIdOrMemberEpoch: first.memberEpoch + 1 }),
        await s.commit(6, { memberId: 'new', generationIdOrMemberEpoch: first.memberEpoch }, 8),
        await s.commit(7),
        await s.committed(),
        await s.committed({ memberId, memberEpoch: generationId }),
        await s.committed({ memberId, memberEpoch: generationId + 1 }),
      ];
    },
  },
  {
    name: 'the last consumer goes: a classic group again, which rebalances',
    run: async (s) => {
      const { memberId } = await classic(s);
      await s.beat({ memberId: 'new' });
      const again = await s.join({ memberId });
      const gone = await s.beat({ memberId: 'new', memberEpoch: -1 });
      const seen: unknown[] = [
        beaten(gone),
        await s.state(),
        await s.heartbeat(memberId, again.generationId),
      ];
      seen.push(await described(s));
      const joined = await s.join({ memberId });
      seen.push([error(joined), joined.protocolName, joined.leader === memberId, joined.members.length]);
      const got = await s.sync(joined, [{ memberId, assignment: assignment(s.topic, 0) }]);
      seen.push(assignedIn(got), await s.state());
      return seen;
    },
  },
  {
    name: 'a classic member comes to a consumer group',
    run: async (s) => {
      const first = await s.beat();
      const asked = await s.join();
      const seen: unknown[] = [error(asked), beaten(first)];
      const joined = await s.join({ memberId: asked.memberId });
      seen.push(shown(joined), assignedIn(await s.sync(joined)), await described(s));
      seen.push(await s.heartbeat(asked.memberId, joined.generationId));
      const id = first.assignment!.topicPartitions[0]!.topicId;
      const kept = await s.beat({
        memberEpoch: 1,
        topicPartitions: [{ topicId: id, partitions: [0, 1, 2, 3] }],
      });
      const partitions = kept.assignment?.topicPartitions[0]?.partitions ?? [];
      seen.push(beaten(kept));
      seen.push(beaten(await s.beat({ memberEpoch: 1, topicPartitions: [{ topicId: id, partitions }] })));
      seen.push(await s.heartbeat(asked.memberId, joined.generationId));
      const more = await s.join({ memberId: asked.memberId });
      seen.push(shown(more), (assignedIn(await s.sync(more)) as number[]).length, await described(s));
      return seen;
    },
  },
  {
    name: 'odd requests of classic members in a consumer group',
    run: async (s) => {
      await s.beat();
      const joined = await s.enter();
      const { memberId, generationId } = joined;
      const seen: unknown[] = [
        await s.heartbeat('nobody', generationId),
        await s.heartbeat('one', 1),
        await s.heartbeat(memberId, generationId + 5),
        await s.heartbeat(memberId, generationId, 'nowhere'),
        error(await s.sync({ memberId: 'one', generationId: 1 })),
        error(await s.sync({ memberId, generationId: generationId + 1 })),
        error(await s.sync(joined, [], { protocolName: 'other' })),
        error(await s.sync(joined, [], { protocolType: 'connect' })),
        error(await s.join({ protocolType: 'connect' })),
        error(await s.join({ protocols: [{ name: 'other', metadata: subscription(s.topic) }] })),
        error(await s.join({ protocols: [] })),
        error(await s.join({ memberId: 'made-up' })),
        error(await s.join({ memberId: 'made-up', groupInstanceId: 'fixed' })),
        error(await s.join({}, 3)),
        beaten(await s.beat({ memberId, memberEpoch: generationId })),
      ];
      return seen;
    },
  },
  {
    name: 'members of both kinds leave by LeaveGroup',
    run: async (s) => {
      const { memberId } = await classic(s);
      await s.beat({ memberId: 'new' });
      await s.beat({ memberId: 'fixed', instanceId: 'i' });
      const leave = async (
        ...members: { memberId: string; groupInstanceId?: string }[]
      ): Promise<unknown> => {
        const answer = await s.ask('LeaveGroup', { groupId: s.group, members });
        return [error(answer), answer.members.map(error)];
      };
      return [
        await leave({ memberId: 'nobody' }, { memberId: 'x', groupInstanceId: 'i' }),
        await leave({ memberId: '', groupInstanceId: 'i' }),
        await leave({ memberId }),
        await described(s),
        await leave({ memberId: 'new' }),
        await s.state(),
      ];
    },
  },
  {
    name: 'the last consumer and a classic member leave together',
    run: async (s) => {
      const old = await classic(s);
      await s.beat({ memberId: 'new' });
      const stays = await s.enter();
      await s.join({ memberId: old.memberId });
      const members = [{ memberId: 'new' }, { memberId: old.memberId }, { memberId: 'new' }];
      const answer = await s.ask('LeaveGroup', { groupId: s.group, members });
      const seen: unknown[] = [error(answer), answer.members.map(error), await s.state()];
      seen.push(await s.heartbeat(old.memberId, stays.generationId));
      const joined = await s.join({ memberId: stays.memberId });
      seen.push([error(joined), joined.leader === stays.memberId, joined.members.length]);
      return seen;
    },
  },
  {
    name: 'static members change their protocol',
    run: async (s) => {
      const old = await classic(s, 'fixed');
      const seen: unknown[] = [];
      const fixed = { instanceId: 'fixed', memberId: 'new' };
      seen.push(beaten(await s.beat(fixed)), await s.state());
      seen.push(beaten(await s.beat({ memberId: 'other' })), await described(s));
      seen.push(beaten(await s.beat(fixed)));
      const back = await s.join({ groupInstanceId: 'fixed' });
      seen.push(shown(back), back.memberId === old.memberId, await described(s));
      seen.push(await s.heartbeat(old.memberId, old.generationId, 'fixed'));
      return seen;
    },
  },
  {
    name: 'a static classic member takes the place of the last consumer',
    run: async (s) => {
      const first = await s.beat({ instanceId: 'fixed' });
      const other = await s.enter();
      const taken = await s.join({ groupInstanceId: 'fixed' });
      const seen: unknown[] = [
        beaten(first),
        error(other),
        shown(taken),
        await s.state(),
        await described(s),
      ];
      seen.push(await s.heartbeat(taken.memberId, taken.generationId, 'fixed'));
      return seen;
    },
  },
  {
    name: 'a consumer comes while a member waits for the next generation',
    run: async (s) => {
      const leader = await classic(s);
      const entering = s.enter();
      while ((await s.state()) !== 'PreparingRebalance NONE') await breath();
      const first = await s.beat({ memberId: 'new' });
      return [beaten(first), error(await entering), error(await s.join({ memberId: leader.memberId }))];
    },
  },
  {
    name: 'a consumer comes while members wait for their assignment',
    run: async (s) => {
      const leader = await classic(s);
      const entering = s.enter();
      while ((await s.state()) !== 'PreparingRebalance NONE') await breath();
      const again = s.join({ memberId: leader.memberId });
      const [two, one] = [await entering, await again];
      const waits = s.sync(two);
      await breath(200);
      const first = await s.beat({ memberId: 'new' });
      return [
        beaten(first),
        assignedIn(await waits),
        await s.heartbeat(two.memberId, two.generationId),
        error(one),
      ];
    },
  },
  {
    name: 'a group of another type is not upgraded',
    run: async (s) => {
      const wanted = { protocolType: 'connect', protocols: [{ name: 'range', metadata: Buffer.from('x') }] };
      const member = await s.enter(wanted);
      await s.sync(member, [], { protocolType: 'connect' });
      const answer = await s.beat({ memberId: 'new' });
      return [beaten(answer), answer.errorMessage?.replace(s.group, 'G'), await s.state()];
    },
  },
  {
    name: 'what members say is no assignment, or no subscription',
    run: async (s) => {
      await s.alone();
      const first = await s.beat({ memberId: 'new' });
      const t = { groupId: `${s.group}-2` };
      const one = await s.enter({ ...t, protocols: [{ name: 'range', metadata: Buffer.from('x') }] });
      const all = [{ memberId: one.memberId, assignment: assignment(s.topic, 0) }];
      await s.sync(one, all, t);
      const second = await s.beat({ ...t, memberId: 'new' });
      return [first, second].map((answer) => [beaten(answer), answer.errorMessage?.replaceAll(s.group, 'G')]);
    },
  },
  {
    name: 'a heartbeat of nobody does not upgrade a group',
    run: async (s) => {
      await classic(s);
      return [
        error(await s.beat({ memberId: 'new', memberEpoch: 3 })),
        error(await s.beat({ memberId: 'new', memberEpoch: -1 })),
        await s.state(),
      ];
    },
  },
];
