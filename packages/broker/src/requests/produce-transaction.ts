/* Transactional batches of a Produce: only those are taken whose partition the coordinator knows to be in the open
 * transaction (KIP-890). From version 12 on the first of them brings its partition into it; before, a request of its own
 * did. Once a partition has a batch of the transaction it need not ask again. */

import type { ProduceRequest } from '#kafka';
import { attributesOffset, batchHeaderBytes } from '#records';
import type { ProducerIdentity } from '../cluster/transactions/transaction.ts';
import type { Partition, Refused } from '../log/partition.ts';
import type { RequestContext } from './handler.ts';
import { asProduceError } from './transaction-errors.ts';

const transactionalBit = 0x10;

interface Writer extends ProducerIdentity {
  readonly sequence: number;
}
/** The producer that the batch names, if it is transactional. Nothing else of the batch is checked. */
function writerOf(records: Uint8Array): Writer | undefined {
  const batch = Buffer.from(records.buffer, records.byteOffset, records.length);
  if (batch.length < batchHeaderBytes || batch[16] !== 2) return undefined;
  if ((batch.readInt16BE(attributesOffset) & transactionalBit) === 0) return undefined;
  const producerId = Number(batch.readBigInt64BE(43));
  if (producerId < 0) return undefined;
  return { producerId, producerEpoch: batch.readInt16BE(51), sequence: batch.readInt32BE(53) };
}

/** How many producers write transactionally in one request. */
export function producersOf({ topicData }: ProduceRequest): number {
  const found = new Set<string>();
  for (const { partitionData } of topicData)
    for (const { records } of partitionData) {
      const writer = records?.[0] === undefined ? undefined : writerOf(records[0]);
      if (writer !== undefined) found.add(`${writer.producerId}/${writer.producerEpoch}`);
    }
  return found.size;
}

/** Lets the batch's partition join the transaction, or looks whether it did. Gives why the batch may not be appended, as
 *  far as transactions go. */
export function joinTransaction(
  records: Uint8Array,
  transactionalId: string,
  partition: Partition,
  { cluster: { transactions }, version }: RequestContext,
): Refused | undefined {
  const writer = writerOf(records);
  if (writer === undefined) return undefined;
  const { producers, topic, index } = partition;
  if (producers.isFenced(writer.producerId, writer.producerEpoch))
    return { error: 'INVALID_PRODUCER_EPOCH', message: 'a newer epoch of the producer has been here' };
  if (producers.isOpen(writer.producerId, writer.producerEpoch)) return undefined;
  const joins = version >= 12;
  producers.announce(writer.producerId, writer.producerEpoch, writer.sequence, joins);
  const place = { topic, partition: index };
  const problem = joins
    ? transactions.add(transactionalId, writer, [place])
    : transactions.problemOf(transactionalId, writer, place);
  return (
    problem && {
      error: asProduceError(problem, version),
      message: `the partition may not take records of this transaction: ${problem}`,
    }
  );
}
