/* LZ4 frames, written: one block after the other, each on its own. */

import { findMatches } from './match-finder.ts';

export const lz4BlockBytes = 1 << 16;
/** The block format: the last match starts 12 bytes and ends 5 bytes before the end at least. */
export const lz4Bounds = { headroom: 12, tail: 5 };

/** xxHash32 of fewer than 16 bytes with seed 0, for the frame's header checksum. */
function shortXxHash32(data: Uint8Array, start: number, end: number): number {
  let h = (374761393 + (end - start)) >>> 0;
  let at = start;
  const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
  for (; at + 4 <= end; at += 4) {
    const word = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
    h = Math.imul(rotate((h + Math.imul(word, 3266489917)) | 0, 17), 668265263);
  }
  for (; at < end; at++) h = Math.imul(rotate((h + Math.imul(data[at]!, 374761393)) | 0, 11), 2654435761);
  h ^= h >>> 15;
  h = Math.imul(h, 2246822519);
  h ^= h >>> 13;
  h = Math.imul(h, 3266489917);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Writes one block into `out` at `at`, which has room for it even when nothing repeats; returns its end. */
function compressBlock(data: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let to = at;
  const extra = (length: number): void => {
    let left = length;
    for (; left >= 255; left -= 255) out[to++] = 255;
    out[to++] = left;
  };
  findMatches(data, start, end, lz4Bounds.headroom, lz4Bounds.tail, {
    sequence: (from, until, distance, length) => {
      const literals = until - from;
      const token = to++;
      const more = length - 4;
      out[token] = (Math.min(15, literals) << 4) | (length === 0 ? 0 : Math.min(15, more));
      if (literals >= 15) extra(literals - 15);
      out.set(data.subarray(from, until), to);
      to += literals;
      if (length === 0) return;
      out[to++] = distance & 255;
      out[to++] = distance >> 8;
      if (more >= 15) extra(more - 15);
    },
  });
  return to;
}

/** What every frame begins with: version 1, blocks of 64 KiB on their own, no checksums of blocks, no size. */
export const lz4FrameHead: Uint8Array = (() => {
  const head = Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0);
  head[6] = (shortXxHash32(head, 4, 6) >>> 8) & 255;
  return head;
})();
/** The most bytes that a frame takes. */
export const lz4FrameBytesMax = (length: number): number => length + Math.ceil(length / 200) + 64;

/** A frame that holds data[start, end). */
export function lz4FrameCompress(data: Uint8Array, start = 0, end = data.length): Uint8Array {
  const out = new Uint8Array(lz4FrameBytesMax(end - start));
  const view = new DataView(out.buffer);
  out.set(lz4FrameHead);
  let to = lz4FrameHead.length;
  for (let at = start; at < end; at += lz4BlockBytes) {
    const until = Math.min(end, at + lz4BlockBytes);
    const blockEnd = compressBlock(data, at, until, out, to + 4);
    if (blockEnd - to - 4 < until - at) {
      view.setUint32(to, blockEnd - to - 4, true);
      to = blockEnd;
    } else {
      view.setUint32(to, (0x80000000 | (until - at)) >>> 0, true);
      out.set(data.subarray(at, until), to + 4);
      to += 4 + until - at;
    }
  }
  view.setUint32(to, 0, true);
  return out.subarray(0, to + 4);
}
