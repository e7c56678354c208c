/* The coordinator's errors as each request and version of it may tell them. */

import type { ErrorName } from '#kafka';

/** Older versions of the transaction requests know only INVALID_PRODUCER_EPOCH. */
export const fencedAs = (error: ErrorName, knowsFenced: boolean): ErrorName =>
  error === 'PRODUCER_FENCED' && !knowsFenced ? 'INVALID_PRODUCER_EPOCH' : error;

/** In the answer to a Produce. */
export function asProduceError(error: ErrorName, version: number): ErrorName {
  // Clients of protocol 1 know nothing of what is busy now: this one they send again, without asking for metadata.
  if (error === 'CONCURRENT_TRANSACTIONS' && version < 12) return 'NOT_ENOUGH_REPLICAS';
  return asWriteError(error, version >= 11);
}
/** In the answer to a TxnOffsetCommit, whose clients know what a concurrent transaction is. */
export const asOffsetCommitError = (error: ErrorName, version: number): ErrorName =>
  asWriteError(error, version >= 4);

/** `knowsAbortable`: the client is to be told that it can abort and go on (KIP-890). */
function asWriteError(error: ErrorName, knowsAbortable: boolean): ErrorName {
  if (error === 'TRANSACTION_ABORTABLE' && !knowsAbortable) return 'INVALID_TXN_STATE';
  return fencedAs(error, false);
}
