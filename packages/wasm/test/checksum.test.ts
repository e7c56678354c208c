import { expect, test } from 'vitest';
import { Rng } from '#base';
import { crc32c } from '#wasm';
import { crc32c as plain } from '../src/plain/crc32c.ts';

test('short and long, from any place on: the same as byte by byte', () => {
  const rng = new Rng(3);
  const data = Uint8Array.from({ length: (2 << 20) + 100_000 }, () => rng.below(256));
  for (const [start, end] of [
    [0, 0],
    [0, 9],
    [5, 516],
    [5, 517],
    [1, 4096],
    [3, 70_001],
    [7, 2 << 20],
    [0, (2 << 20) + 1],
    [11, data.length],
  ] as const)
    expect({ start, end, sum: crc32c(data, start, end) }).toEqual({
      start,
      end,
      sum: plain(data, start, end),
    });
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});
