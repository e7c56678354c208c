/* Batches of producers that say who they are. */

import { attributesOffset, BatchWriter, crcOffset } from '#records';
import { crc32c } from '#wasm';

/** Who a batch says that it is from. */
export interface BatchOrigin {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly sequence: number;
  readonly transactional?: boolean;
}

/** A batch of text values. */
export function batchOf(values: readonly string[], origin: BatchOrigin, now = Date.now()): Buffer {
  const writer = new BatchWriter();
  for (const value of values) writer.add(null, Buffer.from(value), [], now);
  const batch = Buffer.from(writer.finish('none'));
  if (origin.transactional === true) batch.writeInt16BE(0x10, attributesOffset);
  batch.writeBigInt64BE(BigInt(origin.producerId), 43);
  batch.writeInt16BE(origin.producerEpoch, 51);
  batch.writeInt32BE(origin.sequence, 53);
  batch.writeUInt32BE(crc32c(batch, attributesOffset), crcOffset);
  return batch;
}
