/* How much memory a value kept as a JavaScript object takes, about: what the memory budget counts for state that does
 * not lie in typed arrays. Figures of V8 on 64 bits, rounded up. */

import type { Value } from '#data';

const objectBytes = 32;
const slotBytes = 8;

/** Bytes of a value on the heap, its own parts included. */
export function heapBytes(value: Value): number {
  if (value === null || typeof value === 'boolean') return slotBytes;
  switch (typeof value) {
    case 'number':
      return 2 * slotBytes;
    case 'string':
      return objectBytes + 2 * value.length;
    case 'bigint':
      return objectBytes;
    default:
      return objectBytes + partBytes(value);
  }
}
function partBytes(value: Exclude<Value, null | boolean | number | string | bigint>): number {
  if (value instanceof Uint8Array) return 3 * objectBytes + value.length;
  if (Array.isArray(value)) return rowHeapBytes(value as readonly Value[]);
  if ('entries' in value && !Array.isArray(value)) {
    let bytes = 0;
    for (const [key, item] of (value as { entries: readonly (readonly [Value, Value])[] }).entries)
      bytes += objectBytes + heapBytes(key) + heapBytes(item);
    return bytes;
  }
  return 2 * slotBytes;
}
/** Bytes of a row kept as an array of values. */
export function rowHeapBytes(row: readonly Value[]): number {
  let bytes = objectBytes;
  for (const value of row) bytes += slotBytes + heapBytes(value);
  return bytes;
}
