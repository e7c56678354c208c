import { expect, test } from 'vitest';
import { Rng } from '#base';
import { byteKernels, crc32c, threadMemory } from '#wasm';
import { crc32c as plain } from '../src/plain/crc32c.ts';

const rng = new Rng(3);
const data = Uint8Array.from({ length: (2 << 20) + 100_000 }, () => rng.below(256));

test('short and long, from any place on: the same as byte by byte', () => {
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

test('in place: every length about where folding begins and ends, after anything, and nothing is written', () => {
  const memory = threadMemory();
  const region = memory.allocate(300_000)!;
  memory.bytes.set(data.subarray(0, 300_000), region.address);
  const kernels = byteKernels();
  const near = (length: number): number[] => Array.from({ length: 40 }, (_, i) => length - 20 + i);
  const odd = Array.from({ length: 60 }, () => rng.below(200_000));
  for (const length of [...near(20), ...near(674), ...near(930), ...near(5275), ...near(20 << 10), ...odd]) {
    const start = rng.below(100_000);
    const before = rng.below(3) === 0 ? rng.below(start + 1) : 0;
    const sum = kernels.crc32c(
      kernels.crc32c(0, region.address + start - before, before),
      region.address + start,
      length,
    );
    expect({ start, before, length, sum: sum >>> 0 }).toEqual({
      start,
      before,
      length,
      sum: plain(data, start - before, start + length),
    });
  }
  // Folding goes round in its place more than once.
  expect(kernels.crc32c(0, region.address, 300_000) >>> 0).toBe(plain(data, 0, 300_000));
  expect(
    Buffer.compare(
      memory.bytes.subarray(region.address, region.address + 300_000),
      data.subarray(0, 300_000),
    ),
  ).toBe(0);
  memory.free(region);
});
