/* ListTransactions (66): transactional ids, by state, producer id, age of the open transaction and pattern. */

import { errorCodes, type ListTransactionsRequest } from '#kafka';
import { topicPattern } from '../cluster/groups/topic-pattern.ts';
import { transactionStates, type Transaction } from '../cluster/transactions/transaction.ts';
import type { Handler } from './handler.ts';

export const listTransactions: Handler<'ListTransactions'> = (request, { cluster, may }) => {
  const matches = compiled(request.transactionalIdPattern);
  if (matches === undefined) return { errorCode: errorCodes.INVALID_REGULAR_EXPRESSION };
  const known: readonly string[] = transactionStates;
  const now = cluster.world.now();
  return {
    unknownStateFilters: request.stateFilters.filter((state) => !known.includes(state)),
    transactionStates: cluster.transactions
      .all()
      .filter((t) => passes(t, request, now) && matches(t.transactionalId))
      .filter((t) => may('describe', 'transactionalId', t.transactionalId))
      .map((t) => ({
        transactionalId: t.transactionalId,
        producerId: t.producerId,
        transactionState: t.state,
      })),
  };
};

function passes(transaction: Transaction, request: ListTransactionsRequest, now: number): boolean {
  const { stateFilters, producerIdFilters, durationFilter } = request;
  if (stateFilters.length > 0 && !stateFilters.includes(transaction.state)) return false;
  if (producerIdFilters.length > 0 && !producerIdFilters.includes(transaction.producerId)) return false;
  return durationFilter < 0 || now - transaction.startedAt > durationFilter;
}

/** Of a pattern the whole id has to match. Without one every id does; undefined where it is none. */
function compiled(pattern: string | null): ((id: string) => boolean) | undefined {
  if (pattern === null || pattern === '') return () => true;
  const matches = topicPattern(pattern);
  return typeof matches === 'string' ? undefined : matches;
}
