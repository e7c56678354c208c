/* CRC-32C of bytes that lie anywhere: long ones are copied into the thread's memory and summed by the kernel there, about
 * fifteen times as fast as byte by byte; short ones are not worth the copy. */

import { threadMemory } from '../memory.ts';
import { crc32c as plainCrc32c } from '../plain/crc32c.ts';
import { byteKernels } from './byte-kernels.ts';
import { scratchFor } from './scratch.ts';

const copiedMin = 512;

/** The checksum of data[start, end) as an unsigned 32-bit number. */
export function crc32c(data: Uint8Array, start = 0, end = data.length): number {
  const length = end - start;
  const scratch = length < copiedMin ? undefined : scratchFor(length);
  if (scratch === undefined) return plainCrc32c(data, start, end);
  threadMemory().bytes.set(data.subarray(start, end), scratch.source.address);
  return byteKernels().crc32c(scratch.source.address, length) >>> 0;
}
