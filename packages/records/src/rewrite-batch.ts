/* A batch made again: from some of its records, or in another codec. Offsets, times, producer and sequences stay, the
 * head keeps base and last offset. */

import { ByteWriter } from '#base';
import { crc32c } from '#wasm';
import { writeBytes, writeVarint, type BatchProducer } from './batch-writer.ts';
import {
  attributesOffset,
  batchHeaderBytes,
  codecs,
  crcOffset,
  deleteHorizonBit,
  readRecordBatch,
  type Codec,
  type RecordBatch,
} from './record-batch.ts';
import type { RecordIndex } from './record-index.ts';
import { recordEnd } from './record-index.ts';
import { compress } from './seal.ts';

export interface Rewritten {
  readonly bytes: Buffer;
  readonly head: RecordBatch;
}

/** The batch with only the records `keep` of `index` (by position, rising), in the codec that it had. With none the
 *  head alone is left. `deleteHorizon`: see RecordBatch; -1 for none. */
export function rewriteBatch(
  bytes: Buffer,
  head: RecordBatch,
  index: RecordIndex,
  keep: readonly number[],
  deleteHorizon = head.deleteHorizon,
): Rewritten {
  const baseTimestamp = deleteHorizon < 0 ? head.baseTimestamp : deleteHorizon;
  const to = new ByteWriter();
  const record = new ByteWriter();
  let maxTimestamp = -1;
  for (const i of keep) {
    const timestamp = index.timestamps[i]!;
    maxTimestamp = Math.max(maxTimestamp, timestamp);
    record.clear();
    record.byte(0);
    writeVarint(record, head.logAppendTime ? 0 : timestamp - baseTimestamp);
    writeVarint(record, index.offsets[i]! - head.baseOffset);
    writeBytes(record, cell(index, index.keyStarts[i]!, index.keyEnds[i]!));
    writeBytes(record, cell(index, index.valueStarts[i]!, index.valueEnds[i]!));
    record.bytes(index.data, index.headers[i]!, recordEnd(index, i));
    writeVarint(to, record.size);
    to.bytes(record.data, 0, record.size);
  }
  const codec = keep.length === 0 ? 'none' : head.codec;
  const attributes = bytes.readInt16BE(attributesOffset) & ~7 & ~deleteHorizonBit;
  return sealed(bytes, compress(codec, to.data.subarray(0, to.size)), (made) => {
    made.writeInt16BE(
      attributes | codecs.indexOf(codec) | (deleteHorizon < 0 ? 0 : deleteHorizonBit),
      attributesOffset,
    );
    made.writeBigInt64BE(BigInt(baseTimestamp), 27);
    if (keep.length > 0 && !head.logAppendTime) made.writeBigInt64BE(BigInt(maxTimestamp), 35);
    made.writeInt32BE(keep.length, 57);
  });
}

const cell = (index: RecordIndex, start: number, end: number): Uint8Array | null =>
  start < 0 ? null : index.data.subarray(start, end);

/** The batch with its records, `body` when decompressed, in another codec. */
export function recompressBatch(bytes: Buffer, body: Uint8Array, codec: Codec, level?: number): Buffer {
  return sealed(bytes, compress(codec, body, level), (made) => {
    made.writeInt16BE((made.readInt16BE(attributesOffset) & ~7) | codecs.indexOf(codec), attributesOffset);
  }).bytes;
}

/** Writes another producer and number of the first record into a batch. */
export function renumberBatch(
  batch: Uint8Array,
  { producerId, producerEpoch, sequence }: BatchProducer,
): void {
  const bytes = Buffer.from(batch.buffer, batch.byteOffset, batch.length);
  bytes.writeBigInt64BE(BigInt(producerId), 43);
  bytes.writeInt16BE(producerEpoch, 51);
  bytes.writeInt32BE(sequence, 53);
  bytes.writeUInt32BE(crc32c(bytes, attributesOffset) >>> 0, crcOffset);
}

/** How many records a batch says that it has. */
export const recordCount = (batch: Uint8Array): number =>
  Buffer.from(batch.buffer, batch.byteOffset, batch.length).readInt32BE(57);

/** The head of `bytes` before `body`, changed by `change`; length and checksum are right. */
function sealed(bytes: Buffer, body: Uint8Array, change: (made: Buffer) => void): Rewritten {
  const made = Buffer.concat([bytes.subarray(0, batchHeaderBytes), body]);
  made.writeInt32BE(made.length - 12, 8);
  change(made);
  made.writeUInt32BE(crc32c(made, attributesOffset), crcOffset);
  return { bytes: made, head: readRecordBatch(made, 0)! };
}
