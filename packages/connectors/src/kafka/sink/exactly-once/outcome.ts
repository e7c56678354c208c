/* How a transaction ended that its coordinator no longer knows, or knows only under a later epoch: its topic tells.
 *
 *   one of its records ──▶ fetch of committed records from there on ──▶ behind the stable offset: not decided
 *                                                                 ├──▶ among the aborted: aborted
 *                                                                 ├──▶ the record is there: committed
 *                                                                 └──▶ the record is gone: nobody knows */

import { ExternalError } from '#base';
import { errorCodes } from '#kafka';
import { readRecordBatch } from '#records';
import type { KafkaCluster } from '../../client/cluster.ts';
import { brokerError } from '../../requests/broker-errors.ts';
import { fetchRequest } from '../../requests/fetch.ts';
import type { PreparedTransaction } from './prepared.ts';

export type Outcome = 'committed' | 'aborted' | 'unknown';

/** Of one batch the broker sends all, whatever its size. */
const limits = {
  waitMsMax: 0,
  bytesMin: 0,
  bytesMax: 1 << 16,
  partitionBytesMax: 1 << 16,
  committedOnly: true,
} as const;

/** Rejects with an ExternalError that asks for another try while it is not decided. */
export async function outcomeOf(cluster: KafkaCluster, prepared: PreparedTransaction): Promise<Outcome> {
  const { id, topic, witness, producerId } = prepared;
  if (witness === undefined) return 'unknown';
  const { partition, offset } = witness;
  const what = `the end of transaction '${id}' in partition ${partition} of '${topic}'`;
  await cluster.refresh([topic]);
  const leader = cluster.leader(topic, partition);
  if (leader === undefined)
    throw new ExternalError('KAF2002', { message: `partition ${partition} of '${topic}' has no leader` });
  const link = await cluster.link(leader, 'control');
  const fetched = await link.request(fetchRequest([{ topic, partition, offset }], limits));
  try {
    const answer = fetched.partitions[0]!;
    const error = fetched.error || answer.error;
    if (error === errorCodes.OFFSET_OUT_OF_RANGE) return 'unknown';
    if (error !== 0) throw brokerError(error, what);
    // Told are those that reach as far as the offset.
    if (answer.aborted.some((a) => a.producerId === producerId && a.firstOffset <= offset)) return 'aborted';
    const batch = readRecordBatch(answer.records, 0);
    if (batch === undefined)
      throw new ExternalError('KAF2002', { message: `Kafka has not yet decided ${what}` });
    return batch.producerId === producerId && batch.baseOffset <= offset && batch.lastOffset >= offset
      ? 'committed'
      : 'unknown';
  } finally {
    fetched.release();
  }
}
