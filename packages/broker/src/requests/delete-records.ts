/* DeleteRecords (21): what lies below an offset is no longer read; -1 is the end. */

import { errorCodes, type ErrorName, type Messages, type Sparse } from '#kafka';
import type { Partition } from '../log/partition.ts';
import { KafkaStorageError } from '../log/storage-error.ts';
import type { Handler } from './handler.ts';

type PartitionAnswer = Messages['DeleteRecords']['response']['topics'][number]['partitions'][number];

export const deleteRecords: Handler<'DeleteRecords'> = (request, { cluster }) => ({
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, offset }) =>
      deleteBelow(cluster.topics.partition(name, partitionIndex), partitionIndex, offset),
    ),
  })),
});

function deleteBelow(
  partition: Partition | undefined,
  partitionIndex: number,
  offset: number,
): Sparse<PartitionAnswer> {
  const failed = (error: ErrorName): Sparse<PartitionAnswer> => ({
    partitionIndex,
    lowWatermark: -1,
    errorCode: errorCodes[error],
  });
  if (partition === undefined) return failed('UNKNOWN_TOPIC_OR_PARTITION');
  const { log, rules } = partition;
  if (!rules.deletable) return failed('POLICY_VIOLATION');
  const wanted = offset === -1 ? log.endOffset : offset;
  if (wanted < 0 || wanted > log.endOffset) return failed('OFFSET_OUT_OF_RANGE');
  try {
    if (wanted > log.startOffset) partition.startAt(wanted);
  } catch (error) {
    if (error instanceof KafkaStorageError) return failed('KAFKA_STORAGE_ERROR');
    throw error;
  }
  return { partitionIndex, lowWatermark: log.startOffset, errorCode: 0 };
}
