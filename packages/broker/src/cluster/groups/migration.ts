/* A group of consumers changes its protocol with its members in place (KIP-848, online migration).
 *
 *   classic group ── a member of the consumer protocol comes ─▶ consumer group, some of whose members speak classic
 *   consumer group ── the last that speaks the consumer protocol goes ─▶ classic group
 *
 * Generation and group epoch are one number, which goes on; each member keeps what it has. */

import type { Topics } from '../topics.ts';
import type { ClassicGroup, NewMember } from './classic-group.ts';
import { noBytes, type ClassicMember } from './classic-members.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import type { ClassicSide, ConsumerMember } from './consumer-member.ts';
import { partitionSet, readAssignment, readSubscription, writeAssignment } from './consumer-protocol.ts';
import { noPartitions } from './partition-set.ts';

/** The members of a classic group as those of a consumer group. Undefined: one says of itself what is no subscription. */
export function asConsumers(group: ClassicGroup, topics: Topics): ConsumerMember[] | undefined {
  const members: ConsumerMember[] = [];
  for (const member of group.members.all()) {
    const consumer = asConsumer(member, group, topics);
    if (consumer === undefined) return undefined;
    members.push(consumer);
  }
  return members;
}
function asConsumer(
  member: ClassicMember,
  { generation, protocolName }: ClassicGroup,
  topics: Topics,
): ConsumerMember | undefined {
  const spoken = member.protocols.find((p) => p.name === protocolName) ?? member.protocols[0];
  const subscription = readSubscription(spoken?.metadata ?? noBytes);
  const assignment = readAssignment(member.assignment);
  if (subscription === undefined || assignment === undefined) return undefined;
  const assigned = partitionSet(assignment, topics);
  const { id, instanceId, clientId, clientHost, sessionMs, rebalanceMs, protocols } = member;
  return {
    ...{ id, instanceId, clientId, clientHost, rebalanceMs },
    rackId: subscription.rackId,
    topics: [...new Set(subscription.topics)].sort(),
    regex: null,
    assignor: null,
    epoch: generation,
    previousEpoch: generation,
    state: 'Stable',
    assigned,
    revoking: noPartitions,
    target: assigned,
    classic: { sessionMs, protocols },
  };
}

/** The members of a consumer group, all of which speak the classic protocol, as those of a classic one. */
export const asClassic = (
  { members }: ConsumerGroup,
  topics: Topics,
): (NewMember & Pick<ClassicMember, 'assignment'>)[] =>
  [...members.values()].map((member) => {
    const { id, instanceId, clientId, clientHost, rebalanceMs } = member;
    const { sessionMs, protocols } = member.classic!;
    const assignment = assignmentOf(member, topics);
    return { id, instanceId, clientId, clientHost, rebalanceMs, sessionMs, protocols, assignment };
  });

/** What a member that speaks the classic protocol has, in its version of the assignment. */
export const assignmentOf = ({ assigned, classic }: ConsumerMember, topics: Topics): Buffer =>
  writeAssignment(assigned, topics, dearest(classic!).metadata);

/** The protocol that a member named first. */
export const dearest = ({ protocols }: ClassicSide): ClassicSide['protocols'][number] => protocols[0]!;
