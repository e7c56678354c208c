/* The `uniform` assignor: as even as the subscriptions allow, and as little moved as that allows.
 *
 *   1 everybody keeps what it had and still may read     2 what is free goes to the reader that has least
 *   3 from a reader to another that has two less or more, until there is none */

import { partitionKey, splitKey, type PartitionKey } from '../partition-set.ts';
import type { Assignor, AssignorMember } from './assignor.ts';

export const uniform: Assignor = (members, partitions) => {
  const assigned = new Map(members.map((m) => [m.id, new Set<PartitionKey>()]));
  const readers = new Map<string, AssignorMember[]>();
  for (const topic of partitions.keys())
    readers.set(
      topic,
      members.filter((m) => m.topics.has(topic)),
    );
  const owner = new Map<PartitionKey, string>();
  for (const { id, topics, before } of members)
    for (const key of before) {
      const [topic, index] = splitKey(key);
      if (owner.has(key) || !topics.has(topic) || index >= (partitions.get(topic) ?? 0)) continue;
      owner.set(key, id);
      assigned.get(id)!.add(key);
    }
  const size = (id: string): number => assigned.get(id)!.size;
  /** Of the readers of a topic the one with the least. */
  const poorest = (topic: string): string | undefined => {
    let best: string | undefined;
    for (const { id } of readers.get(topic)!) if (best === undefined || size(id) < size(best)) best = id;
    return best;
  };
  const isRichest = (topic: string, id: string): boolean =>
    readers.get(topic)!.every((other) => size(other.id) <= size(id));
  const give = (key: PartitionKey, id: string): void => {
    assigned.get(owner.get(key) ?? '')?.delete(key);
    owner.set(key, id);
    assigned.get(id)!.add(key);
  };
  // Topics with few readers first: their partitions have the least choice.
  const scarceFirst = [...partitions].sort(([a], [b]) => readers.get(a)!.length - readers.get(b)!.length);
  for (const [topic, count] of scarceFirst)
    for (let index = 0; index < count; index++) {
      const key = partitionKey(topic, index);
      const to = owner.has(key) ? undefined : poorest(topic);
      if (to !== undefined) give(key, to);
    }
  /** Every move makes the sum of squares of the sizes smaller, so this ends. */
  const level = (mayLose: (topic: string, id: string) => boolean): void => {
    for (let moved = true; moved; ) {
      moved = false;
      // As Kafka: a member keeps the first of what it had.
      for (const [key, from] of [...owner].reverse()) {
        const [topic] = splitKey(key);
        const to = poorest(topic)!;
        if (size(from) - size(to) < 2 || !mayLose(topic, from)) continue;
        give(key, to);
        moved = true;
      }
    }
  };
  // From the richest first: who is not will not have to give when they have.
  level(isRichest);
  level(() => true);
  return assigned;
};
