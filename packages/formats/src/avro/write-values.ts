/* Single values in the binary encoding of Avro. */

import type { ByteWriter } from '#base';

/** A zigzag number of 32 bits. */
export function writeInt(to: ByteWriter, value: number): void {
  const at = to.reserve(5);
  const { data } = to;
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let next = at;
  while (rest >= 0x80) {
    data[next++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  data[next++] = rest;
  to.size += next - at;
}

/** A zigzag number of 64 bits; as a double, one that is exact. */
export function writeLong(to: ByteWriter, value: number | bigint): void {
  if (typeof value === 'number' && value >= -0x80000000 && value <= 0x7fffffff) return writeInt(to, value);
  const at = to.reserve(10);
  const { data } = to;
  const wide = BigInt(value);
  let rest = BigInt.asUintN(64, (wide << 1n) ^ (wide >> 63n));
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
export function writeBytes(to: ByteWriter, data: Uint8Array, start: number, length: number): void {
  writeLong(to, length);
  to.bytes(data, start, start + length);
}

/** Two's complement in as few bytes as it takes, the highest first; `size`: in so many, undefined where they are too few. */
export function decimalBytes(value: bigint, size?: number): Uint8Array | undefined {
  let length = 1;
  while (value < -(1n << BigInt(length * 8 - 1)) || value >= 1n << BigInt(length * 8 - 1)) length++;
  if (size !== undefined && length > size) return undefined;
  const all = size ?? length;
  const hex = BigInt.asUintN(all * 8, value)
    .toString(16)
    .padStart(all * 2, '0');
  return Buffer.from(hex, 'hex');
}
