/* CRC-64 of ECMA-182, its bits the other way round, as xz has it. Two halves of 32 bits: BigInt costs a hundred times as much. */

const low = new Uint32Array(256);
const high = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let [l, h] = [byte, 0];
  for (let bit = 0; bit < 8; bit++) {
    const odd = l & 1;
    l = (l >>> 1) | ((h & 1) << 31);
    h >>>= 1;
    if (odd === 1) {
      l ^= 0xd7870f42;
      h ^= 0xc96c5795;
    }
  }
  low[byte] = l;
  high[byte] = h;
}

export function crc64(data: Uint8Array): bigint {
  let [l, h] = [-1, -1];
  for (const byte of data) {
    const i = (l ^ byte) & 0xff;
    l = ((l >>> 8) | (h << 24)) ^ low[i]!;
    h = (h >>> 8) ^ high[i]!;
  }
  return (BigInt(~h >>> 0) << 32n) | BigInt(~l >>> 0);
}
