/* EndTxn (26): commits or aborts. Answered when every partition has its marker; the same end asked for again by the same
 * producer id and epoch succeeds, from whatever process it comes. */

import { errorCodes } from '#kafka';
import type { Handler } from './handler.ts';
import { fencedAs } from './transaction-errors.ts';

export const endTxn: Handler<'EndTxn'> = async (request, { cluster, version, may }) => {
  const { transactionalId, committed } = request;
  const error = may('write', 'transactionalId', transactionalId)
    ? await cluster.transactions.end(transactionalId, request, committed)
    : 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED';
  return { errorCode: error === undefined ? 0 : errorCodes[fencedAs(error, version >= 2)] };
};
