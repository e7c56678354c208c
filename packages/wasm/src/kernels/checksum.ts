/* CRC-32C of bytes that lie anywhere: what is not in the thread's memory is copied there, piece by piece, and summed up by
 * the kernel, many times as fast as byte by byte; short ones are not worth the copy. */

import { threadMemory } from '../memory.ts';
import { crc32c as plainCrc32c } from '../plain/crc32c.ts';
import { byteKernels } from './byte-kernels.ts';
import { scratchFor } from './scratch.ts';

const copiedMin = 512;
/** A piece stays in the cache between its copy and its sum. */
const pieceBytes = 256 << 10;

/** The checksum of data[start, end) as an unsigned 32-bit number. */
export function crc32c(data: Uint8Array, start = 0, end = data.length): number {
  // Who has short ones only does without the thread's memory altogether.
  if (end - start < copiedMin) return plainCrc32c(data, start, end);
  const { memory, bytes } = threadMemory();
  if (data.buffer === memory.buffer)
    return byteKernels().crc32c(0, data.byteOffset + start, end - start) >>> 0;
  const scratch = scratchFor(Math.min(end - start, pieceBytes));
  if (scratch === undefined) return plainCrc32c(data, start, end);
  const { address } = scratch.source;
  let sum = 0;
  for (let at = start; at < end; at += pieceBytes) {
    const piece = data.subarray(at, Math.min(end, at + pieceBytes));
    bytes.set(piece, address);
    sum = byteKernels().crc32c(sum, address, piece.length);
  }
  return sum >>> 0;
}
