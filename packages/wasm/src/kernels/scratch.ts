/* A place of the thread's memory for bytes that lie elsewhere and are worked on for a moment: nothing in it outlives the
 * call that put it there. */

import { threadMemory, type Region } from '../memory.ts';
import { lz4FrameBytesMax } from '../plain/lz4-compress.ts';
import { snappyBytesMax } from '../plain/snappy-compress.ts';

/** A record batch as brokers take it by default, and some. */
const sourceBytes = 2 << 20;
/** In front of what is compressed into the target. */
const headBytes = 64;

export interface Scratch {
  readonly source: Region;
  /** Takes what the source becomes in any codec, behind a head of 64 bytes. */
  readonly target: Region;
}
let mine: Scratch | undefined;

/** Undefined when `length` bytes do not fit, or the memory has no room. */
export function scratchFor(length: number): Scratch | undefined {
  if (length > sourceBytes) return undefined;
  if (mine !== undefined) return mine;
  const memory = threadMemory();
  const source = memory.allocate(sourceBytes);
  const most = Math.max(lz4FrameBytesMax(sourceBytes), snappyBytesMax(sourceBytes));
  const target = memory.allocate(headBytes + most);
  if (source !== undefined && target !== undefined) mine = { source, target };
  else for (const region of [source, target]) if (region !== undefined) memory.free(region);
  return mine;
}
