/* All consumer groups of the broker, which coordinates every one: classic groups, consumer groups of KIP-848, and groups
 * that are nothing but committed offsets. Their offsets lie in the offset store.
 *
 * Keeps groups over a restart; lets offsets that nobody uses go (offsets.retention.minutes). */

import type { Timer, World } from '#base';
import type { ErrorName } from '#kafka';
import type { Journal } from '../journal.ts';
import type { OffsetPlace, OffsetStore } from '../offset-store.ts';
import type { Topics } from '../topics.ts';
import { ClassicGroup, type CommitAsk } from './classic-group.ts';
import { ConsumerGroup } from './consumer-group.ts';
import { GroupJournal } from './journal.ts';
import { asClassic, asConsumers } from './migration.ts';
import type { Refusal } from './refusal.ts';
import type { GroupConfigs } from '../group-configs.ts';
import { GroupSettings } from './settings.ts';

export type Group = ClassicGroup | ConsumerGroup;

export interface GroupsParts {
  readonly world: World;
  readonly configs: ReadonlyMap<string, string>;
  readonly groupConfigs: GroupConfigs;
  readonly journal: Journal;
  readonly topics: Topics;
  readonly offsets: OffsetStore;
}

export class Groups {
  readonly settings: GroupSettings;
  readonly #parts: GroupsParts;
  readonly #journal: GroupJournal;
  readonly #byId = new Map<string, Group>();
  #expiry: Timer;

  constructor(parts: GroupsParts) {
    this.#parts = parts;
    this.settings = new GroupSettings(parts.configs, parts.groupConfigs);
    this.#journal = new GroupJournal(parts.journal);
    this.#journal.restore(
      (id) => this.#addClassic(id),
      (id) => this.#addConsumer(id),
    );
    parts.topics.onDelete(({ name }) => {
      for (const group of [...parts.offsets.groups()])
        for (const { place } of parts.offsets.of(group))
          if (place.topic === name) parts.offsets.remove(group, place);
    });
    this.#expiry = this.#expireLater();
  }
  close(): void {
    this.#expiry.cancel();
    for (const group of this.#byId.values()) group.close();
  }

  get(id: string): Group | undefined {
    const group = this.#byId.get(id);
    if (group !== undefined || this.#parts.offsets.of(id).length === 0) return group;
    // Only its offsets are kept of a group that never had members.
    return this.#addClassic(id);
  }
  /** By id, in no order. */
  all(): Group[] {
    for (const id of this.#parts.offsets.groups()) this.get(id);
    return [...this.#byId.values()];
  }
  /** For a JoinGroup: a consumer group that is empty becomes a classic one. `create`: where there is none. */
  classicFor(id: string, create: boolean): Group | undefined {
    const group = this.get(id);
    if (group === undefined) return create ? this.#addClassic(id) : undefined;
    if (group.kind === 'classic' || group.members.size > 0) return group;
    this.#forget(group);
    return this.#addClassic(id);
  }
  /** For a ConsumerGroupHeartbeat, likewise. */
  consumerFor(id: string, create: boolean): Group | undefined {
    const group = this.get(id);
    if (group === undefined) return create ? this.#addConsumer(id) : undefined;
    if (group.kind === 'consumer' || group.state !== 'Empty' || !create) return group;
    this.#forget(group);
    return this.#addConsumer(id);
  }
  /** A member of the consumer protocol comes to a classic group with members: where they are consumers, the group goes on
   *  as a consumer group if that takes the member: `take` gives what it answers, and whether it did. */
  upgrade<T>(group: ClassicGroup, take: (upgraded: ConsumerGroup) => readonly [T, boolean]): T | Refusal {
    const members = asConsumers(group, this.#parts.topics);
    const why = upgradeProblem(group, this.settings);
    if (why !== undefined || members === undefined)
      return {
        error: 'GROUP_ID_NOT_FOUND',
        message: `Cannot upgrade classic group ${group.id} to consumer group because ${why ?? 'the embedded consumer protocol is malformed'}.`,
      };
    const upgraded = this.#consumer(group.id);
    const epoch = group.generation;
    upgraded.restore({ epoch, assignmentEpoch: epoch }, members);
    const [answer, taken] = take(upgraded);
    if (!taken) upgraded.close();
    else {
      group.dissolve();
      this.#byId.set(group.id, upgraded);
    }
    return answer;
  }
  /** False: it stays a consumer group. */
  #downgrade(group: ConsumerGroup, rebalance: boolean): boolean {
    if (!this.settings.migration.downgrade || group.members.size > this.settings.membersMax) return false;
    const members = asClassic(group, this.#parts.topics);
    const generation = group.epochs.epoch;
    this.#forget(group);
    const classic = this.#addClassic(group.id);
    classic.restore({ generation, protocolType: 'consumer', since: this.#parts.world.now() }, members);
    classic.keep();
    if (rebalance) classic.rebalance();
    return true;
  }
  #addClassic(id: string): ClassicGroup {
    const { world } = this.#parts;
    const keep = (group: ClassicGroup): void => this.#journal.keepClassic(group);
    const group = new ClassicGroup({ id, world, settings: this.settings, keep });
    this.#byId.set(id, group);
    return group;
  }
  #addConsumer(id: string): ConsumerGroup {
    const group = this.#consumer(id);
    this.#byId.set(id, group);
    return group;
  }
  #consumer(id: string): ConsumerGroup {
    const { world, topics } = this.#parts;
    const keep = (group: ConsumerGroup): void => this.#journal.keepConsumer(group);
    const classicAgain = (group: ConsumerGroup, rebalance: boolean): boolean =>
      this.#downgrade(group, rebalance);
    return new ConsumerGroup({ id, world, topics, settings: this.settings, keep, classicAgain });
  }
  #forget(group: Group): void {
    group.close();
    this.#byId.delete(group.id);
    this.#journal.remove(group.id);
  }
  /** Takes a group and its offsets away, unless it is in use. */
  delete(id: string): ErrorName | undefined {
    const group = this.get(id);
    if (group === undefined) return 'GROUP_ID_NOT_FOUND';
    if (group.state !== 'Empty') return 'NON_EMPTY_GROUP';
    this.#parts.offsets.removeGroup(id);
    this.#forget(group);
    return undefined;
  }

  /** Why these offsets may not be committed, or undefined. A group that is not there and that nobody manages comes to be.
   *  @param version of OffsetCommit; TxnOffsetCommit gives Infinity. */
  commitError(id: string, asked: CommitAsk, version: number): ErrorName | undefined {
    const group = this.get(id);
    if (group === undefined) {
      if (asked.generation < 0) return undefined;
      return version >= 9 && !asked.transactional ? 'GROUP_ID_NOT_FOUND' : 'ILLEGAL_GENERATION';
    }
    return group.kind === 'classic' ? group.commitError(asked) : group.commitError(asked, version);
  }

  #expireLater(): Timer {
    return this.#parts.world.after(this.settings.offsetCheckMs, () => {
      for (const group of this.all()) this.#expire(group);
      this.#expiry = this.#expireLater();
    });
  }
  /** Lets go what was not used for the retention time; a group that is empty and has no offsets goes too. */
  #expire(group: Group): void {
    const { offsets, world } = this.#parts;
    const before = world.now() - this.settings.offsetRetentionMs;
    for (const { place, value } of offsets.of(group.id)) {
      const expired =
        value.expiresAt === undefined
          ? unusedSince(group, place, value.at) <= before
          : value.expiresAt <= world.now();
      if (expired && !offsets.isPending(group.id, place)) offsets.remove(group.id, place);
    }
    if (group.state === 'Empty' && offsets.of(group.id).length === 0) this.#forget(group);
  }
}

/** Why a classic group may not become a consumer group, in Kafka's words. */
function upgradeProblem(
  { protocolType, members }: ClassicGroup,
  settings: GroupSettings,
): string | undefined {
  if (!settings.migration.upgrade) return 'online upgrade is disabled';
  if (protocolType !== 'consumer') return 'the group does not use the consumer embedded protocol';
  return members.count > settings.consumerMembersMax
    ? 'the group size exceeds the consumer group maximum size'
    : undefined;
}

/** When an offset's retention began; Infinity while it is in use. */
function unusedSince(group: Group, { topic }: OffsetPlace, committedAt: number): number {
  if (group.kind === 'consumer') return group.reads(topic) ? Infinity : committedAt;
  if (group.protocolType === undefined) return committedAt;
  if (group.state === 'Empty') return group.stateSince;
  return group.state === 'Stable' && group.protocolType === 'consumer' && !group.reads(topic)
    ? committedAt
    : Infinity;
}
