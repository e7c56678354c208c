/* What the members of a consumer group read: names and patterns, resolved against the topics that are there. Resolved anew
 * when a member or a topic changed, and only then. A pattern finds no topic that the member may not describe whose heartbeat
 * had it resolved, as in Kafka. */

import type { Topic, Topics } from '../topics.ts';
import type { AssignorMember } from './assignors/assignor.ts';
import type { ConsumerMember } from './consumer-member.ts';
import { topicPattern } from './topic-pattern.ts';

/** Whether a topic is one of those. */
export type TopicTest = (name: string) => boolean;
type Members = ReadonlyMap<string, ConsumerMember>;

export class Subscriptions {
  readonly #topics: Topics;
  #names = new Set<string>();
  #patterns: readonly string[] = [];
  /** Names that match a pattern now. */
  #matched = new Map<string, readonly string[]>();
  #changes = -1;
  #fingerprint = '';
  #visible: TopicTest | undefined;

  constructor(topics: Topics) {
    this.#topics = topics;
  }
  changed(members: Members): void {
    const all = [...members.values()];
    this.#names = new Set(all.flatMap((m) => m.topics));
    this.#patterns = [...new Set(all.map((m) => m.regex ?? ''))].filter((p) => p !== '');
    this.#changes = -1;
  }
  /** From now on patterns find the topics that are visible to who asks; all before the first heartbeat. */
  seenBy(visible: TopicTest): void {
    if (this.#visible === undefined) this.#changes = -1;
    this.#visible = visible;
  }
  #refresh(): void {
    if (this.#changes === this.#topics.changes) return;
    this.#changes = this.#topics.changes;
    const visible = this.#visible ?? (() => true);
    const names =
      this.#patterns.length === 0 ? [] : [...this.#topics.all()].map((t) => t.name).filter(visible);
    this.#matched = new Map(
      this.#patterns.map((pattern) => {
        const matches = topicPattern(pattern);
        return [pattern, typeof matches === 'function' ? names.filter(matches) : []];
      }),
    );
    const parts = this.#there(new Set([...this.#names, ...[...this.#matched.values()].flat()]));
    this.#fingerprint = parts
      .map((t) => `${t.name}:${t.id}:${t.partitions.length}`)
      .sort()
      .join(' ');
  }
  #there(names: Iterable<string>): Topic[] {
    return [...names].flatMap((name) => this.#topics.get(name) ?? []);
  }
  reads(topic: string): boolean {
    this.#refresh();
    return this.#names.has(topic) || [...this.#matched.values()].some((names) => names.includes(topic));
  }
  /** Changes whenever a topic that is read comes, goes, or gets partitions. */
  fingerprint(): string {
    this.#refresh();
    return this.#fingerprint;
  }
  forAssignor(members: Members): {
    readonly members: readonly AssignorMember[];
    readonly partitions: ReadonlyMap<string, number>;
  } {
    this.#refresh();
    const partitions = new Map<string, number>();
    const asked = [...members.values()].map(({ id, instanceId, topics, regex, target }): AssignorMember => {
      const read = this.#there(new Set([...topics, ...(this.#matched.get(regex ?? '') ?? [])]));
      for (const topic of read) partitions.set(topic.id, topic.partitions.length);
      return { id, instanceId, topics: new Set(read.map((t) => t.id)), before: target };
    });
    return { members: asked, partitions };
  }
}
