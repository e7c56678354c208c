/* TxnOffsetCommit (28): offsets of a group that count once the producer's transaction commits (KIP-98, KIP-447). From
 * version 5 on the group joins the transaction by this (KIP-890); before, a request of its own brought it in. */

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
  const forbidden = accessError(request, context);
  const problems = request.topics.map(({ name, partitions }) =>
    partitions.map(
      ({ partitionIndex: partition }) => forbidden ?? placeProblem({ topic: name, partition }, context),
    ),
  );
  const allRefused = problems.flat().every((problem) => problem !== undefined);
  // A request with nothing to commit changes nothing: its group does not join.
  const refused = allRefused ? undefined : refusal(request, context);
  const commit = (topic: string, wanted: WantedPartition, problem?: ErrorName): Sparse<PartitionAnswer> => {
    const { partitionIndex } = wanted;
    const error = problem ?? refused ?? metadataProblem(wanted, cluster);
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
    topics: request.topics.map(({ name, partitions }, i) => ({
      name,
      partitions: partitions.map((p, j) => commit(name, p, problems[i]?.[j])),
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
  const place = transactions.offsetsPartition(groupId);
  const problem =
    version >= 5
      ? transactions.add(transactionalId, request, [place])
      : transactions.problemOf(transactionalId, request, place);
  if (problem !== undefined) return asOffsetCommitError(problem, version);
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
