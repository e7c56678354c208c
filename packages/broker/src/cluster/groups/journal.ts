/* Groups in the journal: of a classic one Kafka's GroupMetadata, of a consumer group its epochs and each member by itself.
 *
 *   group/name            type, generation or epochs, …, a classic group's members
 *   group-member/name/id  a consumer group's member: what it reads, where it stands, its target */

import { journalKey, journalOf, type Journal, type Json } from '../journal.ts';
import type { ClassicGroup, NewMember } from './classic-group.ts';
import type { ClassicMember } from './classic-members.ts';
import type { ConsumerEpochs, ConsumerGroup } from './consumer-group.ts';
import type { ClassicSide, ConsumerMember } from './consumer-member.ts';

interface StoredClassicMember {
  readonly id: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionMs: number;
  readonly rebalanceMs: number;
  /** base64. */
  readonly metadata: string;
  readonly assignment: string;
}
interface StoredClassic {
  readonly type: 'classic';
  readonly generation: number;
  readonly protocolType?: string;
  readonly protocolName?: string;
  readonly leader?: string;
  readonly since: number;
  readonly members: readonly StoredClassicMember[];
}
/** Of a member of a consumer group that speaks the classic protocol. */
interface StoredSide {
  readonly sessionMs: number;
  /** base64. */
  readonly protocols: readonly { readonly name: string; readonly metadata: string }[];
}
interface StoredConsumer extends ConsumerEpochs {
  readonly type: 'consumer';
}
type StoredGroup = StoredClassic | StoredConsumer;

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

const storedSide = ({ sessionMs, protocols }: ClassicSide): Json => ({
  sessionMs,
  protocols: protocols.map(({ name, metadata }) => ({ name, metadata: base64(metadata) })),
});
const restoredSide = ({ sessionMs, protocols }: StoredSide): ClassicSide => ({
  sessionMs,
  protocols: protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata, 'base64') })),
});

export class GroupJournal {
  readonly #journal: Journal;
  /** What is kept of the members of consumer groups, as text: only changes are written. */
  readonly #kept = new Map<string, Map<string, string>>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }
  keepClassic(group: ClassicGroup): void {
    const { protocolType, protocolName } = group;
    const { leader } = group.members;
    const members = group.members.all().map(
      (m): Json => ({
        id: m.id,
        instanceId: m.instanceId,
        clientId: m.clientId,
        clientHost: m.clientHost,
        sessionMs: m.sessionMs,
        rebalanceMs: m.rebalanceMs,
        metadata: base64(group.metadataOf(m)),
        assignment: base64(m.assignment),
      }),
    );
    this.#journal.put(journalKey('group', group.id), {
      type: 'classic',
      generation: group.generation,
      ...(protocolType === undefined ? {} : { protocolType }),
      ...(protocolName === undefined ? {} : { protocolName }),
      ...(leader === undefined ? {} : { leader }),
      since: group.stateSince,
      members,
    });
  }
  keepConsumer(group: ConsumerGroup): void {
    this.#journal.put(journalKey('group', group.id), { type: 'consumer', ...group.epochs });
    const kept = this.#kept.get(group.id) ?? new Map<string, string>();
    this.#kept.set(group.id, kept);
    for (const id of kept.keys()) if (!group.members.has(id)) this.#forget(group.id, id);
    for (const member of group.members.values()) {
      const { classic, ...plain } = member;
      const value: Json = {
        ...plain,
        assigned: [...member.assigned],
        revoking: [...member.revoking],
        target: [...member.target],
        ...(classic === undefined ? {} : { classic: storedSide(classic) }),
      };
      const text = JSON.stringify(value);
      if (kept.get(member.id) === text) continue;
      kept.set(member.id, text);
      this.#journal.put(journalKey('group-member', group.id, member.id), value);
    }
  }
  #forget(group: string, member: string): void {
    this.#kept.get(group)?.delete(member);
    this.#journal.put(journalKey('group-member', group, member), undefined);
  }
  remove(group: string): void {
    for (const id of [...(this.#kept.get(group)?.keys() ?? [])]) this.#forget(group, id);
    this.#kept.delete(group);
    this.#journal.put(journalKey('group', group), undefined);
  }

  /** Every group that is kept, given back to one of the two. */
  restore(classic: (id: string) => ClassicGroup, consumer: (id: string) => ConsumerGroup): void {
    const members = new Map<string, ConsumerMember[]>();
    for (const [[group, id], value] of journalOf(this.#journal, 'group-member')) {
      const stored = value as unknown as Record<'assigned' | 'revoking' | 'target', string[]> &
        Omit<ConsumerMember, 'classic'> & { readonly classic?: StoredSide };
      const { assigned, revoking, target, classic, ...rest } = stored;
      const member = {
        ...rest,
        ...(classic === undefined ? {} : { classic: restoredSide(classic) }),
        assigned: new Set<string>(assigned),
        revoking: new Set<string>(revoking),
        target: new Set<string>(target),
      };
      const kept = this.#kept.get(group!) ?? new Map<string, string>();
      this.#kept.set(group!, kept.set(id!, JSON.stringify(value)));
      members.set(group!, [...(members.get(group!) ?? []), member]);
    }
    for (const [[id], value] of journalOf(this.#journal, 'group')) {
      const stored = value as unknown as StoredGroup;
      if (stored.type === 'consumer') consumer(id!).restore(stored, members.get(id!) ?? []);
      else
        classic(id!).restore(
          stored,
          stored.members.map((m) => classicMember(m, stored.protocolName)),
        );
    }
  }
}

function classicMember(
  { metadata, assignment, ...member }: StoredClassicMember,
  protocolName = '',
): NewMember & Pick<ClassicMember, 'assignment'> {
  return {
    ...member,
    protocols: [{ name: protocolName, metadata: Buffer.from(metadata, 'base64') }],
    assignment: Buffer.from(assignment, 'base64'),
  };
}
