/* LeaveGroup (13): members go; an administrator names static ones by their instance ids alone (KIP-345). */

import { errorCodes, type ErrorName, type LeaveGroupRequest } from '#kafka';
import type { ClassicGroup } from '../cluster/groups/classic-group.ts';
import type { ConsumerGroup } from '../cluster/groups/consumer-group.ts';
import type { Handler } from './handler.ts';

type Leaver = LeaveGroupRequest['members'][number];

export const leaveGroup: Handler<'LeaveGroup'> = (request, { cluster, version }) => {
  if (request.groupId === '') return { errorCode: errorCodes.INVALID_GROUP_ID };
  const group = cluster.groups.get(request.groupId);
  if (group === undefined) return { errorCode: errorCodes.UNKNOWN_MEMBER_ID };
  const leavers: readonly Leaver[] =
    version >= 3 ? request.members : [{ memberId: request.memberId, groupInstanceId: null, reason: null }];
  const remove = group.kind === 'classic' ? leaveClassic : leaveConsumer;
  const errors = leavers.map((leaver) => remove(group as ClassicGroup & ConsumerGroup, leaver));
  if (group.kind === 'classic' && errors.includes(undefined) && group.state !== 'Empty')
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
  const member = memberId === '' ? group.staticMember(groupInstanceId ?? '') : undefined;
  if (member === undefined) return 'UNKNOWN_MEMBER_ID';
  group.drop(member);
  return undefined;
}
