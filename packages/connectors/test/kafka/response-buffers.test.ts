/* Responses come out whole and in order, however the socket cuts them. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ResponseBuffers } from '../../src/kafka/client/response-buffers.ts';

test('any sizes, any cuts, with one body for all', () => {
  const size = fc.oneof(
    fc.integer({ min: 4, max: 50 }),
    fc.integer({ min: 30_000, max: 70_000 }),
    fc.integer({ min: 100_000, max: 3_000_000 }),
  );
  fc.assert(
    fc.property(
      fc.array(size, { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 5 }),
      (sizes, cuts) => {
        const seen: number[] = [];
        const kept = Buffer.alloc(3_000_000);
        const buffers = new ResponseBuffers(1 << 24, {
          body: (bytes) => kept.subarray(0, bytes),
          deliver: (response) => {
            const i = seen.length;
            expect(response.equals(Buffer.alloc(response.length, i + 1))).toBe(true);
            seen.push(response.length);
          },
        });
        const stream = Buffer.concat(
          sizes.flatMap((n, i) => {
            const head = Buffer.alloc(4);
            head.writeInt32BE(n);
            return [head, Buffer.alloc(n, i + 1)];
          }),
        );
        for (let at = 0, cut = 0; at < stream.length; cut++) {
          const target = buffers.next();
          expect(target.length).toBeGreaterThan(0);
          const count = Math.min(target.length, cuts[cut % cuts.length]!, stream.length - at);
          target.set(stream.subarray(at, at + count));
          buffers.received(count);
          at += count;
        }
        expect(seen).toEqual(sizes);
      },
    ),
    { numRuns: 60 },
  );
});
