/* TxnOffsetCommit (28): offsets of a group that count once the producer's transaction commits (KIP-98, KIP-447). */

import { errorCodes, type ErrorName, type Messages, type Sparse, type TxnOffsetCommitRequest } from '#kafka';
import { brokerNumber, type Cluster } from '../cluster/cluster.ts';
import type { Handler } from './handler.ts';
import { asOffsetCommitError } from './transaction-errors.ts';

type WantedPartition = TxnOffsetCommitRequest['topics'][number]['partitions'][number];
type PartitionAnswer = Messages['TxnOffsetCommit']['response']['topics'][number]['partitions'][number];

const metadataBytesMax = 4096;

export const txnOffsetCommit: Handler<'TxnOffsetCommit'> = (request, { cluster, version }) => {
  const refused = refusal(request, cluster, version >= 4);
  const commit = (topic: string, wanted: WantedPartition): Sparse<PartitionAnswer> => {
    const { partitionIndex } = wanted;
    const error =
      cluster.topics.partition(topic, partitionIndex) === undefined
        ? 'UNKNOWN_TOPIC_OR_PARTITION'
        : (refused ?? metadataProblem(wanted, cluster));
    if (error !== undefined) return { partitionIndex, errorCode: errorCodes[error] };
    const place = { topic, partition: partitionIndex };
    cluster.offsets.addPending(request.producerId, request.groupId, place, {
      offset: wanted.committedOffset,
      leaderEpoch: wanted.committedLeaderEpoch,
      metadata: wanted.committedMetadata ?? '',
      at: cluster.world.now(),
    });
    return { partitionIndex, errorCode: 0 };
  };
  return {
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((p) => commit(name, p)),
    })),
  };
};

/** Why nothing of the request counts. */
function refusal(
  request: TxnOffsetCommitRequest,
  { transactions }: Cluster,
  knowsAbortable: boolean,
): ErrorName | undefined {
  const { transactionalId, groupId, generationId } = request;
  if (groupId === '') return 'INVALID_GROUP_ID';
  const problem = transactions.problemOf(transactionalId, request, transactions.offsetsPartition(groupId));
  if (problem !== undefined) return asOffsetCommitError(problem, knowsAbortable);
  // Of a generation only a group with members can know.
  return generationId >= 0 ? 'ILLEGAL_GENERATION' : undefined;
}

function metadataProblem({ committedMetadata }: WantedPartition, cluster: Cluster): ErrorName | undefined {
  const bytesMax = brokerNumber(cluster, 'offset.metadata.max.bytes', metadataBytesMax);
  return (committedMetadata ?? '').length > bytesMax ? 'OFFSET_METADATA_TOO_LARGE' : undefined;
}
