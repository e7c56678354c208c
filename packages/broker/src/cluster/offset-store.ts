/* Committed offsets of consumer groups, and those of open transactions, which count once the transaction commits
 * (KIP-98, KIP-447). Every committed offset is in the journal.
 *
 *   commit(group, offsets) ─▶ committed          addPending(producer, group, offsets) ─▶ complete(producer, commit?) ─▶ committed
 */

import { journalKey, journalOf, type Journal } from './journal.ts';

export interface CommittedOffset {
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string;
  /** Commit time, ms. */
  readonly at: number;
  /** Its own end, ms: clients up to OffsetCommit 4 may choose one. */
  readonly expiresAt?: number;
}
export interface OffsetPlace {
  readonly topic: string;
  readonly partition: number;
}
interface Pending {
  readonly group: string;
  readonly place: OffsetPlace;
  readonly value: CommittedOffset;
}

const placeKey = ({ topic, partition }: OffsetPlace): string => `${topic}/${partition}`;

export class OffsetStore {
  readonly #journal: Journal;
  /** By group, then by topic and partition. */
  readonly #committed = new Map<string, Map<string, { place: OffsetPlace; value: CommittedOffset }>>();
  /** By producer id. */
  readonly #pending = new Map<number, Pending[]>();

  constructor(journal: Journal) {
    this.#journal = journal;
    for (const [[group, topic, partition], value] of journalOf(journal, 'offset'))
      this.#set(group!, { topic: topic!, partition: Number(partition) }, value as unknown as CommittedOffset);
    for (const [[producer], value] of journalOf(journal, 'pending-offsets'))
      this.#pending.set(Number(producer), value as unknown as Pending[]);
  }
  #set(group: string, place: OffsetPlace, value: CommittedOffset): void {
    let offsets = this.#committed.get(group);
    if (offsets === undefined) this.#committed.set(group, (offsets = new Map()));
    offsets.set(placeKey(place), { place, value });
  }
  commit(group: string, place: OffsetPlace, value: CommittedOffset): void {
    this.#set(group, place, value);
    this.#journal.put(journalKey('offset', group, place.topic, `${place.partition}`), { ...value });
  }
  get(group: string, place: OffsetPlace): CommittedOffset | undefined {
    return this.#committed.get(group)?.get(placeKey(place))?.value;
  }
  /** All offsets of a group. */
  of(group: string): readonly { readonly place: OffsetPlace; readonly value: CommittedOffset }[] {
    return [...(this.#committed.get(group)?.values() ?? [])];
  }
  groups(): Iterable<string> {
    return this.#committed.keys();
  }
  remove(group: string, place: OffsetPlace): void {
    const offsets = this.#committed.get(group);
    if (offsets?.delete(placeKey(place)) !== true) return;
    if (offsets.size === 0) this.#committed.delete(group);
    this.#journal.put(journalKey('offset', group, place.topic, `${place.partition}`), undefined);
  }

  /** A group that is deleted: its offsets go, those of open transactions too. */
  removeGroup(group: string): void {
    for (const { place } of this.of(group)) this.remove(group, place);
    for (const [producerId, pending] of this.#pending) {
      const left = pending.filter((p) => p.group !== group);
      if (left.length === pending.length) continue;
      if (left.length === 0) this.#pending.delete(producerId);
      else this.#pending.set(producerId, left);
      this.#keepPending(producerId);
    }
  }

  /** Offsets that a transaction will commit. */
  addPending(producerId: number, group: string, place: OffsetPlace, value: CommittedOffset): void {
    const all = (this.#pending.get(producerId) ?? []).filter(
      (p) => p.group !== group || placeKey(p.place) !== placeKey(place),
    );
    all.push({ group, place, value });
    this.#pending.set(producerId, all);
    this.#keepPending(producerId);
  }
  /** The transaction of a producer ended, for all groups or some: its offsets become committed, or are forgotten. */
  complete(producerId: number, commit: boolean, isEnded: (group: string) => boolean = () => true): void {
    const all = this.#pending.get(producerId) ?? [];
    const pending = all.filter(({ group }) => isEnded(group));
    const left = all.filter(({ group }) => !isEnded(group));
    if (left.length === 0) this.#pending.delete(producerId);
    else this.#pending.set(producerId, left);
    if (commit) for (const { group, place, value } of pending) this.commit(group, place, value);
    if (pending.length > 0) this.#keepPending(producerId);
  }
  /** Whether an open transaction will change this offset: a reader that asks for stable offsets must wait
   *  (UNSTABLE_OFFSET_COMMIT). */
  isPending(group: string, place: OffsetPlace): boolean {
    for (const pending of this.#pending.values())
      if (pending.some((p) => p.group === group && placeKey(p.place) === placeKey(place))) return true;
    return false;
  }
  #keepPending(producerId: number): void {
    const pending = this.#pending.get(producerId);
    this.#journal.put(
      journalKey('pending-offsets', `${producerId}`),
      pending?.map(({ group, place, value }) => ({ group, place: { ...place }, value: { ...value } })),
    );
  }
}
