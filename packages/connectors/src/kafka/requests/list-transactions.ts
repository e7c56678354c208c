/* ListTransactions and DescribeTransactions (KIP-664, Kafka 3.0): what coordinators know of transactional ids. */

import { request, type KafkaRequest } from './request.ts';
import type { ProducerIdentity } from './transactions.ts';

export interface KnownTransaction {
  readonly id: string;
  /** Kafka's name: 'Empty', 'Ongoing', 'CompleteCommit', … */
  readonly state: string;
}

/** Of the transactional ids that the asked broker coordinates. */
export const listTransactionsRequest = (): KafkaRequest<{
  readonly error: number;
  readonly transactions: readonly KnownTransaction[];
}> =>
  request('ListTransactions', 0, {}, ({ errorCode, transactionStates }) => ({
    error: errorCode,
    transactions: transactionStates.map((t) => ({ id: t.transactionalId, state: t.transactionState })),
  }));

export interface DescribedTransaction extends ProducerIdentity {
  readonly error: number;
  readonly state: string;
}
export const describeTransactionRequest = (id: string): KafkaRequest<DescribedTransaction> =>
  request('DescribeTransactions', 0, { transactionalIds: [id] }, ({ transactionStates }) => {
    const { errorCode, transactionState, producerId, producerEpoch } = transactionStates[0]!;
    return { error: errorCode, state: transactionState, producerId, producerEpoch };
  });
