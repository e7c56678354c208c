/* ListOffsets (2): the offset for a time; -1 the latest, -2 the earliest, -3 the record with the largest time, -4 the
 * earliest local, -5 the latest tiered: here nothing is tiered. No other time before 1970 is known. */

import { errorCodes, type ErrorName, type ListOffsetsRequest, type Messages, type Sparse } from '#kafka';
import type { Partition } from '../log/partition.ts';
import { CorruptRecords } from '../log/record-body.ts';
import { KafkaStorageError } from '../log/storage-error.ts';
import { epochError } from './fetch.ts';
import type { Handler } from './handler.ts';

type PartitionAnswer = Messages['ListOffsets']['response']['topics'][number]['partitions'][number];
type Wanted = ListOffsetsRequest['topics'][number]['partitions'][number];

/** Since when each of the special times is known. */
const firstVersion: ReadonlyMap<number, number> = new Map([
  [-1, 1],
  [-2, 1],
  [-3, 7],
  [-4, 8],
  [-5, 9],
]);

export const listOffsets: Handler<'ListOffsets'> = (request, { cluster, client, version, may }) => {
  const twice = namedTwice(request);
  const answer = (name: string, wanted: Wanted): Sparse<PartitionAnswer> => {
    if (twice.has(`${name}/${wanted.partitionIndex}`)) return failed(wanted, 'INVALID_REQUEST');
    if (!may('describe', 'topic', name)) return failed(wanted, 'TOPIC_AUTHORIZATION_FAILED');
    const partition = cluster.topics.partition(name, wanted.partitionIndex);
    if (partition === undefined) return failed(wanted, 'UNKNOWN_TOPIC_OR_PARTITION');
    if (partition.leader !== client.nodeId) return failed(wanted, 'NOT_LEADER_OR_FOLLOWER');
    if (wanted.timestamp < 0 && !(version >= (firstVersion.get(wanted.timestamp) ?? Infinity)))
      return failed(wanted, 'UNSUPPORTED_VERSION');
    const wrongEpoch = epochError(partition, wanted.currentLeaderEpoch);
    return wrongEpoch === undefined
      ? answerOf(partition, wanted, request.isolationLevel === 1)
      : failed(wanted, wrongEpoch);
  };
  return {
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((wanted) => answer(name, wanted)),
    })),
  };
};

/** `topic/partition` of those that the request has more than once. */
function namedTwice({ topics }: ListOffsetsRequest): Set<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { name, partitions } of topics)
    for (const { partitionIndex } of partitions) {
      const place = `${name}/${partitionIndex}`;
      if (seen.has(place)) twice.add(place);
      seen.add(place);
    }
  return twice;
}

function failed({ partitionIndex }: Wanted, error: ErrorName): Sparse<PartitionAnswer> {
  return { partitionIndex, errorCode: errorCodes[error], timestamp: -1, offset: -1 };
}

function answerOf(partition: Partition, wanted: Wanted, committed: boolean): Sparse<PartitionAnswer> {
  try {
    return find(partition, wanted, committed);
  } catch (error) {
    if (error instanceof CorruptRecords) return failed(wanted, 'CORRUPT_MESSAGE');
    if (error instanceof KafkaStorageError) return failed(wanted, 'KAFKA_STORAGE_ERROR');
    throw error;
  }
}

/** Throws CorruptRecords and KafkaStorageError. */
function find(partition: Partition, wanted: Wanted, committed: boolean): Sparse<PartitionAnswer> {
  const { log } = partition;
  const upTo = committed ? partition.stableOffset : log.endOffset;
  const found = (offset: number, timestamp = -1): Sparse<PartitionAnswer> => ({
    partitionIndex: wanted.partitionIndex,
    offset,
    timestamp,
    leaderEpoch: offset < 0 ? -1 : partition.leaderEpoch,
  });
  switch (wanted.timestamp) {
    case -1:
      return found(upTo);
    case -2:
    case -4:
      return found(log.startOffset);
    case -3: {
      // Kafka looks over all of the log, and says nothing when what it finds is not stable yet.
      const largest = log.largestTime(log.endOffset);
      return largest === undefined || largest.offset >= upTo
        ? found(-1)
        : found(largest.offset, largest.timestamp);
    }
    case -5:
      return found(-1);
    default: {
      const first = log.offsetForTime(wanted.timestamp, upTo);
      return first === undefined ? found(-1) : found(first.offset, first.timestamp);
    }
  }
}
