/* AddPartitionsToTxn (24): partitions join a transaction before the first record goes there. Up to version 3 clients ask,
 * for one transaction; from version 4 on brokers do, for many, and maybe only to verify (KIP-890). */

import {
  errorCodes,
  type AddPartitionsToTxnRequest,
  type ErrorName,
  type Messages,
  type Sparse,
} from '#kafka';
import type { TransactionPartition } from '../cluster/transactions/transaction.ts';
import { clusterName } from '../security/acls.ts';
import type { Handler, RequestContext } from './handler.ts';
import { fencedAs } from './transaction-errors.ts';

type OneTransaction = AddPartitionsToTxnRequest['transactions'][number];
type TopicResults = Sparse<Messages['AddPartitionsToTxn']['response']['resultsByTopicV3AndBelow']>;
type ErrorOf = (partition: TransactionPartition) => ErrorName | undefined;

export const addPartitionsToTxn: Handler<'AddPartitionsToTxn'> = (request, context) => {
  if (context.version < 4) return { resultsByTopicV3AndBelow: results(asTransaction(request), context) };
  // Only brokers ask so.
  if (!context.may('clusterAction', 'cluster', clusterName))
    return { errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED };
  return {
    resultsByTransaction: request.transactions.map((transaction) => ({
      transactionalId: transaction.transactionalId,
      topicResults: results(transaction, context),
    })),
  };
};

const asTransaction = (request: AddPartitionsToTxnRequest): OneTransaction => ({
  transactionalId: request.v3AndBelowTransactionalId,
  producerId: request.v3AndBelowProducerId,
  producerEpoch: request.v3AndBelowProducerEpoch,
  verifyOnly: false,
  topics: request.v3AndBelowTopics,
});

function results(transaction: OneTransaction, context: RequestContext): TopicResults {
  const errorOf = outcome(transaction, context);
  const knowsFenced = context.version >= 2;
  return transaction.topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partition) => {
      const error = errorOf({ topic: name, partition });
      return {
        partitionIndex: partition,
        partitionErrorCode: error === undefined ? 0 : errorCodes[fencedAs(error, knowsFenced)],
      };
    }),
  }));
}

/** Adds the partitions, all or none, or only looks. */
function outcome(transaction: OneTransaction, { cluster, version, may }: RequestContext): ErrorOf {
  const { transactionalId, verifyOnly, topics } = transaction;
  const wanted = topics.flatMap(({ name, partitions }) =>
    partitions.map((partition) => ({ topic: name, partition })),
  );
  const fromClient = version < 4;
  if (fromClient && !may('write', 'transactionalId', transactionalId))
    return () => 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED';
  const problemOf = ({ topic, partition }: TransactionPartition): ErrorName | undefined => {
    if (fromClient && !may('write', 'topic', topic)) return 'TOPIC_AUTHORIZATION_FAILED';
    return cluster.topics.partition(topic, partition) === undefined
      ? 'UNKNOWN_TOPIC_OR_PARTITION'
      : undefined;
  };
  if (wanted.some((p) => problemOf(p) !== undefined))
    return (partition) => problemOf(partition) ?? 'OPERATION_NOT_ATTEMPTED';
  if (verifyOnly)
    return (partition) => cluster.transactions.problemOf(transactionalId, transaction, partition);
  const error = cluster.transactions.add(transactionalId, transaction, wanted);
  return () => error;
}
