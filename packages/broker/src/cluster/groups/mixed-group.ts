/* JoinGroup, SyncGroup and Heartbeat of members that speak the classic protocol in a consumer group. Nobody leads: the
 * broker assigns, and a JoinGroup is answered at once.
 *
 *   JoinGroup ─▶ a step towards the target ─▶ SyncGroup: what it may read now ─▶ Heartbeat … REBALANCE_IN_PROGRESS: join again
 */

import { errorCodes, type ErrorName, type Messages } from '#kafka';
import { randomId } from '../ids.ts';
import type { Topics } from '../topics.ts';
import { refusedJoin } from './classic-group.ts';
import type { JoinAsk } from './classic-join.ts';
import type { JoinAnswer, SyncAnswer } from './classic-members.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { newMember, successorOf, type ConsumerMember } from './consumer-member.ts';
import { partitionSet, readSubscription, type Subscription } from './consumer-protocol.ts';
import { assignmentOf, dearest } from './migration.ts';

const protocolType = 'consumer';

export function joinMixed(group: ConsumerGroup, ask: JoinAsk, topics: Topics): JoinAnswer {
  const { request, version, world } = ask;
  const { memberId, groupInstanceId, protocols } = request;
  const id = memberId === '' ? randomId(world.rng) : memberId;
  if (group.roomError(id) !== undefined) return refusedJoin('GROUP_MAX_SIZE_REACHED', '');
  const subscription = supports(group, ask) ? readSubscription(protocols[0]!.metadata) : undefined;
  if (subscription === undefined) return refusedJoin('INCONSISTENT_GROUP_PROTOCOL', memberId);
  if (memberId === '' && groupInstanceId === null && version >= 4)
    return refusedJoin('MEMBER_ID_REQUIRED', id);
  const found = findMember(group, ask, id);
  if (typeof found === 'string') return refusedJoin(found, memberId);
  const { before, replaced } = found;
  const member = joined(before, ask, subscription);
  const after = group.join({ before, member, owned: partitionSet(subscription.owned, topics), replaced });
  return {
    errorCode: 0,
    memberId: after.id,
    generationId: after.epoch,
    protocolType,
    protocolName: dearest(after.classic!).name,
    leader: '',
    members: [],
  };
}
/** Whether a member with these protocols can be let in: there is one that all who speak the classic protocol speak. */
function supports({ members }: ConsumerGroup, { request }: JoinAsk): boolean {
  const spoken = [...members.values()].flatMap(({ classic }) => (classic === undefined ? [] : [classic]));
  return (
    request.protocolType === protocolType &&
    request.protocols.some(({ name }) => spoken.every((c) => c.protocols.some((p) => p.name === name)))
  );
}

interface Found {
  readonly before: ConsumerMember;
  readonly replaced?: ConsumerMember;
}
function findMember(group: ConsumerGroup, { request, client }: JoinAsk, id: string): Found | ErrorName {
  const { memberId, groupInstanceId: instanceId } = request;
  if (instanceId === null) return { before: group.members.get(id) ?? newMember(id, null, client) };
  const owner = group.staticMember(instanceId);
  if (memberId !== '') {
    if (owner === undefined) return 'UNKNOWN_MEMBER_ID';
    return owner.id === memberId ? { before: owner } : 'FENCED_INSTANCE_ID';
  }
  if (owner === undefined) return { before: newMember(id, instanceId, client) };
  return { before: successorOf(owner, id), replaced: owner };
}
/** The member as its JoinGroup makes it. */
function joined(
  before: ConsumerMember,
  { request, client, version }: JoinAsk,
  { topics, rackId }: Subscription,
): ConsumerMember {
  return {
    ...before,
    rackId: rackId ?? before.rackId,
    clientId: client.id,
    clientHost: client.host,
    rebalanceMs: version === 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs,
    topics: [...new Set(topics)].sort(),
    classic: {
      sessionMs: request.sessionTimeoutMs,
      // The request's bytes lie in its frame, which is not to be held for them.
      protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
    },
  };
}

export function syncMixed(
  group: ConsumerGroup,
  request: Messages['SyncGroup']['request'],
  topics: Topics,
): SyncAnswer {
  const refused = (error: ErrorName): SyncAnswer => ({ errorCode: errorCodes[error] });
  const member = classicMember(group, request);
  if (typeof member === 'string') return refused(member);
  const { name } = dearest(member.classic!);
  const differs = (asked: string | null, own: string): boolean => asked !== null && asked !== own;
  if (differs(request.protocolType, protocolType) || differs(request.protocolName, name))
    return refused('INCONSISTENT_GROUP_PROTOCOL');
  // Who is still to give partitions up does that first, and is asked to join again after it.
  if (group.epochs.epoch > member.epoch && member.state !== 'UnrevokedPartitions') {
    group.askToJoin(member);
    return refused('REBALANCE_IN_PROGRESS');
  }
  group.synced(member);
  return { errorCode: 0, protocolType, protocolName: name, assignment: assignmentOf(member, topics) };
}

export function heartbeatMixed(
  group: ConsumerGroup,
  request: Messages['Heartbeat']['request'],
): ErrorName | undefined {
  const member = classicMember(group, request);
  if (typeof member === 'string') return member;
  group.keepAlive(member);
  return group.mustRejoin(member) ? 'REBALANCE_IN_PROGRESS' : undefined;
}

interface Asking {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly generationId: number;
}
/** The member of the classic protocol that asks, or why it may not. */
function classicMember(
  group: ConsumerGroup,
  { memberId, groupInstanceId, generationId }: Asking,
): ConsumerMember | ErrorName {
  const owner = groupInstanceId === null ? undefined : group.staticMember(groupInstanceId);
  if (owner !== undefined && owner.id !== memberId) return 'FENCED_INSTANCE_ID';
  const member = groupInstanceId === null ? group.members.get(memberId) : owner;
  if (member?.classic === undefined) return 'UNKNOWN_MEMBER_ID';
  return member.epoch === generationId ? member : 'ILLEGAL_GENERATION';
}
