/* The coordinator's errors as each request and version of it may tell them. */

import type { ErrorName } from '#kafka';

/** Older versions of the transaction requests know only INVALID_PRODUCER_EPOCH. */
export const fencedAs = (error: ErrorName, knowsFenced: boolean): ErrorName =>
  error === 'PRODUCER_FENCED' && !knowsFenced ? 'INVALID_PRODUCER_EPOCH' : error;

/** In the answer to a Produce: what a client without the newer transaction protocol understands. */
export function asProduceError(error: ErrorName): ErrorName {
  switch (error) {
    case 'TRANSACTION_ABORTABLE':
      return 'INVALID_TXN_STATE';
    case 'PRODUCER_FENCED':
      return 'INVALID_PRODUCER_EPOCH';
    case 'CONCURRENT_TRANSACTIONS':
      // The client sends it again without asking for metadata.
      return 'NOT_ENOUGH_REPLICAS';
    default:
      return error;
  }
}
/** The same for TxnOffsetCommit, whose clients know what a concurrent transaction is. */
export const asOffsetCommitError = (error: ErrorName): ErrorName =>
  error === 'CONCURRENT_TRANSACTIONS' ? error : asProduceError(error);
