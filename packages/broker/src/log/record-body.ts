/* The records of a batch that a client wrote: bytes that nobody vouches for, even where their checksum is right. */

import { ExternalError } from '#base';
import {
  batchHeaderBytes,
  decompress,
  decompressedBytesMax,
  indexRecords,
  recordBytesMin,
  RecordIndex,
  type RecordBatch,
} from '#records';

/** What a batch may hold, decompressed: so much in any case, and so many times its length. */
const bodyBytesMin = 64 << 20;
const expansionMax = 8;

/** The records of a batch are not what its head says, or are too many to look at. */
export class CorruptRecords extends ExternalError {
  constructor(cause: unknown) {
    const message = `corrupt records: ${cause instanceof Error ? cause.message : String(cause)}`;
    super('BRK2006', { message, cause, retryable: false });
  }
}

const bodyBytesMax = (batchBytes: number): number =>
  Math.min(decompressedBytesMax, Math.max(bodyBytesMin, expansionMax * batchBytes));

/** Whether the batch may hold as many records as it says, by its length alone. */
export function countFits({ codec, count, start, end }: RecordBatch): boolean {
  const bytes = end - start - batchHeaderBytes;
  return count * recordBytesMin <= (codec === 'none' ? bytes : bodyBytesMax(bytes));
}
/** The records' bytes, decompressed. Throws CorruptRecords. */
export function bodyOf(bytes: Buffer, { codec }: RecordBatch): Uint8Array {
  try {
    return decompress(codec, bytes.subarray(batchHeaderBytes), bodyBytesMax(bytes.length));
  } catch (cause) {
    throw new CorruptRecords(cause);
  }
}
/** Where the records lie, with their offsets and times. Throws CorruptRecords. */
export function recordsOf(bytes: Buffer, head: RecordBatch): RecordIndex {
  const body = bodyOf(bytes, head);
  const index = new RecordIndex();
  const appendTime = head.logAppendTime ? head.maxTimestamp : undefined;
  const base = { offset: head.baseOffset, timestamp: head.baseTimestamp, appendTime };
  try {
    indexRecords(body, 0, body.length, head.count, base, index);
  } catch (cause) {
    throw new CorruptRecords(cause);
  }
  return index;
}
