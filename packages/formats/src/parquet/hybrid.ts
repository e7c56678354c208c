/* Small whole numbers, run-length encoded and bit-packed by turns (Parquet's "RLE / Bit-Packing Hybrid"): levels, places in a
 * dictionary, booleans. Runs that go on behind the last value asked for are cut, so a damaged length costs nothing. */

/** The first `count` numbers of `bits` bits in bytes [start, end). Throws an Error where there are fewer. */
export function readHybrid(
  data: Uint8Array,
  start: number,
  end: number,
  bits: number,
  count: number,
): Int32Array {
  const out = new Int32Array(count);
  if (bits > 32) throw new Error(`numbers of ${bits} bits`);
  if (bits === 0) return out;
  const bytes = (bits + 7) >> 3;
  let at = start;
  let found = 0;
  while (found < count) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= end || shift > 28) throw new Error('a run has no length');
      const byte = data[at++]!;
      header = (header | ((byte & 0x7f) << shift)) >>> 0;
      if (byte < 0x80) break;
    }
    if ((header & 1) === 0) {
      if (header === 0) throw new Error('a run of no values');
      if (at + bytes > end) throw new Error('a run without its value');
      let value = 0;
      for (let i = 0; i < bytes; i++) value |= data[at++]! << (i << 3);
      const to = Math.min(count, found + (header >>> 1));
      out.fill(value, found, to);
      found = to;
    } else {
      const groups = header >>> 1;
      if (groups === 0) throw new Error('a run of no values');
      const to = Math.min(count, found + groups * 8);
      if (at + Math.ceil(((to - found) * bits) / 8) > end) throw new Error('a run ends before its values do');
      unpack(data, at, bits, out, found, to);
      at += groups * bits;
      found = to;
    }
  }
  return out;
}
function unpack(
  data: Uint8Array,
  start: number,
  bits: number,
  out: Int32Array,
  from: number,
  to: number,
): void {
  let bit = 0;
  for (let i = from; i < to; i++) {
    let value = 0;
    for (let have = 0; have < bits; ) {
      const within = bit & 7;
      const take = Math.min(8 - within, bits - have);
      value |= ((data[start + (bit >> 3)]! >> within) & ((1 << take) - 1)) << have;
      have += take;
      bit += take;
    }
    out[i] = value;
  }
}
export const bitsOf = (greatest: number): number => 32 - Math.clz32(greatest);
