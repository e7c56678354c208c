/* hashCode of Java's classes, for HASH_CODE and %h. */

import type { Instant } from '#data';

const int = (value: bigint): number => Number(BigInt.asIntN(32, value));

/** java.lang.Long. */
export const javaLongHash = (value: bigint): number => {
  const bits = BigInt.asUintN(64, value);
  return int(bits ^ (bits >> 32n));
};
/** java.lang.Double. */
export function javaDoubleHash(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getInt32(0) ^ view.getInt32(4);
}
/** java.lang.Float. */
export function javaFloatHash(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getInt32(0);
}
/** java.lang.String, without its sign, as Flink takes it. */
export function textHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return Math.abs(hash) | 0;
}
/** java.math.BigDecimal. */
export function javaDecimalHash(value: bigint, scale: number): number {
  const magnitude = value < 0n ? -value : value;
  const words: bigint[] = [];
  for (let rest = magnitude; rest > 0n; rest >>= 32n) words.unshift(rest & 0xffffffffn);
  const hash = words.reduce((h, word) => (Math.imul(31, h) + Number(BigInt.asIntN(32, word))) | 0, 0);
  return (Math.imul(31, value < 0n ? -hash : hash) + scale) | 0;
}
/** org.apache.flink.table.data.TimestampData. */
export const timestampHash = ({ ms, ns }: Instant): number =>
  (Math.imul(31, javaLongHash(BigInt(ms))) + ns) | 0;
