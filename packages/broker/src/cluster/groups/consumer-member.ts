/* A member of a consumer group (KIP-848): never changed, replaced by its next version. While a group moves from the classic
 * protocol to KIP-848, or back, some of its members speak the classic protocol still. */

import type { Messages } from '#kafka';
import type { Client } from '../client.ts';
import type { Protocol } from './classic-members.ts';
import { noPartitions, type PartitionSet } from './partition-set.ts';
import type { Assigned } from './reconcile.ts';

export type HeartbeatRequest = Messages['ConsumerGroupHeartbeat']['request'];

/** What a member that speaks the classic protocol joined with. */
export interface ClassicSide {
  readonly sessionMs: number;
  readonly protocols: readonly Protocol[];
}

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
  /** Undefined: it speaks the consumer protocol. */
  readonly classic?: ClassicSide;
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

/** Takes the place of a static member that went: it has what that had, and is told so as if it were new. */
export const successorOf = (owner: ConsumerMember, id: string): ConsumerMember => ({
  ...owner,
  id,
  epoch: 0,
  previousEpoch: 0,
});

/** What a heartbeat says of its member; null says nothing new. The same object when nothing is new. */
export function updated(member: ConsumerMember, request: HeartbeatRequest, client: Client): ConsumerMember {
  const { subscribedTopicNames: names } = request;
  // Who spoke the classic protocol until now is upgraded by this.
  const { classic: _, ...known } = member;
  const next: ConsumerMember = {
    ...known,
    rackId: request.rackId ?? member.rackId,
    clientId: client.id,
    clientHost: client.host,
    rebalanceMs: request.rebalanceTimeoutMs === -1 ? member.rebalanceMs : request.rebalanceTimeoutMs,
    topics: names === null ? member.topics : [...new Set(names)].sort(),
    regex: request.subscribedTopicRegex ?? member.regex,
    assignor: request.serverAssignor ?? member.assignor,
  };
  const keys = ['rackId', 'clientId', 'clientHost', 'rebalanceMs', 'assignor'] as const;
  const same = member.classic === undefined && keys.every((k) => member[k] === next[k]);
  return same && sameSubscription(member, next) ? member : next;
}

export const sameSubscription = (one: ConsumerMember, other: ConsumerMember): boolean =>
  one.regex === other.regex &&
  one.topics.length === other.topics.length &&
  one.topics.every((name, i) => name === other.topics[i]);
