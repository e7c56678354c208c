/* Kafka's error codes: their names, and what to do about them. */

import { ExternalError, UserError, type MillraceError } from '#base';

/** `retry`: the same call may succeed later. `refresh`: also after asking for new metadata. */
type Treatment = 'retry' | 'refresh' | 'fail';

const codes: Readonly<Record<number, readonly [name: string, treatment: Treatment]>> = {
  [-1]: ['UNKNOWN_SERVER_ERROR', 'retry'],
  1: ['OFFSET_OUT_OF_RANGE', 'fail'],
  2: ['CORRUPT_MESSAGE', 'retry'],
  3: ['UNKNOWN_TOPIC_OR_PARTITION', 'refresh'],
  5: ['LEADER_NOT_AVAILABLE', 'refresh'],
  6: ['NOT_LEADER_OR_FOLLOWER', 'refresh'],
  7: ['REQUEST_TIMED_OUT', 'retry'],
  8: ['BROKER_NOT_AVAILABLE', 'refresh'],
  9: ['REPLICA_NOT_AVAILABLE', 'refresh'],
  10: ['MESSAGE_TOO_LARGE', 'fail'],
  13: ['NETWORK_EXCEPTION', 'retry'],
  14: ['COORDINATOR_LOAD_IN_PROGRESS', 'retry'],
  15: ['COORDINATOR_NOT_AVAILABLE', 'refresh'],
  16: ['NOT_COORDINATOR', 'refresh'],
  17: ['INVALID_TOPIC_EXCEPTION', 'fail'],
  18: ['RECORD_LIST_TOO_LARGE', 'fail'],
  19: ['NOT_ENOUGH_REPLICAS', 'retry'],
  20: ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'retry'],
  22: ['ILLEGAL_GENERATION', 'fail'],
  25: ['UNKNOWN_MEMBER_ID', 'fail'],
  27: ['REBALANCE_IN_PROGRESS', 'retry'],
  29: ['TOPIC_AUTHORIZATION_FAILED', 'fail'],
  30: ['GROUP_AUTHORIZATION_FAILED', 'fail'],
  31: ['CLUSTER_AUTHORIZATION_FAILED', 'fail'],
  32: ['INVALID_TIMESTAMP', 'fail'],
  35: ['UNSUPPORTED_VERSION', 'fail'],
  43: ['UNSUPPORTED_FOR_MESSAGE_FORMAT', 'fail'],
  44: ['POLICY_VIOLATION', 'fail'],
  56: ['KAFKA_STORAGE_ERROR', 'refresh'],
  72: ['LISTENER_NOT_FOUND', 'refresh'],
  74: ['FENCED_LEADER_EPOCH', 'refresh'],
  75: ['UNKNOWN_LEADER_EPOCH', 'refresh'],
  76: ['UNSUPPORTED_COMPRESSION_TYPE', 'fail'],
  78: ['OFFSET_NOT_AVAILABLE', 'retry'],
  87: ['INVALID_RECORD', 'fail'],
  88: ['UNSTABLE_OFFSET_COMMIT', 'retry'],
};

export const errorCode = { none: 0, offsetOutOfRange: 1, unknownTopicOrPartition: 3 } as const;

export const errorName = (code: number): string => codes[code]?.[0] ?? `error ${code}`;
export const isRetryable = (code: number): boolean => (codes[code]?.[1] ?? 'fail') !== 'fail';

/** The error for a broker's refusal of `what`. */
export function brokerError(code: number, what: string): MillraceError {
  const message = `Kafka refused ${what}: ${errorName(code)}`;
  if (code === 29 || code === 30 || code === 31) {
    return new UserError('KAF1003', { message, hint: 'The user of this connection has no right to it.' });
  }
  if (code === errorCode.unknownTopicOrPartition) {
    return new ExternalError('KAF2002', { message, hint: 'Does the topic exist?', retryable: true });
  }
  return new ExternalError('KAF2002', { message, retryable: isRetryable(code) });
}
