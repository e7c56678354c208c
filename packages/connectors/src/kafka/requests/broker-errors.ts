/* What to do about the errors that brokers answer with. */

import { ExternalError, UserError, type MillraceError } from '#base';
import { errorCodes, errorName, type ErrorName } from '#kafka';

/** The same call may succeed later, some of them after asking for new metadata. */
const retryable: ReadonlySet<number> = new Set(
  (
    [
      'UNKNOWN_SERVER_ERROR',
      'CORRUPT_MESSAGE',
      'UNKNOWN_TOPIC_OR_PARTITION',
      'LEADER_NOT_AVAILABLE',
      'NOT_LEADER_OR_FOLLOWER',
      'REQUEST_TIMED_OUT',
      'BROKER_NOT_AVAILABLE',
      'REPLICA_NOT_AVAILABLE',
      'NETWORK_EXCEPTION',
      'COORDINATOR_LOAD_IN_PROGRESS',
      'COORDINATOR_NOT_AVAILABLE',
      'NOT_COORDINATOR',
      'NOT_ENOUGH_REPLICAS',
      'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
      'REBALANCE_IN_PROGRESS',
      'KAFKA_STORAGE_ERROR',
      'LISTENER_NOT_FOUND',
      'FENCED_LEADER_EPOCH',
      'UNKNOWN_LEADER_EPOCH',
      'OFFSET_NOT_AVAILABLE',
      'UNSTABLE_OFFSET_COMMIT',
      'UNKNOWN_TOPIC_ID',
      'INCONSISTENT_TOPIC_ID',
      'CONCURRENT_TRANSACTIONS',
    ] satisfies ErrorName[]
  ).map((name) => errorCodes[name]),
);
const noRight: ReadonlySet<number> = new Set([
  errorCodes.TOPIC_AUTHORIZATION_FAILED,
  errorCodes.GROUP_AUTHORIZATION_FAILED,
  errorCodes.CLUSTER_AUTHORIZATION_FAILED,
  errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
]);

/** The transaction that was asked about is over, or another producer's. */
const transactionOver: ReadonlySet<number> = new Set([
  errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER,
  errorCodes.INVALID_PRODUCER_EPOCH,
  errorCodes.INVALID_TXN_STATE,
  errorCodes.INVALID_PRODUCER_ID_MAPPING,
  errorCodes.TRANSACTION_COORDINATOR_FENCED,
  errorCodes.UNKNOWN_PRODUCER_ID,
  errorCodes.PRODUCER_FENCED,
  errorCodes.TRANSACTION_ABORTABLE,
]);

export const endsTransaction = (code: number): boolean => transactionOver.has(code);
export const isRetryable = (code: number): boolean => retryable.has(code);

/** The error for a broker's refusal of `what`. */
export function brokerError(code: number, what: string): MillraceError {
  const message = `Kafka refused ${what}: ${errorName(code)}`;
  if (noRight.has(code))
    return new UserError('KAF1003', { message, hint: 'The user of this connection has no right to it.' });
  if (code === errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
    return new ExternalError('KAF2002', { message, hint: 'Does the topic exist?', retryable: true });
  return new ExternalError('KAF2002', { message, retryable: isRetryable(code) });
}
