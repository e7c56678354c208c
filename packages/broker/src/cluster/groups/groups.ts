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
import { GroupSettings } from './settings.ts';

export type Group = ClassicGroup | ConsumerGroup;

export interface GroupsParts {
  readonly world: World;
  readonly configs: ReadonlyMap<string, string>;
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
    this.settings = new GroupSettings(parts.configs);
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
  #addClassic(id: string): ClassicGroup {
    const { world } = this.#parts;
    const keep = (group: ClassicGroup): void => this.#journal.keepClassic(group);
    const group = new ClassicGroup({ id, world, settings: this.settings, keep });
    this.#byId.set(id, group);
    return group;
  }
  #addConsumer(id: string): ConsumerGroup {
    const { world, topics } = this.#parts;
    const keep = (group: ConsumerGroup): void => this.#journal.keepConsumer(group);
    const group = new ConsumerGroup({ id, world, topics, settings: this.settings, keep });
    this.#byId.set(id, group);
    return group;
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

/** When an offset's retention began; Infinity while it is in use. */
function unusedSince(group: Group, { topic }: OffsetPlace, committedAt: number): number {
  if (group.kind === 'consumer') return group.reads(topic) ? Infinity : committedAt;
  if (group.protocolType === undefined) return committedAt;
  if (group.state === 'Empty') return group.stateSince;
  return group.state === 'Stable' && group.protocolType === 'consumer' && !group.reads(topic)
    ? committedAt
    : Infinity;
}
