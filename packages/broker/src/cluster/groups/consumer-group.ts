/* A consumer group of KIP-848: the broker shares the partitions out, and each member follows at its own pace.
 *
 *   heartbeat ─▶ is it who it says ─▶ subscriptions or topics changed? group epoch + 1 ─▶ target by the assignor
 *                                                                  ─▶ reconcile this member ─▶ answer
 *
 * Promises: a partition is with one member at a time; a member hears of a change with its next heartbeat. */

import type { Timer, World } from '#base';
import type { ErrorName } from '#kafka';
import type { Topics } from '../topics.ts';
import { assignors } from './assignors/index.ts';
import type { CommitAsk } from './classic-group.ts';
import { sameSubscription, type ConsumerMember, type HeartbeatRequest } from './consumer-member.ts';
import { noPartitions, sameSet, toSet, type PartitionSet } from './partition-set.ts';
import { reconcile } from './reconcile.ts';
import type { Refusal } from './refusal.ts';
import type { GroupSettings } from './settings.ts';
import { Subscriptions, type TopicTest } from './subscriptions.ts';

export type ConsumerState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable';

export interface ConsumerParts {
  readonly id: string;
  readonly world: World;
  readonly settings: GroupSettings;
  readonly topics: Topics;
  /** Keeps the group and its members: called when something of them changed. */
  readonly keep: (group: ConsumerGroup) => void;
}
export interface ConsumerEpochs {
  readonly epoch: number;
  readonly assignmentEpoch: number;
  /** What the subscribed topics were when the epoch was last raised for them. */
  readonly topics: string;
}
/** Where a member stands after its heartbeat. */
export interface Beat {
  readonly member: ConsumerMember;
  /** What it may read, when it is to be told. */
  readonly assigned: PartitionSet | undefined;
}

/** The epoch of a static member that went away and will come back. */
export const awayEpoch = -2;

export class ConsumerGroup {
  readonly kind = 'consumer';
  readonly #parts: ConsumerParts;
  readonly #members = new Map<string, ConsumerMember>();
  readonly #sessions = new Map<string, Timer>();
  readonly #revocations = new Map<string, Timer>();
  readonly #subscriptions: Subscriptions;
  #epoch = 0;
  #assignmentEpoch = 0;
  #topics = '';

  constructor(parts: ConsumerParts) {
    this.#parts = parts;
    this.#subscriptions = new Subscriptions(parts.topics);
  }
  get id(): string {
    return this.#parts.id;
  }
  get epochs(): ConsumerEpochs {
    return { epoch: this.#epoch, assignmentEpoch: this.#assignmentEpoch, topics: this.#topics };
  }
  get members(): ReadonlyMap<string, ConsumerMember> {
    return this.#members;
  }
  get state(): ConsumerState {
    if (this.#members.size === 0) return 'Empty';
    if (this.#epoch > this.#assignmentEpoch) return 'Assigning';
    for (const { state, epoch } of this.#members.values())
      if (state !== 'Stable' || epoch !== this.#assignmentEpoch) return 'Reconciling';
    return 'Stable';
  }
  /** The assignor that most members ask for, or the broker's first. */
  get assignor(): string {
    const votes = new Map<string, number>();
    for (const { assignor } of this.#members.values())
      if (assignor !== null) votes.set(assignor, (votes.get(assignor) ?? 0) + 1);
    let best = this.#parts.settings.assignors[0] ?? 'uniform';
    for (const [name, n] of votes) if (n > (votes.get(best) ?? 0)) best = name;
    return best;
  }
  staticMember(instanceId: string): ConsumerMember | undefined {
    for (const member of this.#members.values()) if (member.instanceId === instanceId) return member;
    return undefined;
  }
  reads(topic: string): boolean {
    return this.#subscriptions.reads(topic);
  }
  /** Whose heartbeat it is now: patterns find no other topics. */
  seenBy(visible: TopicTest): void {
    this.#subscriptions.seenBy(visible);
  }
  /** What a restart knows of it; sessions begin anew. */
  restore(epochs: ConsumerEpochs, members: Iterable<ConsumerMember>): void {
    this.#epoch = epochs.epoch;
    this.#assignmentEpoch = epochs.assignmentEpoch;
    this.#topics = epochs.topics;
    for (const member of members) {
      this.#put(member);
      this.#watchSession(member.id);
      if (member.state === 'UnrevokedPartitions') this.#watchRevocation(member);
    }
  }
  close(): void {
    for (const timer of [...this.#sessions.values(), ...this.#revocations.values()]) timer.cancel();
  }
  #put(member: ConsumerMember): void {
    this.#members.set(member.id, member);
    this.#subscriptions.changed(this.#members);
  }

  /** @param before the member as it was, or as it is when it is new
   *  @param replaced the static member that it takes the place of */
  beat(
    before: ConsumerMember,
    member: ConsumerMember,
    request: HeartbeatRequest,
    replaced?: ConsumerMember,
  ): Beat {
    const known = this.#members.get(before.id);
    const epochs = [this.#epoch, this.#assignmentEpoch];
    if (replaced !== undefined) this.#remove(replaced.id);
    if (known === member) this.#members.set(member.id, member);
    else this.#put(member);
    const topics = this.#subscriptions.fingerprint();
    const isNew = known === undefined && replaced === undefined;
    if (isNew || !sameSubscription(before, member) || topics !== this.#topics) this.#epoch++;
    this.#topics = topics;
    if (this.#epoch > this.#assignmentEpoch) this.#assign();
    const owned = request.topicPartitions === null ? undefined : toSet(request.topicPartitions);
    const current = this.#members.get(member.id)!;
    const target = { epoch: this.#assignmentEpoch, partitions: current.target };
    const after = reconcile(current, target, owned, (key) => this.#isTaken(key));
    this.#members.set(after.id, after);
    this.#watchSession(after.id);
    if (after.state !== before.state || after.epoch !== before.epoch) this.#watchRevocation(after);
    if (known !== after || epochs[0] !== this.#epoch || epochs[1] !== this.#assignmentEpoch)
      this.#parts.keep(this);
    const full =
      request.memberEpoch === 0 ||
      (request.rebalanceTimeoutMs !== -1 &&
        (request.subscribedTopicNames !== null || request.subscribedTopicRegex !== null) &&
        request.topicPartitions !== null);
    const tell = full || !sameSet(before.assigned, after.assigned);
    return { member: after, assigned: tell ? after.assigned : undefined };
  }
  #isTaken(key: string): boolean {
    for (const { assigned, revoking } of this.#members.values())
      if (assigned.has(key) || revoking.has(key)) return true;
    return false;
  }
  #assign(): void {
    const assign = assignors.get(this.assignor)!;
    const { members, partitions } = this.#subscriptions.forAssignor(this.#members);
    const targets = assign(members, partitions);
    for (const member of this.#members.values())
      this.#members.set(member.id, { ...member, target: targets.get(member.id) ?? noPartitions });
    this.#assignmentEpoch = this.#epoch;
  }

  /** A static member goes, and keeps its place until its session ends. */
  depart(member: ConsumerMember): void {
    this.#members.set(member.id, { ...member, epoch: awayEpoch, state: 'Stable', revoking: noPartitions });
    this.#cancelRevocation(member.id);
    this.#parts.keep(this);
  }
  /** A member is of the group no more: what it had goes to the others with their next heartbeats. */
  drop(member: ConsumerMember): void {
    this.#remove(member.id);
    this.#epoch++;
    this.#topics = this.#subscriptions.fingerprint();
    this.#parts.keep(this);
  }
  #remove(id: string): void {
    this.#members.delete(id);
    this.#sessions.get(id)?.cancel();
    this.#sessions.delete(id);
    this.#cancelRevocation(id);
    this.#subscriptions.changed(this.#members);
  }
  #watchSession(id: string): void {
    this.#sessions.get(id)?.cancel();
    const timer = this.#parts.world.after(this.#parts.settings.consumerSessionMs, () => {
      const member = this.#members.get(id);
      if (member !== undefined) this.drop(member);
    });
    this.#sessions.set(id, timer);
  }
  /** Who does not give up its partitions within its rebalance time-out is dropped. */
  #watchRevocation({ id, state, epoch, rebalanceMs }: ConsumerMember): void {
    this.#cancelRevocation(id);
    if (state !== 'UnrevokedPartitions') return;
    const timer = this.#parts.world.after(rebalanceMs, () => {
      const member = this.#members.get(id);
      if (member?.epoch === epoch && member.state === 'UnrevokedPartitions') this.drop(member);
    });
    this.#revocations.set(id, timer);
  }
  #cancelRevocation(id: string): void {
    this.#revocations.get(id)?.cancel();
    this.#revocations.delete(id);
  }

  /** Why an offset may not be committed, or undefined. @param version of OffsetCommit: 9 knows member epochs. */
  commitError(
    { memberId, instanceId, generation, transactional }: CommitAsk,
    version: number,
  ): ErrorName | undefined {
    if (generation < 0 && this.#members.size === 0) return undefined;
    if (transactional && generation === -1 && memberId === '' && instanceId === null) return undefined;
    const member = this.#members.get(memberId);
    if (member === undefined) return 'UNKNOWN_MEMBER_ID';
    if (!transactional && version < 9) return 'UNSUPPORTED_VERSION';
    return generation === member.epoch ? undefined : 'STALE_MEMBER_EPOCH';
  }
  /** Why offsets may not be read by this member, or undefined. */
  fetchError(memberId: string | null, epoch: number): ErrorName | undefined {
    if (memberId === null && epoch < 0) return undefined;
    const member = this.#members.get(memberId ?? '');
    if (member === undefined) return 'UNKNOWN_MEMBER_ID';
    return epoch === member.epoch ? undefined : 'STALE_MEMBER_EPOCH';
  }
  /** Why one more member may not come in. */
  roomError(memberId: string): Refusal | undefined {
    const max = this.#parts.settings.consumerMembersMax;
    return this.#members.size < max || this.#members.has(memberId)
      ? undefined
      : {
          error: 'GROUP_MAX_SIZE_REACHED',
          message: `The consumer group has reached its maximum capacity of ${max} members.`,
        };
  }
}
