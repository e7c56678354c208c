/* ConsumerGroupHeartbeat (KIP-848): joins with epoch 0, stays with its own epoch, leaves with -1, and with -2 for a while
 * when it is static. Here: whether the request is right, and which member it is. */

import { errorCodes, type Messages, type Sparse } from '#kafka';
import type { Client } from '../client.ts';
import { awayEpoch, type ConsumerGroup } from './consumer-group.ts';
import {
  newMember,
  successorOf,
  updated,
  type ConsumerMember,
  type HeartbeatRequest,
} from './consumer-member.ts';
import { byTopic, isSubset, toSet } from './partition-set.ts';
import type { Refusal } from './refusal.ts';
import { assignors } from './assignors/index.ts';
import type { TopicTest } from './subscriptions.ts';
import { topicPattern } from './topic-pattern.ts';

export type HeartbeatAnswer = Sparse<Messages['ConsumerGroupHeartbeat']['response']>;

export const refusedHeartbeat = ({ error, message }: Refusal): HeartbeatAnswer => ({
  errorCode: errorCodes[error],
  errorMessage: message,
});
const invalid = (message: string): Refusal => ({ error: 'INVALID_REQUEST', message });

/** What is wrong with the request itself. From version 1 on a client chooses its member's id. */
export function requestError(
  request: HeartbeatRequest,
  version: number,
  served: readonly string[],
): Refusal | undefined {
  const { memberEpoch, serverAssignor, subscribedTopicRegex } = request;
  if (request.memberId === '' && (version >= 1 || memberEpoch !== 0))
    return invalid("MemberId can't be empty.");
  if (request.groupId === '') return invalid("GroupId can't be empty.");
  if (request.instanceId === '') return invalid("InstanceId can't be empty.");
  if (request.rackId === '') return invalid("RackId can't be empty.");
  if (memberEpoch < awayEpoch)
    return invalid(`MemberEpoch is ${memberEpoch}, but must be at least ${awayEpoch}.`);
  if (memberEpoch === awayEpoch && request.instanceId === null) return invalid("InstanceId can't be null.");
  if (memberEpoch === 0) {
    if (request.rebalanceTimeoutMs === -1)
      return invalid('RebalanceTimeoutMs must be provided in first request.');
    if (request.topicPartitions === null || request.topicPartitions.length > 0)
      return invalid('TopicPartitions must be empty when (re-)joining.');
    if (request.subscribedTopicNames === null && subscribedTopicRegex === null)
      return invalid('SubscribedTopicNames or SubscribedTopicRegex must be set in first request.');
  }
  if (serverAssignor !== null && !(served.includes(serverAssignor) && assignors.has(serverAssignor)))
    return {
      error: 'UNSUPPORTED_ASSIGNOR',
      message: `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${served.join(', ')}.`,
    };
  const pattern = subscribedTopicRegex === null ? undefined : topicPattern(subscribedTopicRegex);
  return typeof pattern === 'string'
    ? {
        error: 'INVALID_REGULAR_EXPRESSION',
        message: `SubscribedTopicRegex \`${subscribedTopicRegex}\` is not a valid regular expression: ${pattern}.`,
      }
    : undefined;
}

/** Who sends a heartbeat. */
export interface Sender {
  readonly client: Client;
  /** What a client of version 0 that names no member gets. */
  readonly freshId: () => string;
  /** Whether a pattern may find this topic for it. */
  readonly visible: TopicTest;
}
/** @param intervalMs when the next one is to come */
export function heartbeat(
  group: ConsumerGroup,
  request: HeartbeatRequest,
  { client, freshId, visible }: Sender,
  intervalMs: number,
): HeartbeatAnswer {
  const full = group.roomError(request.memberId);
  if (full !== undefined) return refusedHeartbeat(full);
  const found = findMember(group, request, client, freshId);
  if ('error' in found) return refusedHeartbeat(found);
  const { before, replaced } = found;
  group.seenBy(visible);
  const { member, assigned } = group.beat(
    { before, member: updated(before, request, client), replaced },
    request,
  );
  return {
    memberId: member.id,
    memberEpoch: member.epoch,
    heartbeatIntervalMs: intervalMs,
    assignment: assigned === undefined ? null : { topicPartitions: byTopic(assigned) },
  };
}

interface Found {
  readonly before: ConsumerMember;
  readonly replaced?: ConsumerMember;
}
function findMember(
  group: ConsumerGroup,
  request: HeartbeatRequest,
  client: Client,
  freshId: () => string,
): Found | Refusal {
  const { instanceId, memberEpoch, memberId } = request;
  if (instanceId !== null) return findStatic(group, request, instanceId, client, freshId);
  const member = group.members.get(memberId);
  if (member !== undefined) return epochError(member, request) ?? { before: member };
  if (memberEpoch === 0) return { before: newMember(memberId === '' ? freshId() : memberId, null, client) };
  return unknownMember(memberId, group.id);
}
function findStatic(
  group: ConsumerGroup,
  request: HeartbeatRequest,
  instanceId: string,
  client: Client,
  freshId: () => string,
): Found | Refusal {
  const { memberEpoch, memberId } = request;
  const owner = group.staticMember(instanceId);
  if (memberEpoch !== 0) {
    const wrong = ownerError(owner, memberId, instanceId);
    return wrong ?? epochError(owner!, request) ?? { before: owner! };
  }
  const id = memberId === '' ? freshId() : memberId;
  if (owner === undefined) return { before: newMember(id, instanceId, client) };
  if (owner.epoch !== awayEpoch && owner.classic === undefined)
    return {
      error: 'UNRELEASED_INSTANCE_ID',
      message: `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by ${owner.id}.`,
    };
  return { before: successorOf(owner, id), replaced: owner };
}

const unknownMember = (id: string, group: string): Refusal => ({
  error: 'UNKNOWN_MEMBER_ID',
  message: `Member ${id} is not a member of group ${group}.`,
});
function ownerError(
  owner: ConsumerMember | undefined,
  memberId: string,
  instanceId: string,
): Refusal | undefined {
  if (owner === undefined)
    return { error: 'UNKNOWN_MEMBER_ID', message: `Instance id ${instanceId} is unknown.` };
  return owner.id === memberId
    ? undefined
    : {
        error: 'FENCED_INSTANCE_ID',
        message: `Static member ${memberId} with instance id ${instanceId} was fenced by member ${owner.id}.`,
      };
}
/** A member may be one epoch behind, when the answer with the newer one was lost; then it holds nothing else than that. */
function epochError(member: ConsumerMember, request: HeartbeatRequest): Refusal | undefined {
  const { memberEpoch, topicPartitions } = request;
  if (memberEpoch === member.epoch) return undefined;
  const lost =
    memberEpoch < member.epoch &&
    memberEpoch === member.previousEpoch &&
    topicPartitions !== null &&
    isSubset(toSet(topicPartitions), member.assigned);
  if (lost) return undefined;
  const than = memberEpoch > member.epoch ? 'greater' : 'smaller';
  return {
    error: 'FENCED_MEMBER_EPOCH',
    message: `The consumer group member has a ${than} member epoch (${memberEpoch}) than the one known by the group coordinator (${member.epoch}). The member must abandon all its partitions and rejoin.`,
  };
}

export function leave(group: ConsumerGroup, request: HeartbeatRequest): HeartbeatAnswer {
  const { instanceId, memberEpoch, memberId } = request;
  const member = instanceId === null ? group.members.get(memberId) : group.staticMember(instanceId);
  const wrong =
    instanceId !== null
      ? ownerError(member, memberId, instanceId)
      : member === undefined
        ? unknownMember(memberId, group.id)
        : undefined;
  if (wrong !== undefined) return refusedHeartbeat(wrong);
  if (memberEpoch === awayEpoch) group.depart(member!);
  else group.drop(member!);
  return { memberId, memberEpoch };
}
