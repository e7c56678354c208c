/* How much memory a value outside of state takes, about: what the memory budget counts for rows on their way that do not
 * lie in typed arrays. Figures of V8 on 64 bits, rounded up. */

import type { Value } from '#data';

const objectBytes = 32;
const slotBytes = 8;

/** Bytes of a value on the heap, its own parts included. A row is an array of values. */
export function valueBytes(value: Value): number {
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
  if (Array.isArray(value)) {
    let bytes = 0;
    for (const item of value as readonly Value[]) bytes += slotBytes + valueBytes(item);
    return bytes;
  }
  if (!('entries' in value)) return 2 * slotBytes;
  let bytes = 0;
  for (const [key, item] of (value as { entries: readonly (readonly [Value, Value])[] }).entries)
    bytes += objectBytes + valueBytes(key) + valueBytes(item);
  return bytes;
}
