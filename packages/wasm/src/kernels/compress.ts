/* Compression of bytes that lie anywhere: copied into the thread's memory and compressed there, by the kernels. */

import { threadMemory, type Region } from '../memory.ts';
import { lz4FrameBytesMax, lz4FrameCompress } from '../plain/lz4-compress.ts';
import { snappyBytesMax, snappyCompress } from '../plain/snappy-compress.ts';
import { byteKernels } from './byte-kernels.ts';

/** A record batch as brokers take it by default, and some. */
const sourceBytes = 2 << 20;
interface Scratch {
  readonly source: Region;
  readonly target: Region;
}
let mine: Scratch | undefined;

function scratch(): Scratch | undefined {
  if (mine !== undefined) return mine;
  const memory = threadMemory();
  const source = memory.allocate(sourceBytes);
  const target = memory.allocate(Math.max(lz4FrameBytesMax(sourceBytes), snappyBytesMax(sourceBytes)));
  if (source !== undefined && target !== undefined) mine = { source, target };
  else for (const region of [source, target]) if (region !== undefined) memory.free(region);
  return mine;
}

/** Bytes of their own: `data` as an LZ4 frame, or as a xerial snappy stream. */
export function compressFast(codec: 'lz4' | 'snappy', data: Uint8Array): Uint8Array {
  const place = data.length <= sourceBytes ? scratch() : undefined;
  if (place === undefined) return codec === 'lz4' ? lz4FrameCompress(data) : snappyCompress(data);
  const { bytes } = threadMemory();
  const { lz4Compress, snappyCompress: snappyKernel } = byteKernels();
  const compress = codec === 'lz4' ? lz4Compress : snappyKernel;
  bytes.set(data, place.source.address);
  const length = compress(place.source.address, data.length, place.target.address);
  return bytes.slice(place.target.address, place.target.address + length);
}
