/* A classic consumer group: members agree on a generation, its leader shares the work out, all keep alive by heartbeats.
 *
 *            ┌──────────── a member comes, goes, or changes ────────────┐
 *            ▼                                                          │
 *   Empty ─▶ PreparingRebalance ── all joined, or time ─▶ CompletingRebalance ── the leader's SyncGroup ─▶ Stable
 *     ▲              │
 *     └─ none is left ┘
 *
 * JoinGroup and SyncGroup wait as promises. Promises: one generation is agreed on by all its members, and who is not of it
 * is told so. As Kafka 4.1 does it. */

import { assert, type Timer, type World } from '#base';
import { errorCodes, type ErrorName, type Messages } from '#kafka';
import {
  ClassicMembers,
  noBytes,
  type ClassicMember,
  type JoinAnswer,
  type Protocol,
  type SyncAnswer,
} from './classic-members.ts';
import type { GroupSettings } from './settings.ts';
import { subscribedTopics } from './consumer-protocol.ts';

export type ClassicState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

export interface ClassicParts {
  readonly id: string;
  readonly world: World;
  readonly settings: GroupSettings;
  /** Keeps the group: called when a generation is agreed on, when the group is empty, when a static member is replaced. */
  readonly keep: (group: ClassicGroup) => void;
}
export type NewMember = Pick<
  ClassicMember,
  'id' | 'instanceId' | 'clientId' | 'clientHost' | 'sessionMs' | 'rebalanceMs' | 'protocols'
>;

/** Who commits offsets: of a consumer group the generation is the member's epoch. */
export interface CommitAsk {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly generation: number;
  readonly transactional: boolean;
}

export class ClassicGroup {
  readonly kind = 'classic';
  readonly members = new ClassicMembers();
  readonly #parts: ClassicParts;
  #state: ClassicState = 'Empty';
  #stateSince: number;
  #generation = 0;
  #protocolType: string | undefined;
  #protocolName: string | undefined;
  /** The group was empty, and the first members wait for others (group.initial.rebalance.delay.ms). */
  #gathering = false;
  #cameWhileGathering = false;
  #joinTimer: Timer | undefined;
  #syncTimer: Timer | undefined;
  /** Members of this generation that did not ask for their assignment yet. */
  readonly #unsynced = new Set<string>();
  /** Topics that the members read; undefined when their metadata cannot be read. */
  #topics: ReadonlySet<string> | undefined = new Set();

  constructor(parts: ClassicParts) {
    this.#parts = parts;
    this.#stateSince = parts.world.now();
  }
  get id(): string {
    return this.#parts.id;
  }
  get state(): ClassicState {
    return this.#state;
  }
  /** When the state was entered. */
  get stateSince(): number {
    return this.#stateSince;
  }
  get generation(): number {
    return this.#generation;
  }
  /** Undefined: it only keeps offsets. */
  get protocolType(): string | undefined {
    return this.#protocolType;
  }
  get protocolName(): string | undefined {
    return this.#protocolName;
  }
  #enter(state: ClassicState): void {
    this.#state = state;
    this.#stateSince = this.#parts.world.now();
  }
  /** What a restart knows of it; sessions begin anew. */
  restore(
    stored: {
      generation: number;
      protocolType?: string;
      protocolName?: string;
      leader?: string;
      since: number;
    },
    members: readonly (NewMember & Pick<ClassicMember, 'assignment'>)[],
  ): void {
    this.#generation = stored.generation;
    this.#protocolType = stored.protocolType;
    this.#state = members.length === 0 ? 'Empty' : 'Stable';
    this.#stateSince = stored.since;
    for (const member of members) {
      const restored = { ...member, isNew: false, join: undefined, sync: undefined, sessionTimer: undefined };
      this.members.add(restored);
      this.keepAlive(restored);
    }
    if (stored.leader !== undefined) this.members.lead(stored.leader);
    this.#protocolName = stored.protocolName ?? (members.length > 0 ? this.members.vote() : undefined);
    this.#learnTopics();
  }
  /** It goes on as a group of another kind: who waits is to ask again. */
  dissolve(): void {
    for (const { id, join, sync } of this.members.all()) {
      join?.(refusedJoin('REBALANCE_IN_PROGRESS', id));
      sync?.({ errorCode: errorCodes.REBALANCE_IN_PROGRESS });
    }
    this.close();
  }
  close(): void {
    this.#joinTimer?.cancel();
    this.#syncTimer?.cancel();
    this.members.close();
  }

  /** Whether a member with these can be let in. */
  supports(type: string, protocols: readonly Protocol[]): boolean {
    if (this.#state === 'Empty') return type !== '' && protocols.length > 0;
    return type === this.#protocolType && this.members.speakOneOf(protocols);
  }
  /** Why this member may not ask, or undefined. */
  memberError(id: string, instanceId: string | null): ErrorName | undefined {
    if (instanceId !== null) {
      const owner = this.members.idOfInstance(instanceId);
      if (owner === undefined) return 'UNKNOWN_MEMBER_ID';
      if (owner !== id) return 'FENCED_INSTANCE_ID';
    }
    return this.members.get(id) === undefined ? 'UNKNOWN_MEMBER_ID' : undefined;
  }
  /** Whether offsets of a topic are in use. A group of which the metadata cannot be read uses all. */
  reads(topic: string): boolean {
    return this.#topics === undefined ? this.#protocolType === 'consumer' : this.#topics.has(topic);
  }

  /** Gives out an id that is to join within the session time-out. */
  promise(id: string, sessionMs: number): void {
    const timer = this.#parts.world.after(sessionMs, () => {
      this.breakPromise(id);
    });
    this.members.promise(id, timer);
  }
  breakPromise(id: string): void {
    if (this.members.breakPromise(id) && this.#state === 'PreparingRebalance') this.#completeIfAllJoined();
  }
  add(wanted: NewMember): Promise<JoinAnswer> {
    const member = madeMember(wanted);
    member.isNew = true;
    if (this.#gathering) this.#cameWhileGathering = true;
    if (this.members.count === 0) this.#topics = new Set();
    this.members.add(member);
    const answer = waiting<JoinAnswer>((resolve) => {
      member.join = resolve;
    });
    // It may give up and join again under another id: it is not waited for without end.
    this.#watch(member, this.#parts.settings.newMemberJoinMs);
    this.rebalanceOrComplete();
    return answer;
  }
  setProtocolType(type: string): void {
    if (this.members.count === 0) this.#protocolType = type;
  }
  /** A member that is known joins again, for the next generation. */
  rejoin(
    member: ClassicMember,
    wanted: Pick<NewMember, 'sessionMs' | 'rebalanceMs' | 'protocols'>,
  ): Promise<JoinAnswer> {
    member.sessionMs = wanted.sessionMs;
    member.rebalanceMs = wanted.rebalanceMs;
    member.protocols = wanted.protocols;
    // A second JoinGroup of one member: the first was given up by its client.
    member.join?.(refusedJoin('REBALANCE_IN_PROGRESS', member.id));
    const answer = waiting<JoinAnswer>((resolve) => {
      member.join = resolve;
    });
    this.rebalanceOrComplete();
    return answer;
  }
  /** A static member came back under a new id: the old one is fenced. */
  replace(old: ClassicMember, wanted: NewMember): ClassicMember {
    const member = madeMember(wanted);
    member.assignment = old.assignment;
    this.members.replace(old, member);
    this.#unsynced.delete(old.id);
    old.join?.(refusedJoin('FENCED_INSTANCE_ID', old.id));
    old.sync?.({ errorCode: errorCodes.FENCED_INSTANCE_ID });
    this.keepAlive(member);
    return member;
  }
  keep(): void {
    this.#learnTopics();
    this.#parts.keep(this);
  }
  /** Takes a member out. The caller then calls `rebalanceOrComplete`. */
  drop(member: ClassicMember): void {
    member.join?.(refusedJoin('UNKNOWN_MEMBER_ID', ''));
    member.sync?.({ errorCode: errorCodes.UNKNOWN_MEMBER_ID });
    member.join = undefined;
    member.sync = undefined;
    this.#unsynced.delete(member.id);
    this.members.remove(member.id);
  }
  rebalanceOrComplete(): void {
    if (this.#state === 'PreparingRebalance') this.#completeIfAllJoined();
    else this.rebalance();
  }

  /** Asks all members to join again. */
  rebalance(): void {
    if (this.#state === 'CompletingRebalance') {
      for (const member of this.members.all()) member.assignment = noBytes;
      this.#answerSyncs('REBALANCE_IN_PROGRESS');
    }
    this.#syncTimer?.cancel();
    const first = this.#state === 'Empty';
    this.#enter('PreparingRebalance');
    if (first) {
      const { initialDelayMs } = this.#parts.settings;
      this.#gathering = true;
      this.#cameWhileGathering = false;
      this.#gather(initialDelayMs, Math.max(0, this.members.rebalanceMs - initialDelayMs));
    } else if (this.members.allJoined) this.#completeJoin();
    else this.#completeIn(this.members.rebalanceMs);
  }
  /** The first members of a group wait for more of them, as long as more come. */
  #gather(delayMs: number, leftMs: number): void {
    this.#joinTimer?.cancel();
    this.#joinTimer = this.#parts.world.after(delayMs, () => {
      if (!this.#cameWhileGathering || leftMs === 0) return this.#completeJoin();
      this.#cameWhileGathering = false;
      const next = Math.min(this.#parts.settings.initialDelayMs, leftMs);
      this.#gather(next, Math.max(0, leftMs - delayMs));
    });
  }
  #completeIn(delayMs: number): void {
    this.#joinTimer?.cancel();
    this.#joinTimer = this.#parts.world.after(delayMs, () => {
      this.#completeJoin();
    });
  }
  #completeIfAllJoined(): void {
    if (!this.#gathering && this.members.allJoined) this.#completeJoin();
  }
  /** Begins the next generation with those who joined; static members that did not come yet stay. */
  #completeJoin(): void {
    assert(this.#state === 'PreparingRebalance', 'a generation begins after a rebalance');
    this.#joinTimer?.cancel();
    for (const member of this.members.all())
      if (member.join === undefined && member.instanceId === null) this.drop(member);
    if (this.members.count > 0 && !this.members.electLeader())
      // Only static members, none of them here: their sessions decide.
      return this.#completeIn(this.members.rebalanceMs);
    this.#gathering = false;
    this.#generation++;
    this.#unsynced.clear();
    if (this.members.count === 0) {
      this.#protocolName = undefined;
      this.#enter('Empty');
      return this.keep();
    }
    this.#protocolName = this.members.vote();
    this.#learnTopics();
    this.#enter('CompletingRebalance');
    for (const member of this.members.all()) {
      this.#unsynced.add(member.id);
      const { join } = member;
      member.join = undefined;
      member.isNew = false;
      this.keepAlive(member);
      join?.(this.joined(member));
    }
    this.#syncTimer?.cancel();
    this.#syncTimer = this.#parts.world.after(this.members.rebalanceMs, () => {
      this.#expireSync();
    });
  }
  /** Who did not ask for its assignment in time is dropped. */
  #expireSync(): void {
    if (this.#unsynced.size === 0) return;
    for (const id of [...this.#unsynced]) {
      const member = this.members.get(id);
      if (member !== undefined) this.drop(member);
    }
    this.#unsynced.clear();
    this.rebalance();
  }
  /** The answer to a JoinGroup: this generation. The leader hears who is in it. */
  joined(member: ClassicMember, { withMembers = true, skipAssignment = false } = {}): JoinAnswer {
    return {
      errorCode: 0,
      memberId: member.id,
      generationId: this.#generation,
      protocolType: this.#protocolType ?? null,
      protocolName: this.#protocolName ?? null,
      leader: this.members.leader ?? '',
      skipAssignment,
      members: withMembers && this.members.leader === member.id ? this.#rollCall() : [],
    };
  }
  #rollCall(): JoinAnswer['members'] & object {
    return this.members.all().map((m) => ({
      memberId: m.id,
      groupInstanceId: m.instanceId,
      metadata: this.metadataOf(m),
    }));
  }
  metadataOf(member: ClassicMember): Uint8Array {
    return member.protocols.find((p) => p.name === this.#protocolName)?.metadata ?? noBytes;
  }
  #learnTopics(): void {
    this.#topics = new Set();
    if (this.#protocolType !== 'consumer' || this.#protocolName === undefined) return;
    const all = new Set<string>();
    for (const member of this.members.all()) {
      const topics = subscribedTopics(this.metadataOf(member));
      if (topics === undefined) {
        this.#topics = undefined;
        return;
      }
      for (const topic of topics) all.add(topic);
    }
    this.#topics = all;
  }

  sync(request: Messages['SyncGroup']['request']): SyncAnswer | Promise<SyncAnswer> {
    const refused = (error: ErrorName): SyncAnswer => ({ errorCode: errorCodes[error] });
    const wrong = this.memberError(request.memberId, request.groupInstanceId);
    if (wrong !== undefined) return refused(wrong);
    if (request.generationId !== this.#generation) return refused('ILLEGAL_GENERATION');
    const differs = (asked: string | null, own: string | undefined): boolean =>
      asked !== null && own !== undefined && asked !== own;
    if (
      differs(request.protocolType, this.#protocolType) ||
      differs(request.protocolName, this.#protocolName)
    )
      return refused('INCONSISTENT_GROUP_PROTOCOL');
    if (this.#state === 'Empty') return refused('UNKNOWN_MEMBER_ID');
    if (this.#state === 'PreparingRebalance') return refused('REBALANCE_IN_PROGRESS');
    const member = this.members.get(request.memberId)!;
    this.#synced(member.id);
    if (this.#state === 'Stable') {
      this.keepAlive(member);
      return this.#assigned(member);
    }
    member.sync?.(refused('REBALANCE_IN_PROGRESS'));
    const answer = waiting<SyncAnswer>((resolve) => {
      member.sync = resolve;
    });
    if (this.members.leader === member.id) this.#share(request.assignments);
    return answer;
  }
  #synced(id: string): void {
    if (this.#unsynced.delete(id) && this.#unsynced.size === 0) this.#syncTimer?.cancel();
  }
  #assigned(member: ClassicMember): SyncAnswer {
    return {
      errorCode: 0,
      protocolType: this.#protocolType ?? null,
      protocolName: this.#protocolName ?? null,
      assignment: member.assignment,
    };
  }
  /** The leader's word: a member that it does not name gets nothing. */
  #share(assignments: Messages['SyncGroup']['request']['assignments']): void {
    const byMember = new Map(assignments.map((a) => [a.memberId, a.assignment]));
    for (const member of this.members.all())
      member.assignment = Buffer.from(byMember.get(member.id) ?? noBytes);
    this.#enter('Stable');
    this.keep();
    this.#answerSyncs();
  }
  #answerSyncs(error?: ErrorName): void {
    for (const member of this.members.all()) {
      const { sync } = member;
      if (sync === undefined) continue;
      member.sync = undefined;
      this.keepAlive(member);
      sync(error === undefined ? this.#assigned(member) : { errorCode: errorCodes[error] });
    }
  }

  heartbeat(request: Messages['Heartbeat']['request']): ErrorName | undefined {
    const wrong = this.memberError(request.memberId, request.groupInstanceId);
    if (wrong !== undefined) return wrong;
    if (request.generationId !== this.#generation) return 'ILLEGAL_GENERATION';
    this.keepAlive(this.members.get(request.memberId)!);
    return this.#state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : undefined;
  }
  /** Why an offset may not be committed, or undefined. A transaction may do without naming a member (KIP-447). A member's
   *  commit keeps it alive. */
  commitError({ memberId, instanceId, generation, transactional }: CommitAsk): ErrorName | undefined {
    if (generation < 0 && this.#state === 'Empty') return undefined;
    if (generation >= 0 || memberId !== '' || instanceId !== null) {
      const wrong = this.memberError(memberId, instanceId);
      if (wrong !== undefined) return wrong;
      if (generation !== this.#generation) return 'ILLEGAL_GENERATION';
    } else if (!transactional && this.#state !== 'Empty') return 'UNKNOWN_MEMBER_ID';
    if (!transactional && this.#state === 'CompletingRebalance') return 'REBALANCE_IN_PROGRESS';
    const member = this.members.get(memberId);
    if (member !== undefined) this.keepAlive(member);
    return undefined;
  }
  /** Begins the member's session anew. */
  keepAlive(member: ClassicMember): void {
    this.#watch(member, member.sessionMs);
  }
  #watch(member: ClassicMember, forMs: number): void {
    member.sessionTimer?.cancel();
    member.sessionTimer = this.#parts.world.after(forMs, () => {
      // Who waits for an answer of ours cannot heartbeat.
      if (!member.isNew && (member.join !== undefined || member.sync !== undefined)) return;
      if (this.members.get(member.id) !== member) return;
      this.drop(member);
      this.rebalanceOrComplete();
    });
  }
}

export function refusedJoin(error: ErrorName, memberId: string): JoinAnswer {
  return { errorCode: errorCodes[error], memberId };
}

function madeMember(wanted: NewMember): ClassicMember {
  return {
    ...wanted,
    assignment: noBytes,
    isNew: false,
    join: undefined,
    sync: undefined,
    sessionTimer: undefined,
  };
}

function waiting<T>(park: (resolve: (answer: T) => void) => void): Promise<T> {
  return new Promise(park);
}
