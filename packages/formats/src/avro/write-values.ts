/* Single values in the binary encoding of Avro. */

import type { ByteWriter } from '#base';
import { writeVarint32, writeVarint64 } from '../binary-numbers.ts';

export { writeDouble, writeFloat } from '../binary-numbers.ts';

/** A zigzag number of 32 bits. */
export const writeInt = (to: ByteWriter, value: number): void => {
  writeVarint32(to, (value << 1) ^ (value >> 31));
};
/** A zigzag number of 64 bits; as a double, one that is exact. */
export function writeLong(to: ByteWriter, value: number | bigint): void {
  if (typeof value === 'number' && value >= -0x80000000 && value <= 0x7fffffff) return writeInt(to, value);
  const wide = BigInt(value);
  writeVarint64(to, (wide << 1n) ^ (wide >> 63n));
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
