/* The head of a record batch, version 2 (KIP-98): 61 bytes, then the records, maybe compressed.
 *
 *   baseOffset 8 │ length 4 │ leaderEpoch 4 │ magic 1 │ crc 4 │ attributes 2 │ lastOffsetDelta 4
 *   │ baseTimestamp 8 │ maxTimestamp 8 │ producerId 8 │ producerEpoch 2 │ baseSequence 4 │ count 4
 *   │ records …
 *
 * The checksum is over everything from the attributes on. */

import { ExternalError } from '#base';

export const batchHeaderBytes = 61;
export const crcOffset = 17;
export const attributesOffset = 21;

/** Of the attributes: the base timestamp is the delete horizon. */
export const deleteHorizonBit = 64;

export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Codec = (typeof codecs)[number];

export interface RecordBatch {
  /** Where the batch starts in its buffer, and where it ends. */
  readonly start: number;
  readonly end: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  readonly crc: number;
  readonly codec: Codec;
  /** Times were given by the broker: every record has `maxTimestamp`. */
  readonly logAppendTime: boolean;
  readonly transactional: boolean;
  /** Holds a transaction's end marker instead of records of users. */
  readonly control: boolean;
  /** From this time on compaction may drop its tombstones or marker; -1 until it is set (KIP-534). */
  readonly deleteHorizon: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  /** -1, with the two that follow, where the producer is not idempotent. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly count: number;
}

/** The batch at `start`, or undefined when `data` ends before it does. Throws ExternalError for what is no
 *  batch. */
export function readRecordBatch(data: Buffer, start: number): RecordBatch | undefined {
  if (start + 17 > data.length) return undefined;
  const end = start + 12 + data.readInt32BE(start + 8);
  if (data[start + 16] === 2 && end > data.length) return undefined;
  return readBatchHead(data, start);
}

/** The head of the batch at `start`, of which `data` may hold no more than the first 61 bytes. Throws
 *  ExternalError for what is no batch. */
export function readBatchHead(data: Buffer, start: number): RecordBatch {
  const length = data.readInt32BE(start + 8);
  const end = start + 12 + length;
  const magic = data[start + 16]!;
  if (magic !== 2) {
    throw new ExternalError('KAF2003', {
      message: `a record batch of version ${magic}, and only version 2 (Kafka 0.11 and later) is read`,
      retryable: false,
    });
  }
  if (length < batchHeaderBytes - 12) {
    throw new ExternalError('KAF2003', { message: `a record batch of ${length} bytes`, retryable: false });
  }
  const attributes = data.readInt16BE(start + attributesOffset);
  const codec = codecs[attributes & 7];
  if (codec === undefined) {
    throw new ExternalError('KAF2003', {
      message: `no compression has number ${attributes & 7}`,
      retryable: false,
    });
  }
  const baseOffset = Number(data.readBigInt64BE(start));
  const baseTimestamp = Number(data.readBigInt64BE(start + 27));
  return {
    start,
    end,
    baseOffset,
    lastOffset: baseOffset + data.readInt32BE(start + 23),
    leaderEpoch: data.readInt32BE(start + 12),
    crc: data.readUInt32BE(start + crcOffset),
    codec,
    logAppendTime: (attributes & 8) !== 0,
    transactional: (attributes & 16) !== 0,
    control: (attributes & 32) !== 0,
    deleteHorizon: (attributes & deleteHorizonBit) === 0 ? -1 : baseTimestamp,
    baseTimestamp,
    maxTimestamp: Number(data.readBigInt64BE(start + 35)),
    producerId: Number(data.readBigInt64BE(start + 43)),
    producerEpoch: data.readInt16BE(start + 51),
    baseSequence: data.readInt32BE(start + 53),
    count: data.readInt32BE(start + 57),
  };
}

/** The offset behind the last whole batch of `data`, or `from` when there is none. */
export function nextOffset(data: Buffer, from: number): number {
  let next = from;
  for (let at = 0; at + 27 <= data.length; ) {
    const end = at + 12 + data.readInt32BE(at + 8);
    if (end > data.length) break;
    next = Number(data.readBigInt64BE(at)) + data.readInt32BE(at + 23) + 1;
    at = end;
  }
  return next;
}
