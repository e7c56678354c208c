/* The coordinator's errors as each request and version of it may tell them. */

import type { ErrorName } from '#kafka';

/** Older versions of the transaction requests know only INVALID_PRODUCER_EPOCH. */
export const fencedAs = (error: ErrorName, knowsFenced: boolean): ErrorName =>
  error === 'PRODUCER_FENCED' && !knowsFenced ? 'INVALID_PRODUCER_EPOCH' : error;

/** In the answer to a Produce. `knowsAbortable`: the client is to be told that it can abort and go on (KIP-890). */
export function asProduceError(error: ErrorName, knowsAbortable: boolean): ErrorName {
  // What is busy now the client sends again, without asking for metadata.
  return error === 'CONCURRENT_TRANSACTIONS'
    ? 'NOT_ENOUGH_REPLICAS'
    : asOffsetCommitError(error, knowsAbortable);
}
/** In the answer to a TxnOffsetCommit, whose clients know what a concurrent transaction is. */
export function asOffsetCommitError(error: ErrorName, knowsAbortable: boolean): ErrorName {
  if (error === 'TRANSACTION_ABORTABLE' && !knowsAbortable) return 'INVALID_TXN_STATE';
  return fencedAs(error, false);
}
