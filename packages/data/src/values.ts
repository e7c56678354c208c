/* One value outside a column: what the interpreter, tests and the library's edges work on.
 *
 *   BOOLEAN boolean · TINYINT SMALLINT INT DATE(days) TIME(ms of day) INTERVAL_YEAR_MONTH(months) number
 *   FLOAT DOUBLE number · BIGINT bigint · DECIMAL bigint, unscaled by the type's scale · INTERVAL_DAY_TIME bigint (ms)
 *   TIMESTAMP TIMESTAMP_LTZ Instant · CHAR VARCHAR string · BINARY VARBINARY Uint8Array
 *   VARIANT Uint8Array (metadata, then value: see expr/values/variant) · BITMAP Uint8Array (expr/values/bitmap)
 *   ROW Value[] · ARRAY Value[] · MAP MapValue (entries in insertion order) · MULTISET MapValue to count · NULL null
 */

/** A point in time: epoch milliseconds (an integer) and nanoseconds within it (0 … 999999). Flink's own pair.
 *  For TIMESTAMP the milliseconds count as if the local date-time were in UTC. */
export interface Instant {
  readonly ms: number;
  readonly ns: number;
}

export interface MapValue {
  readonly entries: readonly (readonly [Value, Value])[];
}

export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Instant
  | MapValue
  | readonly Value[];

/** A row outside a batch. */
export type Row = readonly Value[];

export const instant = (ms: number, ns = 0): Instant => ({ ms, ns });

/** SQL's order and equality of two non-null values of one type, representation aside. NaN is greatest, as in Java. */
export function compareValues(a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') {
    if (a < b) return -1;
    if (a > b) return 1;
    if (a === b) return 0;
    return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1;
  }
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b);
  if (typeof a === 'object' && typeof b === 'object' && 'ms' in a && 'ms' in b)
    return a.ms - b.ms || a.ns - b.ns;
  if (typeof a === 'object' && typeof b === 'object' && 'entries' in a && 'entries' in b) {
    return compareLists(sortedEntries(a as MapValue), sortedEntries(b as MapValue));
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortedEntries(map: MapValue): Value[] {
  return [...map.entries].sort((x, y) => compareValues(x[0], y[0])).map(([k, v]) => [k, v]);
}

function compareLists(a: readonly Value[], b: readonly Value[]): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const c = compareValues(a[i]!, b[i]!);
    if (c !== 0) return c;
  }
  return a.length - b.length;
}

/** The order of UTF-8 bytes, which is the order of code points (not of UTF-16 units). */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const xs = x >= 0xd800 && x <= 0xdfff;
    const ys = y >= 0xd800 && y <= 0xdfff;
    return xs === ys ? x - y : xs ? 1 : -1;
  }
  return a.length - b.length;
}

export const compareBytes = (a: Uint8Array, b: Uint8Array): number =>
  compareRanges(a, 0, a.length, b, 0, b.length);
/** The same of bytes that lie within others. */
export function compareRanges(
  a: Uint8Array,
  aStart: number,
  aLength: number,
  b: Uint8Array,
  bStart: number,
  bLength: number,
): number {
  const n = Math.min(aLength, bLength);
  for (let i = 0; i < n; i++) {
    const difference = a[aStart + i]! - b[bStart + i]!;
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}
