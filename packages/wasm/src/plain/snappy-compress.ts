/* Snappy, written in the framing of the xerial library, which every Kafka client reads. */

import { findMatches } from './match-finder.ts';

export const snappyBlockBytes = 1 << 15;
export const snappyBounds = { headroom: 4, tail: 0 };
/** The head of the framing: its name and two versions. */
export const xerialHead = Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1);
/** The most bytes that a stream takes. */
export const snappyBytesMax = (length: number): number => 16 + Math.ceil(length * 1.2) + 64;

function compressBlock(data: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  return compressElements(data, start, end, out, writeSize(end - start, out, at));
}
function writeSize(size: number, out: Uint8Array, at: number): number {
  let to = at;
  for (let rest = size; ; rest >>>= 7) {
    out[to++] = rest < 128 ? rest : (rest & 127) | 128;
    if (rest < 128) return to;
  }
}
function compressElements(data: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let to = at;
  findMatches(data, start, end, snappyBounds.headroom, snappyBounds.tail, {
    sequence: (from, until, distance, length) => {
      const literals = until - from;
      if (literals > 0) {
        if (literals <= 60) out[to++] = (literals - 1) << 2;
        else {
          out[to++] = 61 << 2; // two bytes of length follow
          out[to++] = (literals - 1) & 255;
          out[to++] = (literals - 1) >> 8;
        }
        out.set(data.subarray(from, until), to);
        to += literals;
      }
      for (let left = length; left > 0; ) {
        const part = Math.min(64, left);
        out[to++] = ((part - 1) << 2) | 2;
        out[to++] = distance & 255;
        out[to++] = distance >> 8;
        left -= part;
      }
    },
  });
  return to;
}

/** All of the data as one raw block, without a framing. */
export function snappyCompressRaw(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(snappyBytesMax(data.length));
  let to = writeSize(data.length, out, 0);
  for (let at = 0; at < data.length; at += snappyBlockBytes)
    to = compressElements(data, at, Math.min(data.length, at + snappyBlockBytes), out, to);
  return out.subarray(0, to);
}

/** data[start, end) as a xerial snappy stream. */
export function snappyCompress(data: Uint8Array, start = 0, end = data.length): Uint8Array {
  const out = new Uint8Array(snappyBytesMax(end - start));
  const view = new DataView(out.buffer);
  out.set(xerialHead);
  let to = xerialHead.length;
  for (let at = start; at < end; at += snappyBlockBytes) {
    const blockEnd = compressBlock(data, at, Math.min(end, at + snappyBlockBytes), out, to + 4);
    view.setInt32(to, blockEnd - to - 4);
    to = blockEnd;
  }
  return out.subarray(0, to);
}
