/* A consumer group of KIP-848: the broker shares the partitions out, and each member follows at its own pace.
 *
 *   heartbeat ─▶ is it who it says ─▶ subscriptions or topics changed? group epoch + 1 ─▶ target by the assignor
 *                                                                  ─▶ reconcile this member ─▶ answer
 *
 * A member that speaks the classic protocol still is asked by its heartbeat to join again: its JoinGroup is the step here,
 * its SyncGroup the answer. Promises: a partition is with one member at a time; a member hears of a change with its next
 * heartbeat. */

import type { World } from '#base';
import type { ErrorName } from '#kafka';
import type { Topics } from '../topics.ts';
import { assignors } from './assignors/index.ts';
import type { CommitAsk } from './classic-group.ts';
import { sameSubscription, type ConsumerMember, type HeartbeatRequest } from './consumer-member.ts';
import { MemberTimers } from './member-timers.ts';
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
  /** All who are left speak the classic protocol: the group may go on as a classic one, after a rebalance or as it is.
   *  Gives whether it does. */
  readonly classicAgain: (group: ConsumerGroup, rebalance: boolean) => boolean;
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

/** A member that speaks, as it was and as its request makes it. */
export interface Step {
  /** As it is when it is new. */
  readonly before: ConsumerMember;
  readonly member: ConsumerMember;
  /** What it says that it holds; undefined when it does not say. */
  readonly owned: PartitionSet | undefined;
  /** The static member that it takes the place of. */
  readonly replaced?: ConsumerMember | undefined;
}

/** The epoch of a static member that went away and will come back. */
export const awayEpoch = -2;

export class ConsumerGroup {
  readonly kind = 'consumer';
  readonly #parts: ConsumerParts;
  readonly #members = new Map<string, ConsumerMember>();
  readonly #timers: MemberTimers<'session' | 'revocation' | 'join' | 'sync'>;
  readonly #subscriptions: Subscriptions;
  #epoch = 0;
  #assignmentEpoch = 0;
  #topics = '';

  constructor(parts: ConsumerParts) {
    this.#parts = parts;
    this.#timers = new MemberTimers(parts.world);
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
  /** What a restart knows of it, or the group that it comes from; sessions begin anew. Without `topics`: as they are. */
  restore(
    epochs: Omit<ConsumerEpochs, 'topics'> & Partial<ConsumerEpochs>,
    members: Iterable<ConsumerMember>,
  ): void {
    this.#epoch = epochs.epoch;
    this.#assignmentEpoch = epochs.assignmentEpoch;
    for (const member of members) {
      this.#put(member);
      this.keepAlive(member);
      this.#watchRevocation(member);
    }
    this.#topics = epochs.topics ?? this.#subscriptions.fingerprint();
  }
  close(): void {
    this.#timers.close();
  }
  #put(member: ConsumerMember): void {
    this.#members.set(member.id, member);
    this.#subscriptions.changed(this.#members);
  }

  /** A heartbeat of the consumer protocol. */
  beat(step: Omit<Step, 'owned'>, request: HeartbeatRequest): Beat {
    const { before } = step;
    const owned = request.topicPartitions === null ? undefined : toSet(request.topicPartitions);
    const after = this.#take({ ...step, owned });
    for (const kind of ['join', 'sync'] as const) this.#timers.cancel(kind, after.id);
    const full =
      request.memberEpoch === 0 ||
      (request.rebalanceTimeoutMs !== -1 &&
        (request.subscribedTopicNames !== null || request.subscribedTopicRegex !== null) &&
        request.topicPartitions !== null);
    const tell = full || !sameSet(before.assigned, after.assigned);
    return { member: after, assigned: tell ? after.assigned : undefined };
  }
  /** A JoinGroup of the classic protocol. Its SyncGroup has to come within the rebalance time-out. */
  join(step: Step): ConsumerMember {
    const after = this.#take(step);
    this.#timers.cancel('join', after.id);
    this.#dropIn('sync', after);
    if (step.replaced !== undefined) this.#isClassicAgain(false);
    return after;
  }
  #isClassicAgain(rebalance: boolean): boolean {
    for (const { classic } of this.#members.values()) if (classic === undefined) return false;
    return this.#members.size > 0 && this.#parts.classicAgain(this, rebalance);
  }
  /** The SyncGroup that it waited for. */
  synced(member: ConsumerMember): void {
    this.#timers.cancel('sync', member.id);
    this.keepAlive(member);
  }
  /** The epoch is raised where something is new, targets are made, and the member goes on towards its own. */
  #take({ before, member, owned, replaced }: Step): ConsumerMember {
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
    const current = this.#members.get(member.id)!;
    const target = { epoch: this.#assignmentEpoch, partitions: current.target };
    const after = reconcile(current, target, owned, (key) => this.#isTaken(key));
    this.#members.set(after.id, after);
    this.keepAlive(after);
    if (after.state !== before.state || after.epoch !== before.epoch) this.#watchRevocation(after);
    if (known !== after || epochs[0] !== this.#epoch || epochs[1] !== this.#assignmentEpoch)
      this.#parts.keep(this);
    return after;
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
    this.#timers.cancel('revocation', member.id);
    this.#parts.keep(this);
  }
  /** Members are of the group no more: what they had goes to the others with their next heartbeats. */
  drop(...members: readonly ConsumerMember[]): void {
    for (const { id } of members) this.#remove(id);
    if (this.#isClassicAgain(true)) return;
    this.#epoch++;
    this.#topics = this.#subscriptions.fingerprint();
    this.#parts.keep(this);
  }
  #remove(id: string): void {
    this.#members.delete(id);
    this.#timers.cancelAll(id);
    this.#subscriptions.changed(this.#members);
  }
  /** Begins the member's session anew. */
  keepAlive({ id, classic }: ConsumerMember): void {
    this.#timers.set(
      'session',
      id,
      classic?.sessionMs ?? this.#parts.settings.consumerSessionMs(this.id),
      () => {
        const member = this.#members.get(id);
        if (member !== undefined) this.drop(member);
      },
    );
  }
  /** Who does not give up its partitions within its rebalance time-out is dropped. */
  #watchRevocation({ id, state, epoch, rebalanceMs }: ConsumerMember): void {
    this.#timers.cancel('revocation', id);
    if (state !== 'UnrevokedPartitions') return;
    this.#timers.set('revocation', id, rebalanceMs, () => {
      const member = this.#members.get(id);
      if (member?.epoch === epoch && member.state === 'UnrevokedPartitions') this.drop(member);
    });
  }
  #dropIn(kind: 'join' | 'sync', { id, rebalanceMs }: ConsumerMember): void {
    this.#timers.set(kind, id, rebalanceMs, () => {
      const member = this.#members.get(id);
      if (member !== undefined) this.drop(member);
    });
  }

  /** Whether a member of the classic protocol has to join again, which it is given its rebalance time-out for. */
  mustRejoin(member: ConsumerMember): boolean {
    const { epoch, state } = member;
    const must =
      epoch < this.#epoch ||
      state === 'UnrevokedPartitions' ||
      (state === 'UnreleasedPartitions' && !this.#waitsForOthers(member));
    if (must) this.askToJoin(member);
    return must;
  }
  askToJoin(member: ConsumerMember): void {
    if (!this.#timers.has('join', member.id)) this.#dropIn('join', member);
  }
  #waitsForOthers({ target, assigned }: ConsumerMember): boolean {
    for (const key of target) if (!assigned.has(key) && this.#isTaken(key)) return true;
    return false;
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
    if (!transactional && member.classic === undefined && version < 9) return 'UNSUPPORTED_VERSION';
    return generation === member.epoch ? undefined : staleness(member);
  }
  /** Why offsets may not be read by this member, or undefined. */
  fetchError(memberId: string | null, epoch: number): ErrorName | undefined {
    if (memberId === null && epoch < 0) return undefined;
    const member = this.#members.get(memberId ?? '');
    if (member === undefined) return 'UNKNOWN_MEMBER_ID';
    return epoch === member.epoch ? undefined : staleness(member);
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

/** What a member of another epoch is told, in the words of its protocol. */
const staleness = ({ classic }: ConsumerMember): ErrorName =>
  classic === undefined ? 'STALE_MEMBER_EPOCH' : 'ILLEGAL_GENERATION';
