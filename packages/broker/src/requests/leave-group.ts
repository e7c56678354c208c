/* LeaveGroup (13): members go; an administrator names static ones by their instance ids alone (KIP-345). */

import { errorCodes, type ErrorName, type LeaveGroupRequest } from '#kafka';
import type { ClassicGroup } from '../cluster/groups/classic-group.ts';
import type { ConsumerGroup } from '../cluster/groups/consumer-group.ts';
import type { Group } from '../cluster/groups/groups.ts';
import type { Handler } from './handler.ts';

type Leaver = LeaveGroupRequest['members'][number];

export const leaveGroup: Handler<'LeaveGroup'> = (request, { cluster, version, may }) => {
  if (!may('read', 'group', request.groupId)) return { errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED };
  if (request.groupId === '') return { errorCode: errorCodes.INVALID_GROUP_ID };
  const group = cluster.groups.get(request.groupId);
  const leavers: readonly Leaver[] =
    version >= 3 ? request.members : [{ memberId: request.memberId, groupInstanceId: null, reason: null }];
  const errors = leavers.map((leaver) => leave(group, leaver));
  if (group?.kind === 'classic' && errors.includes(undefined) && group.state !== 'Empty')
    group.rebalanceOrComplete();
  if (version < 3) return { errorCode: errorCodes[errors[0] ?? 'NONE'] };
  return {
    members: leavers.map(({ memberId, groupInstanceId }, i) => ({
      memberId,
      groupInstanceId,
      errorCode: errorCodes[errors[i] ?? 'NONE'],
    })),
  };
};

function leave(group: Group | undefined, leaver: Leaver): ErrorName | undefined {
  if (group === undefined) return 'UNKNOWN_MEMBER_ID';
  return group.kind === 'classic' ? leaveClassic(group, leaver) : leaveConsumer(group, leaver);
}
function leaveClassic(group: ClassicGroup, { memberId, groupInstanceId }: Leaver): ErrorName | undefined {
  const { members } = group;
  if (members.isPromised(memberId)) {
    group.breakPromise(memberId);
    return undefined;
  }
  const id = memberId === '' ? (members.idOfInstance(groupInstanceId ?? '') ?? '') : memberId;
  const wrong = group.memberError(id, memberId === '' ? null : groupInstanceId);
  if (wrong !== undefined) return wrong;
  group.drop(members.get(id)!);
  return undefined;
}

/** Only an administrator asks this of a consumer group: its members leave by their heartbeat. */
function leaveConsumer(group: ConsumerGroup, { memberId, groupInstanceId }: Leaver): ErrorName | undefined {
  const owner = groupInstanceId === null ? undefined : group.staticMember(groupInstanceId);
  if (groupInstanceId !== null && owner === undefined) return 'UNKNOWN_MEMBER_ID';
  if (owner !== undefined && memberId !== '' && owner.id !== memberId) return 'FENCED_INSTANCE_ID';
  const member = owner ?? group.members.get(memberId);
  if (member === undefined) return 'UNKNOWN_MEMBER_ID';
  group.drop(member);
  return undefined;
}
