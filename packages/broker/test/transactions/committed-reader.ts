/* A reader of committed records made from raw fetch answers alone: the last stable offset that the broker keeps to, the
 * aborted transactions that it tells, and the control batches between the records. Small fetches, so that transactions
 * lie across them. */

import { Buffer } from 'node:buffer';
import { errorName } from '#kafka';
import { batchHeaderBytes, indexRecords, readRecordBatch, RecordIndex, type RecordBatch } from '#records';
import type { WireClient } from '../wire-client.ts';

const stepsMax = 100_000;

/** The texts of a partition from `from` on, with what a reader does not see left out, and where to go on. */
export async function readCommitted(
  client: WireClient,
  topic: string,
  partition: number,
  from: number,
  bytesMax: number,
): Promise<{ readonly texts: readonly string[]; readonly next: number }> {
  const texts: string[] = [];
  let next = from;
  for (let steps = 0; steps < stepsMax; steps++) {
    const wanted = { partition, fetchOffset: next, partitionMaxBytes: bytesMax };
    const { responses } = await client.send(
      'Fetch',
      { maxBytes: bytesMax, isolationLevel: 1, topics: [{ topic, partitions: [wanted] }] },
      12,
    );
    const { errorCode, records, abortedTransactions } = responses[0]!.partitions[0]!;
    if (errorCode !== 0) throw new Error(`fetch from ${next}: ${errorName(errorCode)}`);
    const data = Buffer.concat(records ?? []);
    if (data.length === 0) return { texts, next };
    next = take(data, next, abortedTransactions ?? [], texts);
  }
  throw new Error('the partition does not end');
}

interface Aborted {
  readonly producerId: number;
  readonly firstOffset: number;
}
function take(data: Buffer, from: number, told: readonly Aborted[], texts: string[]): number {
  const coming = [...told];
  expectRising(coming.map((a) => a.firstOffset));
  const aborting = new Set<number>();
  let next = from;
  for (let at = 0; at < data.length; ) {
    const batch = readRecordBatch(data, at);
    if (batch === undefined) break;
    while (coming.length > 0 && coming[0]!.firstOffset <= batch.lastOffset)
      aborting.add(coming.shift()!.producerId);
    const records = recordsOf(data, batch);
    if (batch.control) {
      if (isAbort(records)) aborting.delete(batch.producerId);
    } else if (!(batch.transactional && aborting.has(batch.producerId))) {
      for (let i = 0; i < records.count; i++)
        if (records.offsets[i]! >= from)
          texts.push(
            Buffer.from(records.data.slice(records.valueStarts[i], records.valueEnds[i])).toString(),
          );
    }
    next = batch.lastOffset + 1;
    at = batch.end;
  }
  return next;
}
function expectRising(offsets: readonly number[]): void {
  if (offsets.some((offset, i) => i > 0 && offset < offsets[i - 1]!))
    throw new Error(`aborted transactions are not told by first offset: ${offsets.join()}`);
}
function recordsOf(data: Buffer, batch: RecordBatch): RecordIndex {
  const index = new RecordIndex();
  const base = { offset: batch.baseOffset, timestamp: batch.baseTimestamp, appendTime: undefined };
  indexRecords(data, batch.start + batchHeaderBytes, batch.end, batch.count, base, index);
  return index;
}
const isAbort = ({ data, keyStarts }: RecordIndex): boolean => data[keyStarts[0]! + 3] === 0;
