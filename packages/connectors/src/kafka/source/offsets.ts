/* Turns "earliest", "this timestamp", "what the group committed" into offsets of partitions. */

import { UserError } from '#base';
import type { KafkaCluster } from '../client/cluster.ts';
import type { OffsetChoice } from '../options.ts';
import { earliestOffset, latestOffset } from '../requests/list-offsets.ts';
import type { KafkaProperties } from '../properties.ts';
import type { TopicPartition } from './partition.ts';

/** Where to go when there is no committed offset, or it is out of range. */
export type Reset = 'earliest' | 'latest' | 'none';

const keyOf = (p: TopicPartition): string => `${p.topic} ${p.partition}`;

/** Offsets by partition. */
export class Offsets {
  readonly #byKey = new Map<string, number>();

  set(p: TopicPartition, offset: number): void {
    this.#byKey.set(keyOf(p), offset);
  }
  get(p: TopicPartition): number | undefined {
    return this.#byKey.get(keyOf(p));
  }
}

/** How an offset out of range is treated, unless auto.offset.reset says: as Flink's startup modes do. */
export function resetOf(choice: OffsetChoice, properties: KafkaProperties): Reset {
  if (properties.autoOffsetReset !== undefined) return properties.autoOffsetReset;
  switch (choice.kind) {
    case 'earliest':
    case 'specific':
      return 'earliest';
    case 'latest':
    case 'timestamp':
      return 'latest';
    case 'group':
      return 'none';
  }
}

async function atTime(
  cluster: KafkaCluster,
  partitions: readonly TopicPartition[],
  timestamp: number,
  committedOnly: boolean,
  into: Offsets,
): Promise<void> {
  if (partitions.length === 0) return;
  const queries = partitions.map((p) => ({ topic: p.topic, partition: p.partition, timestamp }));
  const later: TopicPartition[] = [];
  for (const answer of await cluster.listOffsets(queries, committedOnly)) {
    // No record is that young: reading starts with the next one.
    if (answer.offset < 0) later.push(answer);
    else into.set(answer, answer.offset);
  }
  if (timestamp >= 0) await atTime(cluster, later, latestOffset, committedOnly, into);
}

/** What the group committed; other partitions as `reset` says. */
async function committed(
  cluster: KafkaCluster,
  partitions: readonly TopicPartition[],
  properties: KafkaProperties,
  reset: Reset,
  into: Offsets,
): Promise<void> {
  const known =
    properties.group === undefined ? [] : await cluster.groupOffsets(properties.group, partitions);
  for (const offset of known) if (offset.offset >= 0) into.set(offset, offset.offset);
  const others = partitions.filter((p) => into.get(p) === undefined);
  if (others.length === 0) return;
  if (reset === 'none') throw noOffset(others[0]!, properties.group);
  await atTime(
    cluster,
    others,
    reset === 'earliest' ? earliestOffset : latestOffset,
    properties.committedOnly,
    into,
  );
}

function noOffset(p: TopicPartition, group: string | undefined): UserError {
  const who = group === undefined ? `there is no 'properties.group.id'` : `group '${group}' committed none`;
  return new UserError('KAF1004', {
    message: `no offset to start from for topic '${p.topic}', partition ${p.partition}: ${who}`,
    hint: `Set 'scan.startup.mode' or 'properties.auto.offset.reset' to say where to start.`,
  });
}

/** The offset of every one of `partitions` at `choice`. */
export async function resolveOffsets(
  cluster: KafkaCluster,
  partitions: readonly TopicPartition[],
  choice: OffsetChoice,
  properties: KafkaProperties,
): Promise<Offsets> {
  const offsets = new Offsets();
  const reset = resetOf(choice, properties);
  switch (choice.kind) {
    case 'earliest':
      await atTime(cluster, partitions, earliestOffset, properties.committedOnly, offsets);
      break;
    case 'latest':
      await atTime(cluster, partitions, latestOffset, properties.committedOnly, offsets);
      break;
    case 'timestamp':
      await atTime(cluster, partitions, choice.millis, properties.committedOnly, offsets);
      break;
    case 'group':
      await committed(cluster, partitions, properties, reset, offsets);
      break;
    case 'specific':
      for (const p of partitions) {
        const offset = choice.offsets.get(p.partition);
        if (offset !== undefined) offsets.set(p, offset);
      }
      await committed(
        cluster,
        partitions.filter((p) => offsets.get(p) === undefined),
        properties,
        reset,
        offsets,
      );
  }
  return offsets;
}
