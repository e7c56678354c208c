/* Compression of bytes that lie anywhere: copied into the thread's memory and compressed there, by the kernels. */

import { threadMemory } from '../memory.ts';
import { lz4FrameCompress } from '../plain/lz4-compress.ts';
import { snappyCompress } from '../plain/snappy-compress.ts';
import { byteKernels } from './byte-kernels.ts';
import { scratchFor } from './scratch.ts';

export type FastCodec = 'lz4' | 'snappy';

/** Compresses memory bytes to `to`: as an LZ4 frame, or as a xerial snappy stream. Returns how many it wrote. */
export function compressInMemory(codec: FastCodec, source: number, length: number, to: number): number {
  const { lz4Compress, snappyCompress: snappyKernel } = byteKernels();
  return codec === 'lz4' ? lz4Compress(source, length, to) : snappyKernel(source, length, to);
}

/** The same of any bytes, in bytes of their own. */
export function compressFast(codec: FastCodec, data: Uint8Array): Uint8Array {
  const scratch = scratchFor(data.length);
  if (scratch === undefined) return codec === 'lz4' ? lz4FrameCompress(data) : snappyCompress(data);
  const { bytes } = threadMemory();
  const { source, target } = scratch;
  bytes.set(data, source.address);
  const length = compressInMemory(codec, source.address, data.length, target.address);
  return bytes.slice(target.address, target.address + length);
}
