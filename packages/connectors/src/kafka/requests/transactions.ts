/* InitProducerId, AddPartitionsToTxn and EndTxn: the life of a transaction, as its coordinator is told of it. By protocol 1
 * (before KIP-890): the epoch is that of InitProducerId until the next one, so that the same end may be asked for again. */

import type { OffsetToCommit } from './group-offsets.ts';
import { byTopic, request, type KafkaRequest } from './request.ts';

/* `initAlone`: without a transactional id there is no epoch to know, and version 4 would need Kafka 2.7. */
const versions = { init: 4, initAlone: 2, add: 3, end: 3, addOffsets: 2, commitOffsets: 2 } as const;

/** A producer id in one of its lives. */
export interface ProducerIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
}
/** One transaction: no two have the same three. */
export interface Transaction extends ProducerIdentity {
  readonly id: string;
}

/** The next epoch of a transactional id. What is open under it is aborted first, and everybody before is fenced; with
 *  `known` only who has that identity gets it. Without an id, from any broker: an identity that nobody had. */
export const initProducerIdRequest = (
  id: string | null,
  timeoutMs: number,
  known: ProducerIdentity = { producerId: -1, producerEpoch: -1 },
): KafkaRequest<ProducerIdentity & { readonly error: number }> =>
  request(
    'InitProducerId',
    id === null ? versions.initAlone : versions.init,
    { transactionalId: id, transactionTimeoutMs: timeoutMs, ...identityOf(known) },
    ({ errorCode, ...identity }) => ({ error: errorCode, ...identityOf(identity) }),
  );
const identityOf = ({ producerId, producerEpoch }: ProducerIdentity): ProducerIdentity => ({
  producerId,
  producerEpoch,
});

/** Resolves to the first error code, or 0. */
export const addPartitionsRequest = (
  { id, producerId, producerEpoch }: Transaction,
  partitions: readonly { readonly topic: string; readonly partition: number }[],
): KafkaRequest<{ readonly error: number }> =>
  request(
    'AddPartitionsToTxn',
    versions.add,
    {
      v3AndBelowTransactionalId: id,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: byTopic(partitions, (name, list) => ({
        name,
        partitions: list.map((p) => p.partition),
      })),
    },
    ({ resultsByTopicV3AndBelow }) => {
      const codes = resultsByTopicV3AndBelow.flatMap((t) =>
        t.resultsByPartition.map((p) => p.partitionErrorCode),
      );
      return { error: codes.find((code) => code !== 0) ?? 0 };
    },
  );

/** Asked again after it succeeded it succeeds again, until the id has another epoch. */
export const commitRequest = ({
  id,
  producerId,
  producerEpoch,
}: Transaction): KafkaRequest<{ readonly error: number }> =>
  request(
    'EndTxn',
    versions.end,
    { transactionalId: id, producerId, producerEpoch, committed: true },
    ({ errorCode }) => ({ error: errorCode }),
  );

/** Offsets of a group will be part of the transaction: asked of the transaction's coordinator before they are sent. */
export const addOffsetsRequest = (
  { id, producerId, producerEpoch }: Transaction,
  group: string,
): KafkaRequest<{ readonly error: number }> =>
  request(
    'AddOffsetsToTxn',
    versions.addOffsets,
    { transactionalId: id, producerId, producerEpoch, groupId: group },
    ({ errorCode }) => ({ error: errorCode }),
  );

/** Offsets that count once the transaction is committed: asked of the group's coordinator. Resolves to the first error code, or
 *  0. */
export const transactionOffsetsRequest = (
  { id, producerId, producerEpoch }: Transaction,
  group: string,
  offsets: readonly OffsetToCommit[],
): KafkaRequest<{ readonly error: number }> =>
  request(
    'TxnOffsetCommit',
    versions.commitOffsets,
    {
      transactionalId: id,
      producerId,
      producerEpoch,
      groupId: group,
      topics: byTopic(offsets, (name, list) => ({
        name,
        partitions: list.map(({ partition, offset }) => ({
          partitionIndex: partition,
          committedOffset: offset,
          committedMetadata: '',
        })),
      })),
    },
    ({ topics }) => {
      const codes = topics.flatMap(({ partitions }) => partitions.map((p) => p.errorCode));
      return { error: codes.find((code) => code !== 0) ?? 0 };
    },
  );
