/* Single values in the wire format of Protobuf. */

import type { ByteWriter } from '#base';
import type { TimeColumn } from '#data';
import { writeVarint32 as varint32, writeVarint64 as varint64 } from '../binary-numbers.ts';

export { writeDouble as double, writeFloat as float, writeVarint32 as varint32 } from '../binary-numbers.ts';

function fixed32(to: ByteWriter, value: bigint): void {
  const at = to.reserve(4);
  to.data.writeUInt32LE(Number(BigInt.asUintN(32, value)), at);
  to.size += 4;
}
function fixed64(to: ByteWriter, value: bigint): void {
  const at = to.reserve(8);
  to.data.writeBigUInt64LE(BigInt.asUintN(64, value), at);
  to.size += 8;
}
/** Behind their length. */
export function bytes(to: ByteWriter, data: Uint8Array, start: number, end: number): void {
  varint32(to, end - start);
  to.bytes(data, start, end);
}

/** By the name of the type. A negative int32 takes ten bytes, as everywhere. */
export const integers = {
  int32: (to: ByteWriter, value: bigint): void => varint64(to, BigInt.asIntN(32, value)),
  int64: varint64,
  uint32: (to: ByteWriter, value: bigint): void => varint64(to, BigInt.asUintN(32, value)),
  uint64: varint64,
  sint32: (to: ByteWriter, value: bigint): void =>
    varint64(to, BigInt.asUintN(32, (value << 1n) ^ (value >> 31n))),
  sint64: (to: ByteWriter, value: bigint): void =>
    varint64(to, BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))),
  fixed32,
  fixed64,
  sfixed32: fixed32,
  sfixed64: fixed64,
} as const;

/** google.protobuf.Timestamp. */
export function timestamp(to: ByteWriter, { millis, nanos }: TimeColumn, row: number): void {
  const ms = millis[row]!;
  const seconds = Math.floor(ms / 1000);
  const rest = (ms - seconds * 1000) * 1_000_000 + (nanos?.[row] ?? 0);
  if (seconds !== 0) {
    to.byte(8);
    varint64(to, BigInt(seconds));
  }
  if (rest !== 0) {
    to.byte(16);
    varint32(to, rest);
  }
}
