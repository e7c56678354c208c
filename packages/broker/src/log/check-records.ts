/* What is asked of single records before a batch is appended, and a batch in the codec that its topic has.
 *
 * Kafka: LogValidator. */

import { recompressBatch } from '#records';
import type { Codec, RecordBatch } from '#records';
import { bodyOf, recordsOf } from './record-body.ts';

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
/** More records that are wrong are not looked for. */
const errorsMax = 10_000;

/** The records without a key, which a compacted topic does not take. Throws CorruptRecords. */
export function recordsWithoutKey(batch: Buffer, head: RecordBatch, place: string): RecordError[] {
  const { count, keyStarts } = recordsOf(batch, head);
  const errors: RecordError[] = [];
  for (let i = 0; i < count && errors.length < errorsMax; i++)
    if (keyStarts[i]! < 0)
      errors.push({
        index: i,
        message: `Compacted topic cannot accept message without key in topic partition ${place}`,
      });
  return errors;
}

/** The records that are too old or too new. Throws CorruptRecords. */
export function recordsOutOfTime(
  batch: Buffer,
  head: RecordBatch,
  now: number,
  beforeMsMax: number,
  afterMsMax: number,
): RecordError[] {
  const { count, timestamps, offsets } = recordsOf(batch, head);
  const errors: RecordError[] = [];
  for (let i = 0; i < count && errors.length < errorsMax; i++) {
    const time = timestamps[i]!;
    if (now - time <= beforeMsMax && time - now <= afterMsMax) continue;
    const range = `[${now - beforeMsMax}, ${now + afterMsMax}]`;
    errors.push({
      index: i,
      message: `Timestamp ${time} of message with offset ${offsets[i]! - head.baseOffset} is out of range. The timestamp should be within ${range}`,
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

/** The batch in the target's codec. Throws CorruptRecords. */
export function inCodec(batch: Buffer, head: RecordBatch, { codec, level }: TargetCodec): Buffer {
  if (head.codec === codec) return batch;
  return recompressBatch(batch, bodyOf(batch, head), codec, level);
}
