/* BITMAP bytes: what RoaringBitmap writes by way of a real Flink, sets by chance, and bytes that are none. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BitmapError,
  bitmapMembers,
  bitmapOf,
  bitmapOfIntegers,
  bitmapOperations,
  bitmapSize,
  bitmapText,
  combineBitmaps,
} from '#data';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

describe('the bytes that Flink 2.3.0 gives', () => {
  test.each<[readonly number[], string]>([
    [[], '3a30000000000000'],
    [[3, 1, -1], '3a3000000200000000000100ffff0000180000001c00000001000300ffff'],
    [range(1, 12), '3b3000000100000b00010001000b00'],
    [[1, 2, 3], '3a300000010000000000020010000000010002000300'],
    [
      [1, 70000, 140000, 210000],
      '3a3000000400000000000000010000000200000003000000280000002a0000002c0000002e00000001007011e0225034',
    ],
    [
      [1, 2, 3, 4, 5, 70000, 140000, 210000],
      '3b3003000100000400010000000200000003000000250000002b0000002d0000002f0000000100010004007011e0225034',
    ],
    [[1, 2, 3, 4, 5, 70000], '3b3001000100000400010000000100010004007011'],
  ])('%j', (values, expected) => {
    expect(hex(bitmapOfIntegers(values))).toBe(expected);
  });
});

/** Integers near each other and far apart: arrays, runs and bitsets. */
const part = fc.oneof(
  fc.array(fc.integer(), { maxLength: 20 }),
  fc.tuple(fc.integer(), fc.integer({ min: 1, max: 9000 })).map(([from, count]) => range(from, count)),
  fc
    .tuple(fc.integer(), fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 2, max: 9 }))
    .map(([from, count, step]) => range(0, count).map((i) => from + i * step)),
);
const integers = fc.array(part, { maxLength: 4 }).map((parts) => parts.flat());
const unsigned = (values: readonly number[]): number[] =>
  [...new Set(values.map((v) => v >>> 0))].sort((a, b) => a - b);

describe('any set', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(integers, (values) => {
        const bitmap = bitmapOfIntegers(values);
        const members = unsigned(values);
        expect([...bitmapMembers(bitmap)]).toEqual(members);
        expect(bitmapSize(bitmap)).toBe(members.length);
        expect(hex(bitmapOf(bitmapMembers(bitmap)))).toBe(hex(bitmap));
      }),
      { numRuns: 100 },
    );
  });
  test('is combined with another as sets are', () => {
    const keeps = {
      AND: (a: boolean, b: boolean) => a && b,
      OR: (a: boolean, b: boolean) => a || b,
      XOR: (a: boolean, b: boolean) => a !== b,
      ANDNOT: (a: boolean, b: boolean) => a && !b,
    };
    fc.assert(
      fc.property(integers, integers, (x, y) => {
        const [a, b] = [new Set(unsigned(x)), new Set(unsigned(y))];
        for (const name of Object.keys(keeps) as (keyof typeof keeps)[]) {
          const expected = unsigned([...x, ...y]).filter((v) => keeps[name](a.has(v), b.has(v)));
          const found = combineBitmaps(bitmapOfIntegers(x), bitmapOfIntegers(y), bitmapOperations[name]);
          expect(hex(found)).toBe(hex(bitmapOfIntegers(expected)));
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('bytes behind a bitmap are passed over', () => {
  expect(bitmapText(bytes('3a30000001000000000001001000000001000300ff'))).toBe('{1,3}');
});
test.each([
  ['nothing', ''],
  ['another cookie', '00000000'],
  ['an end too early', '3a300000010000000000010010000000010003'],
  ['members out of order', '3a30000001000000000001001000000003000100'],
  ['containers out of order', '3a30000002000000010000000000000018000000' + '1a00000001000100'],
  ['runs out of order', '3b3000000100000300020005000100020001 00'.replace(' ', '')],
  ['a container of another size', '3b3000000100000500010001000100'],
])('%s is no bitmap', (_, text) => {
  expect(() => bitmapMembers(bytes(text))).toThrow(BitmapError);
});
test('every cut of a bitmap is none', () => {
  const whole = bitmapOfIntegers([1, 2, 3, 4, 5, 70000, 140000, 210000]);
  for (let end = 0; end < whole.length; end++)
    expect(() => bitmapMembers(whole.subarray(0, end)), `${end} bytes`).toThrow(BitmapError);
});
