/* EndTxn (26): commits or aborts. Answered when every partition has its marker; the same end asked for again by the same
 * producer succeeds, from whatever process it comes. From version 5 on the answer is the identity for the next transaction
 * (KIP-890). */

import { errorCodes } from '#kafka';
import type { Handler } from './handler.ts';
import { fencedAs } from './transaction-errors.ts';

export const endTxn: Handler<'EndTxn'> = async (request, { cluster, version, may }) => {
  const { transactionalId, committed } = request;
  const ended = may('write', 'transactionalId', transactionalId)
    ? await cluster.transactions.end(transactionalId, request, committed, version >= 5 ? 2 : 1)
    : ({ error: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED' } as const);
  if ('error' in ended) return { errorCode: errorCodes[fencedAs(ended.error, version >= 2)] };
  return { errorCode: 0, producerId: ended.producerId, producerEpoch: ended.producerEpoch };
};
