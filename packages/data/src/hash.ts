/* Hashes of cells, the same for every representation of a value: narrow or wide, whatever the batch.
 * Mixing is murmur3's finalizer (Appleby, public domain) over 32-bit words. */

import type { Column } from './column.ts';
import { wideAt } from './column.ts';
import { viewOf } from './ranges.ts';

const mix = (h: number, word: number): number => {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let x = h ^ Math.imul(k, 0x1b873593);
  x = (x << 13) | (x >>> 19);
  return (Math.imul(x, 5) + 0xe6546b64) | 0;
};
/** Spreads every bit over all; what `hashCells` ends with. */
export function finishHash(h: number): number {
  let x = h ^ (h >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
}

const scratch = new Float64Array(1);
/** The words of `scratch`: the machines that Node runs on are little-endian. */
const words = new Int32Array(scratch.buffer);

function mixInteger(h: number, value: number): number {
  const high = Math.floor(value / 4294967296);
  return mix(mix(h, value | 0), high | 0);
}
function mixBigint(h: number, value: bigint): number {
  let x = mix(mix(h, Number(BigInt.asIntN(32, value))), Number(BigInt.asIntN(32, value >> 32n)));
  const rest = value >> 63n;
  if (rest !== 0n && rest !== -1n)
    x = mix(mix(x, Number(BigInt.asIntN(32, value >> 64n))), Number(BigInt.asIntN(32, value >> 96n)));
  return x;
}
/** NaN has many forms in bits, and is one value. */
function mixDouble(h: number, value: number): number {
  scratch[0] = Number.isNaN(value) ? Number.NaN : value;
  return mix(mix(h, words[0]!), words[1]!);
}

/** Mixes one cell into `h`. */
export function hashCell(h: number, column: Column, row: number): number {
  if (column.valid !== undefined && column.valid[row] === 0) return mix(h, 0x6e756c6c);
  switch (column.layout) {
    case 'i32':
      return mix(h, column.values[row]!);
    case 'f64':
      return mixDouble(h, column.values[row]!);
    case 'exact':
      return column.wide ? mixBigint(h, wideAt(column, row)) : mixInteger(h, column.values[row]!);
    case 'time': {
      const ms = mixInteger(h, column.millis[row]!);
      return column.nanos === undefined || column.nanos[row] === 0 ? ms : mix(ms, column.nanos[row]!);
    }
    case 'bytes': {
      const start = column.starts[row]!;
      return hashBytes(h, column.data, start, start + column.lengths[row]!);
    }
    case 'row':
      return column.fields.reduce((x, field) => hashCell(x, field, row), mix(h, 1));
    case 'list': {
      let x = mix(h, column.lengths[row]!);
      for (let i = 0, at = column.starts[row]!; i < column.lengths[row]!; i++)
        x = hashCell(x, column.element, at + i);
      return x;
    }
    case 'map': {
      // Order of entries carries no meaning: sum their hashes.
      let sum = 0;
      for (let i = 0, at = column.starts[row]!; i < column.lengths[row]!; i++) {
        sum = (sum + finishHash(hashCell(hashCell(0, column.keys, at + i), column.values, at + i))) | 0;
      }
      return mix(mix(h, column.lengths[row]!), sum);
    }
  }
}

export const hashBytes = (h: number, data: Uint8Array, start: number, end: number): number =>
  hashRange(h, viewOf(data), start, end);
function hashRange(h: number, data: DataView, start: number, end: number): number {
  let x = h;
  let i = start;
  for (; i + 4 <= end; i += 4) x = mix(x, data.getInt32(i, true));
  let tail = end - start;
  for (; i < end; i++) tail = (tail << 8) | data.getUint8(i);
  return mix(x, tail);
}

const seed = 0x2f6e2b1;

/** The hash of some cells of one row: an int32. */
export function hashCells(columns: readonly Column[], row: number): number {
  let h = seed;
  for (let i = 0; i < columns.length; i++) h = hashCell(h, columns[i]!, row);
  return finishHash(h);
}

/** `hashCells` of the rows from `from` to before `to`, one after the other into `hashes`. */
export function hashRows(columns: readonly Column[], from: number, to: number, hashes: Int32Array): void {
  const count = to - from;
  for (let i = 0; i < count; i++) hashes[i] = seed;
  for (const column of columns) mixColumn(column, from, count, hashes);
  for (let i = 0; i < count; i++) hashes[i] = finishHash(hashes[i]!);
}
function mixColumn(column: Column, from: number, count: number, hashes: Int32Array): void {
  if (column.valid === undefined) {
    switch (column.layout) {
      case 'i32':
        return mixI32s(column.values, from, count, hashes);
      case 'exact':
        if (!column.wide) return mixIntegers(column.values, from, count, hashes);
        break;
      case 'time':
        if (column.nanos === undefined) return mixIntegers(column.millis, from, count, hashes);
        break;
      case 'bytes':
        return mixSlices(column.data, column.starts, column.lengths, from, count, hashes);
      default:
    }
  }
  for (let i = 0; i < count; i++) hashes[i] = hashCell(hashes[i]!, column, from + i);
}
function mixI32s(values: Int32Array, from: number, count: number, hashes: Int32Array): void {
  for (let i = 0; i < count; i++) hashes[i] = mix(hashes[i]!, values[from + i]!);
}
function mixIntegers(values: Float64Array, from: number, count: number, hashes: Int32Array): void {
  for (let i = 0; i < count; i++) hashes[i] = mixInteger(hashes[i]!, values[from + i]!);
}
function mixSlices(
  data: Uint8Array,
  starts: Int32Array,
  lengths: Int32Array,
  from: number,
  count: number,
  hashes: Int32Array,
): void {
  const bytes = viewOf(data);
  for (let i = 0; i < count; i++) {
    const start = starts[from + i]!;
    hashes[i] = hashRange(hashes[i]!, bytes, start, start + lengths[from + i]!);
  }
}
