/* Who is in a classic group: members by id, the names of static ones (KIP-345), ids that were given out and not used yet
 * (KIP-394), the leader, and what all of them can speak. Plain data; time and answers belong to the group. */

import { assert, type Timer } from '#base';
import type { Messages, Sparse } from '#kafka';

export type JoinAnswer = Sparse<Messages['JoinGroup']['response']>;
export type SyncAnswer = Sparse<Messages['SyncGroup']['response']>;

export interface Protocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}
export interface ClassicMember {
  readonly id: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  sessionMs: number;
  rebalanceMs: number;
  /** What it can speak, the dearest first. */
  protocols: readonly Protocol[];
  assignment: Uint8Array;
  /** Joined, and was not told of a generation yet: it knows no id of its own and cannot heartbeat. */
  isNew: boolean;
  /** Its waiting JoinGroup and SyncGroup. */
  join: ((answer: JoinAnswer) => void) | undefined;
  sync: ((answer: SyncAnswer) => void) | undefined;
  sessionTimer: Timer | undefined;
}

export const noBytes = new Uint8Array(0);

export function sameProtocols(one: readonly Protocol[], other: readonly Protocol[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ name, metadata }, i) => {
      const { name: otherName, metadata: otherMetadata } = other[i]!;
      return name === otherName && Buffer.compare(metadata, otherMetadata) === 0;
    })
  );
}

export class ClassicMembers {
  readonly #byId = new Map<string, ClassicMember>();
  readonly #byInstance = new Map<string, string>();
  readonly #promised = new Map<string, Timer>();
  #leader: string | undefined;

  get count(): number {
    return this.#byId.size;
  }
  get leader(): string | undefined {
    return this.#leader;
  }
  all(): ClassicMember[] {
    return [...this.#byId.values()];
  }
  get(id: string): ClassicMember | undefined {
    return this.#byId.get(id);
  }
  idOfInstance(instanceId: string): string | undefined {
    return this.#byInstance.get(instanceId);
  }
  get joining(): number {
    let n = 0;
    for (const member of this.#byId.values()) if (member.join !== undefined) n++;
    return n;
  }
  /** Every member waits for the next generation, and nobody who was given an id is still to come. */
  get allJoined(): boolean {
    return this.#promised.size === 0 && this.joining === this.count;
  }
  get rebalanceMs(): number {
    return this.all().reduce((most, m) => Math.max(most, m.rebalanceMs), 0);
  }

  /** An id was given out; the timer takes it back. */
  promise(id: string, timer: Timer): void {
    this.#promised.set(id, timer);
  }
  isPromised(id: string): boolean {
    return this.#promised.has(id);
  }
  /** False: there was no such promise. */
  breakPromise(id: string): boolean {
    this.#promised.get(id)?.cancel();
    return this.#promised.delete(id);
  }

  add(member: ClassicMember): void {
    assert(!this.#byId.has(member.id), 'a member is added once');
    this.breakPromise(member.id);
    this.#byId.set(member.id, member);
    if (member.instanceId !== null) this.#byInstance.set(member.instanceId, member.id);
    this.#leader ??= member.id;
  }
  remove(id: string): ClassicMember | undefined {
    this.breakPromise(id);
    const member = this.#byId.get(id);
    if (member === undefined) return undefined;
    member.sessionTimer?.cancel();
    this.#byId.delete(id);
    if (member.instanceId !== null && this.#byInstance.get(member.instanceId) === id)
      this.#byInstance.delete(member.instanceId);
    if (this.#leader === id) this.#leader = this.#byId.keys().next().value;
    return member;
  }
  /** Another member takes the place of a static one, and its leadership. */
  replace(old: ClassicMember, member: ClassicMember): void {
    const led = this.#leader === old.id;
    this.remove(old.id);
    this.add(member);
    if (led) this.#leader = member.id;
  }
  /** Sees that a member who waits for the generation leads it. False when none waits. */
  electLeader(): boolean {
    const waits = (m: ClassicMember | undefined): boolean => m?.join !== undefined;
    if (!waits(this.#byId.get(this.#leader ?? ''))) this.#leader = this.all().find(waits)?.id ?? this.#leader;
    return waits(this.#byId.get(this.#leader ?? ''));
  }
  lead(id: string): void {
    assert(this.#byId.has(id), 'a leader is a member');
    this.#leader = id;
  }

  /** Whether all members can speak one of these. */
  speakOneOf(protocols: readonly Protocol[]): boolean {
    return protocols.some((p) => this.#allSpeak(p.name));
  }
  #allSpeak(name: string): boolean {
    for (const member of this.#byId.values())
      if (!member.protocols.some((p) => p.name === name)) return false;
    return true;
  }
  /** Each votes for its dearest of those that all can speak; the most votes win. */
  vote(): string {
    const votes = new Map<string, number>();
    for (const member of this.#byId.values()) {
      const choice = member.protocols.find((p) => this.#allSpeak(p.name));
      assert(choice !== undefined, 'members are let in only if all can speak one protocol');
      votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1);
    }
    let best: string | undefined;
    for (const [name, n] of votes) if (best === undefined || n > votes.get(best)!) best = name;
    assert(best !== undefined, 'a vote needs members');
    return best;
  }
  close(): void {
    for (const timer of this.#promised.values()) timer.cancel();
    for (const member of this.#byId.values()) member.sessionTimer?.cancel();
  }
}
