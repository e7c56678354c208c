/* LeaveGroup (13): members go; an administrator names static ones by their instance ids alone (KIP-345). */

import { errorCodes, type ErrorName, type LeaveGroupRequest } from '#kafka';
import type { ClassicGroup } from '../cluster/groups/classic-group.ts';
import type { ConsumerGroup } from '../cluster/groups/consumer-group.ts';
import type { ConsumerMember } from '../cluster/groups/consumer-member.ts';
import type { Group } from '../cluster/groups/groups.ts';
import type { Handler } from './handler.ts';

type Leaver = LeaveGroupRequest['members'][number];

export const leaveGroup: Handler<'LeaveGroup'> = (request, { cluster, version, may }) => {
  if (!may('read', 'group', request.groupId)) return { errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED };
  if (request.groupId === '') return { errorCode: errorCodes.INVALID_GROUP_ID };
  const group = cluster.groups.get(request.groupId);
  const leavers: readonly Leaver[] =
    version >= 3 ? request.members : [{ memberId: request.memberId, groupInstanceId: null, reason: null }];
  const errors = leave(group, leavers);
  if (version < 3) return { errorCode: errorCodes[errors[0] ?? 'NONE'] };
  return {
    members: leavers.map(({ memberId, groupInstanceId }, i) => ({
      memberId,
      groupInstanceId,
      errorCode: errorCodes[errors[i] ?? 'NONE'],
    })),
  };
};

/** Why each may not leave; undefined for those that left. */
function leave(group: Group | undefined, leavers: readonly Leaver[]): (ErrorName | undefined)[] {
  if (group === undefined) return leavers.map(() => 'UNKNOWN_MEMBER_ID');
  return group.kind === 'classic' ? leaveClassic(group, leavers) : leaveConsumer(group, leavers);
}
function leaveClassic(group: ClassicGroup, leavers: readonly Leaver[]): (ErrorName | undefined)[] {
  const errors = leavers.map((leaver) => dropClassic(group, leaver));
  if (errors.includes(undefined) && group.state !== 'Empty') group.rebalanceOrComplete();
  return errors;
}
function dropClassic(group: ClassicGroup, { memberId, groupInstanceId }: Leaver): ErrorName | undefined {
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

/** Members of the classic protocol, or whom an administrator names: others leave by their heartbeat. All at once, for the
 *  group may not be a consumer group after it. */
function leaveConsumer(group: ConsumerGroup, leavers: readonly Leaver[]): (ErrorName | undefined)[] {
  const found = leavers.map((leaver) => leavingMember(group, leaver));
  const members = new Set(found.filter((m) => typeof m !== 'string'));
  if (members.size > 0) group.drop(...members);
  return found.map((m) => (typeof m === 'string' ? m : undefined));
}
function leavingMember(
  group: ConsumerGroup,
  { memberId, groupInstanceId }: Leaver,
): ConsumerMember | ErrorName {
  const owner = groupInstanceId === null ? undefined : group.staticMember(groupInstanceId);
  if (groupInstanceId !== null && owner === undefined) return 'UNKNOWN_MEMBER_ID';
  if (owner !== undefined && memberId !== '' && owner.id !== memberId) return 'FENCED_INSTANCE_ID';
  const member = owner ?? group.members.get(memberId);
  return member ?? 'UNKNOWN_MEMBER_ID';
}
