/* WriteTxnMarkers (27): ends transactions in the partitions that are named, whatever their coordinator knows. Brokers ask
 * each other so, which here nobody has to; and an administrator does, to abort what hangs (KIP-664). */

import { errorCodes, type ErrorName, type Messages, type Sparse } from '#kafka';
import { offsetsTopic } from '../cluster/transactions/markers.ts';
import { KafkaStorageError } from '../log/storage-error.ts';
import { clusterName } from '../security/acls.ts';
import type { Handler, RequestContext } from './handler.ts';

type Asked = Messages['WriteTxnMarkers']['request']['markers'][number];
type Answer = Messages['WriteTxnMarkers']['response']['markers'][number];

export const writeTxnMarkers: Handler<'WriteTxnMarkers'> = async ({ markers }, context) => {
  const { may } = context;
  const allowed = may('alter', 'cluster', clusterName) || may('clusterAction', 'cluster', clusterName);
  // Nobody has such an id or epoch, and no marker can: Kafka's error, for the whole request.
  const broken = markers.some((m) => m.producerId < 0 || m.producerEpoch < 0);
  const refused = allowed ? (broken ? 'UNKNOWN_SERVER_ERROR' : undefined) : 'CLUSTER_AUTHORIZATION_FAILED';
  return {
    markers: await Promise.all(
      markers.map((marker) =>
        answered(marker, (topic, index) => refused ?? write(marker, topic, index, context)),
      ),
    ),
  };
};

type Outcome = ErrorName | undefined;

async function answered(
  { producerId, topics }: Asked,
  outcomeOf: (topic: string, index: number) => Outcome | Promise<Outcome>,
): Promise<Sparse<Answer>> {
  const answers = topics.map(async ({ name, partitionIndexes }) => {
    const partitions = partitionIndexes.map(async (partitionIndex) => {
      const error = await outcomeOf(name, partitionIndex);
      return { partitionIndex, errorCode: error === undefined ? 0 : errorCodes[error] };
    });
    return { name, partitions: await Promise.all(partitions) };
  });
  return { producerId, topics: await Promise.all(answers) };
}

/** Appends at once; the outcome may have to wait for a flush. */
function write(
  marker: Asked,
  topic: string,
  index: number,
  { cluster, client }: RequestContext,
): Outcome | Promise<Outcome> {
  const { producerId, producerEpoch, coordinatorEpoch, transactionResult: commit } = marker;
  if (topic === offsetsTopic) return completeOffsets(marker, index, cluster);
  const partition = cluster.topics.partition(topic, index);
  if (partition === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION';
  if (partition.leader !== client.nodeId) return 'NOT_LEADER_OR_FOLLOWER';
  const refused = partition.producers.refusesMarker(producerId, producerEpoch, coordinatorEpoch);
  if (refused !== undefined) return refused;
  const asStorageError = (error: unknown): ErrorName => {
    if (!(error instanceof KafkaStorageError)) throw error;
    return 'KAFKA_STORAGE_ERROR';
  };
  try {
    partition.endTransaction({ producerId, producerEpoch, commit, coordinatorEpoch }, cluster.world.now());
  } catch (error) {
    return asStorageError(error);
  }
  return partition.flushDue()?.then(() => undefined, asStorageError);
}

/** There is no such topic here; what a transaction has pending in a partition of it are the offsets of some groups. */
function completeOffsets(
  { producerId, transactionResult: commit }: Asked,
  index: number,
  { transactions, offsets }: RequestContext['cluster'],
): Outcome {
  if (!transactions.hasOffsetsPartition(index)) return 'UNKNOWN_TOPIC_OR_PARTITION';
  offsets.complete(producerId, commit, (group) => transactions.offsetsPartition(group).partition === index);
  return undefined;
}
