/* Carries a decided transaction out: a marker in each of its partitions, and its offsets committed or forgotten. */

import type { OffsetStore } from '../offset-store.ts';
import type { Topics } from '../topics.ts';
import type { Transaction } from './transaction.ts';

/** Where Kafka keeps committed offsets: a transaction that commits offsets names a partition of it. */
export const offsetsTopic = '__consumer_offsets';

/** One broker, one coordinator, which never loses its place. */
const coordinatorEpoch = 0;

export interface MarkerTargets {
  readonly topics: Topics;
  readonly offsets: OffsetStore;
}

/** Writes the markers. Gives what has to be on the disk before the transaction may count as complete.
 *  `again`: some may be there already, because the broker died among them; no record waits for those. */
export function writeMarkers(
  { producerId, producerEpoch, state, partitions }: Transaction,
  { topics, offsets }: MarkerTargets,
  now: number,
  again: boolean,
): readonly Promise<void>[] {
  const commit = state === 'PrepareCommit';
  const flushes: Promise<void>[] = [];
  for (const { topic, partition: index } of partitions) {
    const partition = topics.partition(topic, index);
    if (topic === offsetsTopic || partition === undefined) continue;
    if (again && !partition.producers.isOpen(producerId)) continue;
    partition.endTransaction({ producerId, producerEpoch, commit, coordinatorEpoch }, now);
    const flush = partition.flushDue();
    if (flush !== undefined) flushes.push(flush);
  }
  offsets.complete(producerId, commit);
  return flushes;
}
