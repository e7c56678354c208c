/* What consumers of the classic protocol say to each other through the broker (Kafka's ConsumerProtocolSubscription and
 * ConsumerProtocolAssignment). The broker reads it where it looks after offsets, and where such members are in one group
 * with those of KIP-848.
 *
 *   subscription  version 2 │ topics │ user data │ 1: owned partitions │ 2: generation 4 │ 3: rack
 *   assignment    version 2 │ partitions by topic │ user data
 */

import { WireError, WireReader, WireWriter } from '#kafka';
import type { Topics } from '../topics.ts';
import { byTopic, partitionKey, type PartitionSet } from './partition-set.ts';

export interface NamedPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}
export interface Subscription {
  readonly topics: readonly string[];
  /** What the member holds; none where its version, or its assignor, does not say. */
  readonly owned: readonly NamedPartitions[];
  readonly rackId: string | null;
}

/** The newest version of both. */
const newest = 3;

/** Undefined: these bytes are no subscription. */
export function readSubscription(metadata: Uint8Array): Subscription | undefined {
  return sound(metadata, (reader, version) => {
    const topics = reader.array(() => reader.string());
    reader.nullableBytes();
    const owned = version >= 1 ? namedPartitions(reader) : [];
    if (version >= 2) reader.int32();
    return { topics, owned, rackId: version >= 3 ? reader.nullableString() : null };
  });
}
/** Of a subscription that may end behind its topics. Undefined: these bytes are no subscription. */
export function subscribedTopics(metadata: Uint8Array): readonly string[] | undefined {
  return sound(metadata, (reader) => reader.array(() => reader.string()));
}
/** Undefined: these bytes are no assignment. */
export function readAssignment(assignment: Uint8Array): readonly NamedPartitions[] | undefined {
  return assignment.length === 0 ? [] : sound(assignment, namedPartitions);
}

function sound<T>(bytes: Uint8Array, read: (reader: WireReader, version: number) => T): T | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const reader = new WireReader(buffer, 0, false);
  try {
    const version = reader.int16();
    return version < 0 ? undefined : read(reader, Math.min(version, newest));
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
const namedPartitions = (reader: WireReader): NamedPartitions[] =>
  reader.array(() => ({ topic: reader.string(), partitions: reader.array(() => reader.int32()) }));

/** For a member whose subscription is `metadata`, in its version. Topics that are gone are left out. */
export function writeAssignment(set: PartitionSet, topics: Topics, metadata: Uint8Array): Buffer {
  const version = sound(metadata, (_, v) => v) ?? 0;
  const named = byTopic(set).flatMap(({ topicId, partitions }) => {
    const topic = topics.byId(topicId);
    return topic === undefined ? [] : [{ topic: topic.name, partitions }];
  });
  const writer = new WireWriter(false);
  writer.int16(version);
  writer.array(named, ({ topic, partitions }) => {
    writer.string(topic);
    writer.array(partitions, (index) => writer.int32(index));
  });
  writer.bytes(null);
  return Buffer.concat(writer.finish());
}
/** Topics that are not there, or no more, are left out. */
export const partitionSet = (named: readonly NamedPartitions[], topics: Topics): PartitionSet =>
  new Set(
    named.flatMap(({ topic, partitions }) => {
      const id = topics.get(topic)?.id;
      return id === undefined ? [] : partitions.map((index) => partitionKey(id, index));
    }),
  );
