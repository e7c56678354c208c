/* JoinGroup, SyncGroup, Heartbeat, LeaveGroup and DescribeGroups: static members of a classic group (KIP-345). */

import { request, type KafkaRequest } from './request.ts';

const versions = { join: 5, sync: 3, heartbeat: 3, leave: 3, describe: 4 } as const;

/** A member of a group. `instance` is its name for good, `memberId` the name of its present life. */
export interface Membership {
  readonly group: string;
  readonly instance: string;
  readonly memberId: string;
  readonly generation: number;
}
interface Answer {
  readonly error: number;
}

export interface Joining {
  readonly group: string;
  readonly instance: string;
  /** Empty: a new life, which ends the one before. */
  readonly memberId: string;
  /** Members of a group have a type and a protocol in common. */
  readonly type: string;
  readonly protocol: string;
  readonly sessionMs: number;
  readonly rebalanceMs: number;
}
/** Answered when the group's members are settled; at once where it has no place for this one. */
export const joinGroupRequest = ({
  group,
  instance,
  memberId,
  type,
  protocol,
  sessionMs,
  rebalanceMs,
}: Joining): KafkaRequest<Answer & { readonly membership: Membership }> =>
  request(
    'JoinGroup',
    versions.join,
    {
      groupId: group,
      sessionTimeoutMs: sessionMs,
      rebalanceTimeoutMs: rebalanceMs,
      memberId,
      groupInstanceId: instance,
      protocolType: type,
      protocols: [{ name: protocol, metadata: new Uint8Array(0) }],
    },
    (answer) => ({
      error: answer.errorCode,
      membership: { group, instance, memberId: answer.memberId, generation: answer.generationId },
    }),
  );

const memberOf = ({
  group,
  instance,
  memberId,
  generation,
}: Membership): {
  readonly groupId: string;
  readonly groupInstanceId: string;
  readonly memberId: string;
  readonly generationId: number;
} => ({ groupId: group, groupInstanceId: instance, memberId, generationId: generation });

/** Of a group that shares nothing out. */
export const syncGroupRequest = (membership: Membership): KafkaRequest<Answer> =>
  request('SyncGroup', versions.sync, memberOf(membership), ({ errorCode }) => ({ error: errorCode }));

export const heartbeatRequest = (membership: Membership): KafkaRequest<Answer> =>
  request('Heartbeat', versions.heartbeat, memberOf(membership), ({ errorCode }) => ({ error: errorCode }));

export const leaveGroupRequest = ({
  group,
  instance,
  memberId,
}: Pick<Membership, 'group' | 'instance' | 'memberId'>): KafkaRequest<Answer> =>
  request(
    'LeaveGroup',
    versions.leave,
    { groupId: group, members: [{ memberId, groupInstanceId: instance }] },
    ({ errorCode }) => ({ error: errorCode }),
  );

export interface DescribedGroup {
  readonly error: number;
  /** Of a settled group; else empty. */
  readonly protocol: string;
  /** Names for good of its members, those who wait to come in among them. */
  readonly instances: readonly string[];
}
export const describeGroupRequest = (group: string): KafkaRequest<DescribedGroup> =>
  request('DescribeGroups', versions.describe, { groups: [group] }, ({ groups }) => {
    const { errorCode, protocolData, members } = groups[0]!;
    const instances = members.map((m) => m.groupInstanceId).filter((name) => name !== null);
    return { error: errorCode, protocol: protocolData, instances };
  });
