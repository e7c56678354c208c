/* A batch made again from some of its records: offsets and times stay, the head keeps base and last offset. */

import { ByteWriter } from '#base';
import { crc32c } from '#wasm';
import { compress, writeBytes, writeVarint } from './batch-writer.ts';
import {
  attributesOffset,
  batchHeaderBytes,
  crcOffset,
  readRecordBatch,
  type RecordBatch,
} from './record-batch.ts';
import type { RecordIndex } from './record-index.ts';
import { recordEnd } from './record-index.ts';

/** The batch with only the records `keep` of `index` (by position, rising), in the codec that it had. */
export function rewriteBatch(
  bytes: Buffer,
  head: RecordBatch,
  index: RecordIndex,
  keep: readonly number[],
): { readonly bytes: Buffer; readonly head: RecordBatch } {
  const to = new ByteWriter();
  const record = new ByteWriter();
  const cell = (start: number, end: number): Uint8Array | null =>
    start < 0 ? null : index.data.subarray(start, end);
  for (const i of keep) {
    record.clear();
    record.byte(0);
    writeVarint(record, head.logAppendTime ? 0 : index.timestamps[i]! - head.baseTimestamp);
    writeVarint(record, index.offsets[i]! - head.baseOffset);
    writeBytes(record, cell(index.keyStarts[i]!, index.keyEnds[i]!));
    writeBytes(record, cell(index.valueStarts[i]!, index.valueEnds[i]!));
    record.bytes(index.data, index.headers[i]!, recordEnd(index, i));
    writeVarint(to, record.size);
    to.bytes(record.data, 0, record.size);
  }
  const body = compress(head.codec, to.data.subarray(0, to.size));
  const made = Buffer.concat([bytes.subarray(0, batchHeaderBytes), body]);
  made.writeInt32BE(made.length - 12, 8);
  made.writeInt32BE(keep.length, 57);
  made.writeUInt32BE(crc32c(made, attributesOffset), crcOffset);
  return { bytes: made, head: readRecordBatch(made, 0)! };
}
