/* Times of single records: the head of a batch knows only the largest of them. */

import type { RecordBatch } from '#records';
import type { TimedOffset } from './partition-log.ts';
import { recordsOf } from './record-body.ts';

/** The first record of the batch with this time or later, at or behind `fromOffset`. Throws CorruptRecords. */
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
/** The first record of the batch that has its largest time. Throws CorruptRecords. */
export function largestRecord(bytes: Buffer, head: RecordBatch): TimedOffset | undefined {
  const { offsets, timestamps, count } = recordsOf(bytes, head);
  for (let i = 0; i < count; i++)
    if (timestamps[i] === head.maxTimestamp) return { offset: offsets[i]!, timestamp: head.maxTimestamp };
  return count === 0 ? undefined : { offset: head.lastOffset, timestamp: head.maxTimestamp };
}
