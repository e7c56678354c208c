/* DescribeTransactions (65): what the coordinator knows of given transactional ids. */

import { errorCodes, type Messages, type Sparse } from '#kafka';
import type { Transaction } from '../cluster/transactions/transaction.ts';
import type { Handler } from './handler.ts';

type Answer = Messages['DescribeTransactions']['response']['transactionStates'][number];

export const describeTransactions: Handler<'DescribeTransactions'> = (request, { cluster, may }) => ({
  transactionStates: [...new Set(request.transactionalIds)].map((transactionalId): Sparse<Answer> => {
    if (!may('describe', 'transactionalId', transactionalId))
      return { transactionalId, errorCode: errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED };
    const found = cluster.transactions.get(transactionalId);
    if (found !== undefined) return describe(found, (topic) => may('describe', 'topic', topic));
    const error = transactionalId === '' ? 'INVALID_REQUEST' : 'TRANSACTIONAL_ID_NOT_FOUND';
    return { transactionalId, errorCode: errorCodes[error] };
  }),
});

function describe(transaction: Transaction, seen: (topic: string) => boolean): Sparse<Answer> {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of transaction.partitions) {
    if (!seen(topic)) continue;
    const partitions = topics.get(topic);
    if (partitions === undefined) topics.set(topic, [partition]);
    else partitions.push(partition);
  }
  return {
    errorCode: 0,
    transactionalId: transaction.transactionalId,
    transactionState: transaction.state,
    transactionTimeoutMs: transaction.timeoutMs,
    transactionStartTimeMs: transaction.startedAt,
    producerId: transaction.producerId,
    producerEpoch: transaction.producerEpoch,
    topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })),
  };
}
