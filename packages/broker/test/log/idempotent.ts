/* Batches of an idempotent producer, for tests. */

import { attributesOffset, crcOffset } from '#records';
import { crc32c } from '#wasm';

/** The batch as one of this producer, with its first sequence. */
export function idempotent(batch: Buffer, producerId: number, epoch: number, sequence: number): Buffer {
  const made = Buffer.from(batch);
  made.writeBigInt64BE(BigInt(producerId), 43);
  made.writeInt16BE(epoch, 51);
  made.writeInt32BE(sequence, 53);
  made.writeUInt32BE(crc32c(made, attributesOffset), crcOffset);
  return made;
}
