/* AddOffsetsToTxn (25): the offsets of a consumer group join a transaction, before TxnOffsetCommit names them. */

import { errorCodes, type AddOffsetsToTxnRequest, type ErrorName } from '#kafka';
import type { Handler, RequestContext } from './handler.ts';
import { fencedAs } from './transaction-errors.ts';

export const addOffsetsToTxn: Handler<'AddOffsetsToTxn'> = (request, context) => {
  const error = outcome(request, context);
  return { errorCode: error === undefined ? 0 : errorCodes[fencedAs(error, context.version >= 2)] };
};

function outcome(
  request: AddOffsetsToTxnRequest,
  { cluster: { transactions }, may }: RequestContext,
): ErrorName | undefined {
  const { transactionalId, groupId } = request;
  if (!may('write', 'transactionalId', transactionalId)) return 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED';
  if (!may('read', 'group', groupId)) return 'GROUP_AUTHORIZATION_FAILED';
  return transactions.add(transactionalId, request, [transactions.offsetsPartition(groupId)]);
}
