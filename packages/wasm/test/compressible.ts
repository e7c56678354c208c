/* Bytes with repeats near and far, as real data has them. */

import fc from 'fast-check';

const part = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.integer({ min: 1, max: 400 }).map((n) => new Uint8Array(n).fill(7)),
  fc
    .constantFrom('{"auction":1000,"bidder":', 'ab', 'abc', 'a longer piece of text')
    .map((s) => Buffer.from(s)),
);
export const compressible = fc
  .array(part, { maxLength: 60 })
  .map((parts) => new Uint8Array(Buffer.concat(parts)));
