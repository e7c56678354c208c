/* The kernels agree with plain TypeScript on every byte, and refuse what it refuses. */

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  byteKernels,
  compressFast,
  crc32c,
  lz4FrameBytesMax,
  lz4FrameCompress,
  lz4FrameDecompress,
  snappyBytesMax,
  snappyCompress,
  snappyDecompress,
  threadMemory,
  type Region,
} from '#wasm';
import { compressible } from './compressible.ts';

const memory = threadMemory();
const kernels = byteKernels();
let source: Region;
let target: Region;
const room = 1 << 18;
beforeAll(() => {
  source = memory.allocate(1 << 20)!;
  target = memory.allocate(room)!;
});

const guard = 0x5a;
/** What a kernel writes for these bytes; undefined when it refuses. Nothing may be written behind target
 *  and slack. */
function run(
  kernel: (s: number, n: number, to: number, room: number) => number,
  data: Uint8Array,
  into = room,
): Buffer | undefined {
  memory.bytes.set(data, source.address);
  memory.bytes.fill(guard, target.address + into + 32, target.address + into + 64);
  const length = kernel(source.address, data.length, target.address, into);
  expect(
    memory.bytes.subarray(target.address + into + 32, target.address + into + 64).every((b) => b === guard),
  ).toBe(true);
  return length < 0 ? undefined : Buffer.from(memory.bytes.slice(target.address, target.address + length));
}
/** What plain code gives; undefined when it refuses. */
function plain(
  decompress: (data: Uint8Array, max: number) => Uint8Array,
  data: Uint8Array,
  max = room,
): Buffer | undefined {
  try {
    return Buffer.from(decompress(data, max));
  } catch {
    return undefined;
  }
}

test.each([
  ['lz4', lz4FrameCompress, lz4FrameBytesMax, kernels.lz4Compress],
  ['snappy', snappyCompress, snappyBytesMax, kernels.snappyCompress],
] as const)('%s is compressed to the same bytes', (codec, compress, bytesMax, kernel) => {
  const same = (data: Uint8Array): void => {
    const written = run((s, n, to) => kernel(s, n, to), data, bytesMax(data.length));
    expect(written!.equals(Buffer.from(compress(data)))).toBe(true);
    expect(Buffer.from(compressFast(codec, data)).equals(written!)).toBe(true);
  };
  fc.assert(fc.property(compressible, same));
  const noise = Uint8Array.from({ length: 150_000 }, (_, i) => Math.imul(i * i, 0x9e3779b1) >>> 24);
  const lines = Buffer.from(
    Array.from({ length: 6000 }, (_, i) => `{"id":${i},"name":"n${i % 50}"}`).join(''),
  );
  for (const data of [noise, lines, Buffer.alloc(200_000)])
    for (const length of [0, 1, 11, 12, 13, 65_535, 65_536, 65_537, 150_000]) same(data.subarray(0, length));
});

test('crc32c', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (data) => {
      memory.bytes.set(data, source.address);
      expect(kernels.crc32c(0, source.address, data.length) >>> 0).toBe(crc32c(data));
    }),
  );
  const long = Uint8Array.from({ length: 20_003 }, (_, i) => (i * 7919) >> 3);
  for (const length of [4095, 4096, 4097, 8192, 20_003]) {
    memory.bytes.set(long.subarray(0, length), source.address);
    expect(kernels.crc32c(0, source.address, length) >>> 0).toBe(crc32c(long, 0, length));
  }
});

const rawSnappy = (data: Uint8Array): Uint8Array => snappyCompress(data).subarray(20);
describe.each([
  ['lz4', lz4FrameCompress, lz4FrameDecompress, kernels.lz4Frame],
  ['snappy', rawSnappy, snappyDecompress, kernels.snappyBlock],
] as const)('%s', (_name, compress, decompress, kernel) => {
  test('gives the bytes back', () => {
    fc.assert(
      fc.property(compressible, (data) => {
        fc.pre(data.length > 0 && data.length < 30_000);
        expect(run(kernel, compress(data))?.equals(Buffer.from(data))).toBe(true);
      }),
    );
  });
  test('agrees with plain code on changed and cut bytes', () => {
    fc.assert(
      fc.property(
        compressible,
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        fc.nat(),
        (data, at, byte, cut) => {
          fc.pre(data.length > 0 && data.length < 30_000);
          const packed = Uint8Array.from(compress(data));
          packed[at % packed.length] = byte;
          const bytes = cut % 3 === 0 ? packed.subarray(0, cut % packed.length) : packed;
          const expected = plain(decompress, bytes);
          expect(run(kernel, bytes)).toEqual(expected);
        },
      ),
      { numRuns: 1000 },
    );
  });
  test('refuses output that does not fit', () => {
    const data = Buffer.alloc(1000, 'abcdefgh');
    expect(run(kernel, compress(data), 1000)?.length).toBe(1000);
    expect(run(kernel, compress(data), 999)).toBeUndefined();
  });
});
