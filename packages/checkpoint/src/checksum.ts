/* CRC-32 of much, a step at a time. */

import { crc32 } from 'node:zlib';

/** Bytes summed up before others have their turn: some milliseconds. */
export const sumStep = 4 << 20;

/** Of these bytes, one behind the other. */
export async function sumOf(pieces: Iterable<Uint8Array>, breathe: () => Promise<void>): Promise<number> {
  let sum = 0;
  for (const bytes of pieces)
    for (let at = 0; at < bytes.length; at += sumStep) {
      sum = crc32(bytes.subarray(at, at + sumStep), sum);
      if (at + sumStep < bytes.length) await breathe();
    }
  return sum;
}
