/* LZ4, in plain TypeScript: what the WebAssembly kernel computes, for bytes that do not fit its memory and
 * as what it is compared with. After the LZ4 block format and frame format descriptions (lz4 repository,
 * doc/). */

import { CorruptBytes } from './corrupt.ts';

const frameMagic = 0x184d2204;

/** Decompresses one block into `out` from `outStart` on; matches may reach back to `floor`. Returns the
 *  output's end. */
function decompressBlock(
  data: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  outStart: number,
  floor: number,
): number {
  let at = start;
  let to = outStart;
  const longLength = (base: number): number => {
    let length = base;
    let more = 255;
    while (more === 255) {
      if (at >= end) throw new CorruptBytes('lz4', 'a length runs past the block');
      more = data[at++]!;
      length += more;
    }
    return length;
  };
  while (at < end) {
    const token = data[at++]!;
    const literals = token >> 4 === 15 ? longLength(15) : token >> 4;
    if (at + literals > end || to + literals > out.length)
      throw new CorruptBytes('lz4', 'literals run past the block');
    out.set(data.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at >= end) break;
    if (at + 2 > end) throw new CorruptBytes('lz4', 'a match without its distance');
    const distance = data[at]! | (data[at + 1]! << 8);
    at += 2;
    const length = ((token & 15) === 15 ? longLength(15) : token & 15) + 4;
    if (distance === 0 || to - distance < floor) throw new CorruptBytes('lz4', 'a match before the start');
    if (to + length > out.length) throw new CorruptBytes('lz4', 'a match runs past the output');
    for (let i = 0; i < length; i++) out[to + i] = out[to - distance + i]!;
    to += length;
  }
  return to;
}

/** Decompresses a frame. Throws CorruptBytes, also when the output would pass `bytesMax`. */
export function lz4FrameDecompress(data: Uint8Array, bytesMax: number): Uint8Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 7 || view.getUint32(0, true) !== frameMagic) throw new CorruptBytes('lz4', 'no frame');
  const flags = data[4]!;
  // Sizes below 64 KB have no code.
  const blockSizeCode = (data[5]! >> 4) & 7;
  if (blockSizeCode < 4) throw new CorruptBytes('lz4', `no block size has the code ${blockSizeCode}`);
  const blockBytesMax = 1 << (8 + 2 * blockSizeCode);
  let at = 7 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0);
  let out = new Uint8Array(Math.min(bytesMax, Math.max(1024, data.length * 4)));
  let used = 0;
  for (;;) {
    if (at + 4 > data.length) throw new CorruptBytes('lz4', 'the frame ends before its end mark');
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) return out.subarray(0, used);
    const length = size & 0x7fffffff;
    if (at + length > data.length) throw new CorruptBytes('lz4', 'a block runs past the frame');
    const stored = size >>> 31 === 1;
    out = roomFor(out, used, stored ? length : blockBytesMax, bytesMax);
    if (stored) {
      out.set(data.subarray(at, at + length), used);
      used += length;
    } else used = decompressBlock(data, at, at + length, out, used, 0);
    at += length + (flags & 16 ? 4 : 0);
  }
}

function roomFor(
  out: Uint8Array<ArrayBuffer>,
  used: number,
  more: number,
  bytesMax: number,
): Uint8Array<ArrayBuffer> {
  if (used + more <= out.length) return out;
  if (used >= bytesMax) throw new CorruptBytes('lz4', `more than ${bytesMax} bytes`);
  const bigger = new Uint8Array(Math.min(bytesMax, Math.max(used + more, out.length * 2)));
  bigger.set(out.subarray(0, used));
  return bigger;
}
