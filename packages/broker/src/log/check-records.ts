/* What is asked of single records before a batch is appended, and a batch in the codec that its topic has.
 *
 * Kafka: LogValidator. */

import { decompress, indexRecords, RecordIndex, recompressBatch, batchHeaderBytes } from '#records';
import type { Codec, RecordBatch } from '#records';

export interface RecordError {
  /** Of the record in its batch. */
  readonly index: number;
  readonly message: string;
}
/** `compression.type` other than `producer`. */
export interface TargetCodec {
  readonly codec: Codec;
  /** Of gzip and zstd, where it is not their default. */
  readonly level: number | undefined;
}

const errorsShown = 3;

/** The records, with offsets from 0 on. Throws ExternalError for corrupt ones. */
function recordsIn(batch: Buffer, head: RecordBatch): RecordIndex {
  const body = decompress(head.codec, batch.subarray(batchHeaderBytes));
  const index = new RecordIndex();
  const base = { offset: 0, timestamp: head.baseTimestamp, appendTime: undefined };
  indexRecords(body, 0, body.length, head.count, base, index);
  return index;
}

/** The records without a key, which a compacted topic does not take. Throws ExternalError for corrupt records. */
export function recordsWithoutKey(batch: Buffer, head: RecordBatch, place: string): RecordError[] {
  const { count, keyStarts } = recordsIn(batch, head);
  const errors: RecordError[] = [];
  for (let i = 0; i < count; i++)
    if (keyStarts[i]! < 0)
      errors.push({
        index: i,
        message: `Compacted topic cannot accept message without key in topic partition ${place}`,
      });
  return errors;
}

/** The records that are too old or too new. Throws ExternalError for corrupt records. */
export function recordsOutOfTime(
  batch: Buffer,
  head: RecordBatch,
  now: number,
  beforeMsMax: number,
  afterMsMax: number,
): RecordError[] {
  const { count, timestamps, offsets } = recordsIn(batch, head);
  const errors: RecordError[] = [];
  for (let i = 0; i < count; i++) {
    const time = timestamps[i]!;
    if (now - time <= beforeMsMax && time - now <= afterMsMax) continue;
    const range = `[${now - beforeMsMax}, ${now + afterMsMax}]`;
    errors.push({
      index: i,
      message: `Timestamp ${time} of message with offset ${offsets[i]} is out of range. The timestamp should be within ${range}`,
    });
  }
  return errors;
}

/** Kafka's words for a batch of which records were refused. */
export function refusal(errors: readonly RecordError[]): string {
  const shown = errors
    .slice(0, errorsShown)
    .map(({ index, message }) => `RecordError(batchIndex=${index}, message='${message}')`);
  return `One or more records have been rejected due to ${errors.length} record errors in total, and only showing the first three errors at most: [${shown.join(', ')}]`;
}

/** The batch in the target's codec. Throws ExternalError for a corrupt body. */
export function inCodec(batch: Buffer, head: RecordBatch, { codec, level }: TargetCodec): Buffer {
  if (head.codec === codec) return batch;
  return recompressBatch(batch, decompress(head.codec, batch.subarray(batchHeaderBytes)), codec, level);
}
