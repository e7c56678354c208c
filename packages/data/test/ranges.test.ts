import { describe, expect, test } from 'vitest';
import { copyRange, equalRanges, hashBytes, viewOf } from '../src/index.ts';

/** Bytes that lie `offset` behind the start of their memory. */
function bytes(size: number, offset: number, from = 0): Uint8Array {
  return new Uint8Array(new ArrayBuffer(size + offset), offset).map((_, i) => (from + i * 7) & 255);
}
const lengths = [...Array(40).keys(), 255, 256, 257, 1000];

describe.each([0, 1, 3, 8])('in arrays that begin %i bytes into their memory', (offset) => {
  test('a copy changes the bytes that it names alone', () => {
    for (const length of lengths)
      for (const start of [0, 1, 5]) {
        const from = bytes(1100, offset);
        const to = new Uint8Array(1100).fill(99);
        copyRange(viewOf(to), 3, viewOf(from), start, length);
        const wanted = new Uint8Array(1100).fill(99);
        wanted.set(from.subarray(start, start + length), 3);
        expect(to).toEqual(wanted);
      }
  });
  test('ranges are equal when each byte is', () => {
    for (const length of lengths) {
      const a = bytes(1100, offset);
      const b = bytes(1100, 0, 256 - 14);
      expect(equalRanges(viewOf(a), 0, viewOf(b), 2, length)).toBe(true);
      for (let at = 0; at < length; at++) {
        b[2 + at]! ^= 128;
        expect(equalRanges(viewOf(a), 0, viewOf(b), 2, length)).toBe(false);
        b[2 + at]! ^= 128;
      }
    }
  });
  test('a hash is of the bytes, wherever they lie', () => {
    for (const length of lengths)
      expect(hashBytes(5, bytes(1100, offset), 2, 2 + length)).toBe(
        hashBytes(5, bytes(1100, 0, 14), 0, length),
      );
  });
});
