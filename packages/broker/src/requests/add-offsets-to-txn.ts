/* AddOffsetsToTxn (25): the offsets of a consumer group join a transaction, before TxnOffsetCommit names them. */

import { errorCodes } from '#kafka';
import type { Handler } from './handler.ts';
import { fencedAs } from './transaction-errors.ts';

export const addOffsetsToTxn: Handler<'AddOffsetsToTxn'> = (
  request,
  { cluster: { transactions }, version },
) => {
  const place = transactions.offsetsPartition(request.groupId);
  const error = transactions.add(request.transactionalId, request, [place]);
  return { errorCode: error === undefined ? 0 : errorCodes[fencedAs(error, version >= 2)] };
};
