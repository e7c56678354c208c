/* AddPartitionsToTxn (24): partitions join a transaction before the first record goes there. Up to version 3 clients ask,
 * for one transaction; from version 4 on brokers do, for many, and maybe only to verify (KIP-890). */

import {
  errorCodes,
  type AddPartitionsToTxnRequest,
  type ErrorName,
  type Messages,
  type Sparse,
} from '#kafka';
import type { Cluster } from '../cluster/cluster.ts';
import type { TransactionPartition } from '../cluster/transactions/transaction.ts';
import type { Handler } from './handler.ts';
import { fencedAs } from './transaction-errors.ts';

type OneTransaction = AddPartitionsToTxnRequest['transactions'][number];
type TopicResults = Sparse<Messages['AddPartitionsToTxn']['response']['resultsByTopicV3AndBelow']>;
type ErrorOf = (partition: TransactionPartition) => ErrorName | undefined;

export const addPartitionsToTxn: Handler<'AddPartitionsToTxn'> = (request, { cluster, version }) => {
  if (version < 4)
    return { resultsByTopicV3AndBelow: results(asTransaction(request), cluster, version >= 2) };
  return {
    resultsByTransaction: request.transactions.map((transaction) => ({
      transactionalId: transaction.transactionalId,
      topicResults: results(transaction, cluster, true),
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

function results(transaction: OneTransaction, cluster: Cluster, knowsFenced: boolean): TopicResults {
  const errorOf = outcome(transaction, cluster);
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
function outcome(transaction: OneTransaction, cluster: Cluster): ErrorOf {
  const { transactionalId, verifyOnly, topics } = transaction;
  const wanted = topics.flatMap(({ name, partitions }) =>
    partitions.map((partition) => ({ topic: name, partition })),
  );
  const exists = ({ topic, partition }: TransactionPartition): boolean =>
    cluster.topics.partition(topic, partition) !== undefined;
  if (!wanted.every(exists))
    return (partition) => (exists(partition) ? 'OPERATION_NOT_ATTEMPTED' : 'UNKNOWN_TOPIC_OR_PARTITION');
  if (verifyOnly)
    return (partition) => cluster.transactions.problemOf(transactionalId, transaction, partition);
  const error = cluster.transactions.add(transactionalId, transaction, wanted);
  return () => error;
}
