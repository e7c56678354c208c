/* What generated code calls by name. Small, monomorphic, on raw bytes where it can be. */

import { readValue, wideAt, type Column, type ExactColumn, type LogicalType, type Value } from '#data';
import { findByte } from '#wasm';
import { decodeUtf8 } from '../values/format-value.ts';

export { addMonthsToDays, addMonthsToMs, floorDiv, floorMod } from '../values/civil.ts';
export { beginText, lowerText, textBytes, textLength, upperText } from './made-text.ts';
export { extractLength, extractStart } from './byte-search.ts';
export { lastStart, partLength, partStart } from './text-parts.ts';
export { divisionByZero } from '../values/data-errors.ts';
export { ceilToUnit, extract, floorToUnit } from '../values/time-units.ts';

const asciiMax = 24;

/** A UTF-8 slice as text. */
export function textAt(data: Uint8Array, start: number, length: number): string {
  if (length === 0) return '';
  if (length <= asciiMax) {
    let text = '';
    let i = start;
    for (const end = start + length; i < end; i++) {
      const byte = data[i]!;
      if (byte > 127) break;
      text += String.fromCharCode(byte);
    }
    if (i === start + length) return text;
  }
  return decodeUtf8(data.subarray(start, start + length));
}

export function bytesAt(data: Uint8Array, start: number, length: number): Uint8Array {
  return new Uint8Array(data.subarray(start, start + length));
}

/** An exact value as bigint, whatever the column's representation. */
export function exactAt(column: ExactColumn, row: number): bigint {
  return column.wide ? wideAt(column, row) : BigInt(column.values[row]!);
}

/** BigInt of a narrow value that may be meaningless, because it is null. */
export const bigintOf = (value: number): bigint => (Number.isInteger(value) ? BigInt(value) : 0n);

export function valueAt(column: Column, type: LogicalType, row: number): Value {
  return readValue(column, type, row);
}

/** Whether a slice has exactly these bytes. */
export function sameBytes(
  data: Uint8Array,
  start: number,
  length: number,
  other: Uint8Array,
  otherStart: number,
  otherLength: number,
): boolean {
  if (length !== otherLength) return false;
  for (let i = 0; i < length; i++) if (data[start + i] !== other[otherStart + i]) return false;
  return true;
}

/** Where the piece `index` between separators of one byte begins, or -1 when there is none. */
export function pieceStart(
  data: Uint8Array,
  start: number,
  length: number,
  separator: number,
  index: number,
): number {
  if (length === 0 || index < 0) return -1;
  if (index === 0) return start;
  const end = start + length;
  const before = findByte(data, start, end, separator, index - 1);
  return before === end ? -1 : before + 1;
}

/** How long the piece is that begins at `at`. */
export function pieceLength(data: Uint8Array, at: number, end: number, separator: number): number {
  return findByte(data, at, end, separator, 0) - at;
}

/** Order of two slices as unsigned bytes: the order of their code points. */
export function orderBytes(
  data: Uint8Array,
  start: number,
  length: number,
  other: Uint8Array,
  otherStart: number,
  otherLength: number,
): number {
  const n = length < otherLength ? length : otherLength;
  for (let i = 0; i < n; i++) {
    const difference = data[start + i]! - other[otherStart + i]!;
    if (difference !== 0) return difference;
  }
  return length - otherLength;
}

/** Whether a slice contains these bytes: LIKE '%abc%'. */
export function containsBytes(data: Uint8Array, start: number, length: number, part: Uint8Array): boolean {
  const last = start + length - part.length;
  outer: for (let at = start; at <= last; at++) {
    for (let i = 0; i < part.length; i++) if (data[at + i] !== part[i]) continue outer;
    return true;
  }
  return false;
}

let onesBytes = new Uint8Array(8192).fill(1);
let zeroNanos = new Int32Array(8192);

/** Validity of a column without nulls. Shared: never written. */
export function validOf(column: Column, rows: number): Uint8Array {
  if (column.valid !== undefined) return column.valid;
  if (onesBytes.length < rows) onesBytes = new Uint8Array(rows * 2).fill(1);
  return onesBytes;
}

/** Nanoseconds of a timestamp column. Shared where all are 0: never written. */
export function nanosOf(column: Column, rows: number): Int32Array {
  if (column.layout === 'time' && column.nanos !== undefined) return column.nanos;
  if (zeroNanos.length < rows) zeroNanos = new Int32Array(rows * 2);
  return zeroNanos;
}

/** Characters of a UTF-8 slice: bytes that do not continue one. */
export function charsAt(data: Uint8Array, start: number, length: number): number {
  const end = start + length;
  let i = start;
  // Eight bytes of ASCII at a time: most text is nothing else.
  for (; i + 8 <= end; i += 8) {
    const low = data[i]! | data[i + 1]! | data[i + 2]! | data[i + 3]!;
    if (((low | data[i + 4]! | data[i + 5]! | data[i + 6]! | data[i + 7]!) & 0x80) !== 0) break;
  }
  let count = i - start;
  for (; i < end; i++) if ((data[i]! & 0xc0) !== 0x80) count++;
  return count;
}
