/* A member of a consumer group (KIP-848): never changed, replaced by its next version. */

import type { Messages } from '#kafka';
import type { Client } from '../client.ts';
import { noPartitions, type PartitionSet } from './partition-set.ts';
import type { Assigned } from './reconcile.ts';

export type HeartbeatRequest = Messages['ConsumerGroupHeartbeat']['request'];

export interface ConsumerMember extends Assigned {
  readonly id: string;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly rebalanceMs: number;
  /** Names, sorted; and a pattern of names. */
  readonly topics: readonly string[];
  readonly regex: string | null;
  /** The assignor that it asks for. */
  readonly assignor: string | null;
  /** What it is to have in the end. */
  readonly target: PartitionSet;
}

export function newMember(id: string, instanceId: string | null, client: Client): ConsumerMember {
  return {
    id,
    instanceId,
    rackId: null,
    clientId: client.id,
    clientHost: client.host,
    rebalanceMs: -1,
    topics: [],
    regex: null,
    assignor: null,
    epoch: 0,
    previousEpoch: 0,
    state: 'Stable',
    assigned: noPartitions,
    revoking: noPartitions,
    target: noPartitions,
  };
}

/** What a heartbeat says of its member; null says nothing new. The same object when nothing is new. */
export function updated(member: ConsumerMember, request: HeartbeatRequest, client: Client): ConsumerMember {
  const { subscribedTopicNames: names } = request;
  const next: ConsumerMember = {
    ...member,
    rackId: request.rackId ?? member.rackId,
    clientId: client.id,
    clientHost: client.host,
    rebalanceMs: request.rebalanceTimeoutMs === -1 ? member.rebalanceMs : request.rebalanceTimeoutMs,
    topics: names === null ? member.topics : [...new Set(names)].sort(),
    regex: request.subscribedTopicRegex ?? member.regex,
    assignor: request.serverAssignor ?? member.assignor,
  };
  const keys = ['rackId', 'clientId', 'clientHost', 'rebalanceMs', 'assignor'] as const;
  return sameSubscription(member, next) && keys.every((k) => member[k] === next[k]) ? member : next;
}

export const sameSubscription = (one: ConsumerMember, other: ConsumerMember): boolean =>
  one.regex === other.regex &&
  one.topics.length === other.topics.length &&
  one.topics.every((name, i) => name === other.topics[i]);
