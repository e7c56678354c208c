/* DeleteRecords (21): what lies below an offset is no longer read; -1 is the end. */

import { errorCodes, type ErrorName, type Messages, type Sparse } from '#kafka';
import type { Partition } from '../log/partition.ts';
import { KafkaStorageError } from '../log/storage-error.ts';
import type { Handler } from './handler.ts';

type PartitionAnswer = Messages['DeleteRecords']['response']['topics'][number]['partitions'][number];

export const deleteRecords: Handler<'DeleteRecords'> = (request, { cluster, client, may }) => ({
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, offset }) => {
      const partition = cluster.topics.partition(name, partitionIndex);
      if (!may('delete', 'topic', name)) return failed(partitionIndex, 'TOPIC_AUTHORIZATION_FAILED');
      if (partition === undefined) return failed(partitionIndex, 'UNKNOWN_TOPIC_OR_PARTITION');
      if (partition.leader !== client.nodeId) return failed(partitionIndex, 'NOT_LEADER_OR_FOLLOWER');
      return deleteBelow(partition, offset);
    }),
  })),
});

function failed(partitionIndex: number, error: ErrorName): Sparse<PartitionAnswer> {
  return { partitionIndex, lowWatermark: -1, errorCode: errorCodes[error] };
}

function deleteBelow(partition: Partition, offset: number): Sparse<PartitionAnswer> {
  const { log, rules, index } = partition;
  if (!rules.deletable) return failed(index, 'POLICY_VIOLATION');
  const wanted = offset === -1 ? log.endOffset : offset;
  if (wanted < 0 || wanted > log.endOffset) return failed(index, 'OFFSET_OUT_OF_RANGE');
  try {
    if (wanted > log.startOffset) partition.startAt(wanted);
  } catch (error) {
    if (error instanceof KafkaStorageError) return failed(index, 'KAFKA_STORAGE_ERROR');
    throw error;
  }
  return { partitionIndex: index, lowWatermark: log.startOffset, errorCode: 0 };
}
