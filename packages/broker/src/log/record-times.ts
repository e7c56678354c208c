/* Times of single records: the head of a batch knows only the largest of them. */

import { batchHeaderBytes, decompress, indexRecords, RecordIndex, type RecordBatch } from '#records';
import type { TimedOffset } from './partition-log.ts';

/** Where the records of a batch lie. */
export function recordsOf(bytes: Buffer, head: RecordBatch): RecordIndex {
  const body = decompress(head.codec, bytes.subarray(batchHeaderBytes));
  const index = new RecordIndex();
  const appendTime = head.logAppendTime ? head.maxTimestamp : undefined;
  const base = { offset: head.baseOffset, timestamp: head.baseTimestamp, appendTime };
  indexRecords(body, 0, body.length, head.count, base, index);
  return index;
}

/** The first record of the batch with this time or later, at or behind `fromOffset`. */
export function firstRecordAt(
  bytes: Buffer,
  head: RecordBatch,
  timestamp: number,
  fromOffset: number,
): TimedOffset | undefined {
  const { offsets, timestamps, count } = recordsOf(bytes, head);
  for (let i = 0; i < count; i++)
    if (timestamps[i]! >= timestamp && offsets[i]! >= fromOffset)
      return { offset: offsets[i]!, timestamp: timestamps[i]! };
  return undefined;
}
/** The first record of the batch that has its largest time. */
export function largestRecord(bytes: Buffer, head: RecordBatch): TimedOffset | undefined {
  const { offsets, timestamps, count } = recordsOf(bytes, head);
  for (let i = 0; i < count; i++)
    if (timestamps[i] === head.maxTimestamp) return { offset: offsets[i]!, timestamp: head.maxTimestamp };
  return count === 0 ? undefined : { offset: head.lastOffset, timestamp: head.maxTimestamp };
}
