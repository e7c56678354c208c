/* Snappy, in plain TypeScript: raw blocks, and the framing of the xerial library, which Kafka's Java
 * clients write. After format_description.txt of the snappy repository. */

import { CorruptBytes } from './corrupt.ts';

const xerialMagic = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00] as const;
const xerialHeader = 16;

/** Decompresses raw or xerial-framed snappy. Throws CorruptBytes, also when the output would pass
 *  `bytesMax`. */
export function snappyDecompress(data: Uint8Array, bytesMax: number): Uint8Array {
  if (!xerialMagic.every((byte, i) => data[i] === byte)) return decompressRaw(data, bytesMax);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const parts: Uint8Array[] = [];
  let total = 0;
  for (let at = xerialHeader; at < data.length; ) {
    const length = at + 4 <= data.length ? view.getInt32(at) : -1;
    if (length < 0 || at + 4 + length > data.length)
      throw new CorruptBytes('snappy', 'a block runs past its frame');
    const part = decompressRaw(data.subarray(at + 4, at + 4 + length), bytesMax - total);
    parts.push(part);
    total += part.length;
    at += 4 + length;
  }
  return new Uint8Array(Buffer.concat(parts));
}

function decompressRaw(data: Uint8Array, bytesMax: number): Uint8Array {
  let at = 0;
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    if (at >= data.length || shift > 28) throw new CorruptBytes('snappy', 'no length');
    const byte = data[at++]!;
    size += (byte & 127) * 2 ** shift;
    if (byte < 128) break;
  }
  if (size > bytesMax) throw new CorruptBytes('snappy', `more than ${bytesMax} bytes`);
  const out = new Uint8Array(size);
  let to = 0;
  while (at < data.length) {
    const tag = data[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      let length = tag >> 2;
      if (length >= 60) {
        const bytes = length - 59;
        length = 0;
        for (let i = 0; i < bytes; i++) length += (data[at + i] ?? 0) * 2 ** (8 * i);
        at += bytes;
      }
      length++;
      if (at + length > data.length || to + length > size)
        throw new CorruptBytes('snappy', 'literals run past the end');
      out.set(data.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const bytes = kind === 1 ? 1 : kind === 2 ? 2 : 4;
    let distance = kind === 1 ? (tag >> 5) << 8 : 0;
    for (let i = 0; i < bytes; i++) distance += (data[at + i] ?? 0) * 2 ** (8 * i);
    at += bytes;
    if (at > data.length || distance === 0 || distance > to || to + length > size) {
      throw new CorruptBytes('snappy', 'a match out of range');
    }
    for (let i = 0; i < length; i++) out[to + i] = out[to - distance + i]!;
    to += length;
  }
  if (to !== size) throw new CorruptBytes('snappy', 'fewer bytes than its length says');
  return out;
}
