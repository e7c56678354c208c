/* Numbers as Avro and Protobuf both write them: in as few bytes as they take, seven bits each, the lowest first; and little-endian. Whole numbers
 * of any size as Java's BigInteger has them: two's complement, the highest byte first. */

import type { ByteWriter } from '#base';

/** The low 32 bits. */
export function writeVarint32(to: ByteWriter, value: number): void {
  const at = to.reserve(5);
  const { data } = to;
  let rest = value >>> 0;
  let next = at;
  while (rest >= 0x80) {
    data[next++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  data[next++] = rest;
  to.size += next - at;
}
/** The low 64 bits. */
export function writeVarint64(to: ByteWriter, value: bigint): void {
  if (value >= 0n && value <= 0xffff_ffffn) return writeVarint32(to, Number(value));
  const at = to.reserve(10);
  const { data } = to;
  let rest = BigInt.asUintN(64, value);
  let next = at;
  while (rest >= 0x80n) {
    data[next++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  data[next++] = Number(rest);
  to.size += next - at;
}
export function writeFloat(to: ByteWriter, value: number): void {
  const at = to.reserve(4);
  to.data.writeFloatLE(value, at);
  to.size += 4;
}
export function writeDouble(to: ByteWriter, value: number): void {
  const at = to.reserve(8);
  to.data.writeDoubleLE(value, at);
  to.size += 8;
}

/** None of nothing is 0. */
export function bigEndian(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`));
}
/** In as few bytes as it takes. */
export function bigEndianBytes(value: bigint): Uint8Array {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length++;
  const hex = BigInt.asUintN(length * 8, value).toString(16);
  return Buffer.from(hex.padStart(length * 2, '0'), 'hex');
}
