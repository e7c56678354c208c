/* Looking for a byte in bytes that lie anywhere: by the kernel where they lie in the thread's memory, else one by one. */

import { isThreadMemory } from '../memory.ts';
import { byteKernels } from './byte-kernels.ts';

/** Where data[at, end) has the byte behind `skip` others of its kind, or `end` where it has not. */
export function findByte(data: Uint8Array, at: number, end: number, byte: number, skip: number): number {
  if (isThreadMemory(data)) return byteKernels().findByte(at, end, byte, skip);
  let left = skip;
  for (let i = at; i < end; i++) if (data[i] === byte && left-- === 0) return i;
  return end;
}
