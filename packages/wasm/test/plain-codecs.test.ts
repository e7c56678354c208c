/* The codecs in plain TypeScript: what one writes the other reads, and broken bytes are refused, never
 * read past. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  crc32c,
  CorruptBytes,
  lz4FrameCompress,
  lz4FrameDecompress,
  snappyCompress,
  snappyDecompress,
} from '#wasm';
import { compressible } from './compressible.ts';

const codecs = {
  lz4: [lz4FrameCompress, lz4FrameDecompress],
  snappy: [snappyCompress, snappyDecompress],
} as const;

for (const [name, [compress, decompress]] of Object.entries(codecs)) {
  describe(name, () => {
    test('there and back', () => {
      fc.assert(
        fc.property(compressible, (data) => {
          expect(Buffer.from(decompress(compress(data), 1 << 20)).equals(Buffer.from(data))).toBe(true);
        }),
      );
      const large = Buffer.from(Array.from({ length: 30_000 }, (_, i) => `line ${i % 977} `).join(''));
      const packed = compress(large);
      expect(packed.length).toBeLessThan(large.length / 2);
      expect(Buffer.from(decompress(packed, 1 << 20)).equals(large)).toBe(true);
    });
    test('changed bytes give other bytes or an error, and never more than the bound', () => {
      fc.assert(
        fc.property(compressible, fc.nat(), fc.integer({ min: 0, max: 255 }), (data, at, byte) => {
          const packed = Uint8Array.from(compress(data));
          packed[at % packed.length] = byte;
          try {
            expect(decompress(packed, 1 << 16).length).toBeLessThanOrEqual(1 << 16);
          } catch (error) {
            expect(error).toBeInstanceOf(CorruptBytes);
          }
        }),
        { numRuns: 500 },
      );
    });
  });
}

test('CRC-32C of the RFC 3720 examples', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
});
