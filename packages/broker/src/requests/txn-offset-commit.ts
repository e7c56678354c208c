/* TxnOffsetCommit (28): offsets of a group that count once the producer's transaction commits (KIP-98, KIP-447). */

import { errorCodes, type ErrorName, type Messages, type Sparse, type TxnOffsetCommitRequest } from '#kafka';
import { brokerNumber } from '../cluster/broker-configs.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { OffsetPlace } from '../cluster/offset-store.ts';
import type { Handler, RequestContext } from './handler.ts';
import { asOffsetCommitError } from './transaction-errors.ts';

type WantedPartition = TxnOffsetCommitRequest['topics'][number]['partitions'][number];
type PartitionAnswer = Messages['TxnOffsetCommit']['response']['topics'][number]['partitions'][number];

export const txnOffsetCommit: Handler<'TxnOffsetCommit'> = (request, context) => {
  const { cluster } = context;
  const refused = refusal(request, context);
  const forbidden = accessError(request, context);
  const commit = (topic: string, wanted: WantedPartition): Sparse<PartitionAnswer> => {
    const { partitionIndex } = wanted;
    const place = { topic, partition: partitionIndex };
    const error = forbidden ?? placeProblem(place, context) ?? refused ?? metadataProblem(wanted, cluster);
    if (error !== undefined) return { partitionIndex, errorCode: errorCodes[error] };
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

function accessError(
  { transactionalId, groupId }: TxnOffsetCommitRequest,
  { may }: RequestContext,
): ErrorName | undefined {
  if (!may('write', 'transactionalId', transactionalId)) return 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED';
  return may('read', 'group', groupId) ? undefined : 'GROUP_AUTHORIZATION_FAILED';
}
function placeProblem(
  { topic, partition }: OffsetPlace,
  { cluster, may }: RequestContext,
): ErrorName | undefined {
  if (!may('read', 'topic', topic)) return 'TOPIC_AUTHORIZATION_FAILED';
  return cluster.topics.partition(topic, partition) === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : undefined;
}

/** Why nothing of the request counts. */
function refusal(
  request: TxnOffsetCommitRequest,
  { cluster: { transactions, groups }, version }: RequestContext,
): ErrorName | undefined {
  const { transactionalId, groupId, generationId, memberId, groupInstanceId } = request;
  if (groupId === '') return 'INVALID_GROUP_ID';
  const problem = transactions.problemOf(transactionalId, request, transactions.offsetsPartition(groupId));
  if (problem !== undefined) return asOffsetCommitError(problem, version >= 4);
  const error = groups.commitError(
    groupId,
    { memberId, instanceId: groupInstanceId, generation: generationId, transactional: true },
    Infinity,
  );
  return error === 'STALE_MEMBER_EPOCH' ? 'ILLEGAL_GENERATION' : error;
}

function metadataProblem({ committedMetadata }: WantedPartition, cluster: Cluster): ErrorName | undefined {
  const bytesMax = brokerNumber(cluster.configs, 'offset.metadata.max.bytes');
  return (committedMetadata ?? '').length > bytesMax ? 'OFFSET_METADATA_TOO_LARGE' : undefined;
}
