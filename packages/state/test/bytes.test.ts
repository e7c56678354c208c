/* The bytes of snapshots: what is written is read back, and a reader that asks for more than there is fails. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BytesReader, BytesWriter, readValueBytes, writeValueBytes } from '#state';
import { keptTypes, textOf } from './arbitraries.ts';

test.each(keptTypes)('a value of $name reads back', ({ type, values }) => {
  fc.assert(
    fc.property(values, (value) => {
      const writer = new BytesWriter();
      writeValueBytes(writer, type, value);
      const reader = new BytesReader(writer.finish());
      expect(textOf(readValueBytes(reader, type))).toBe(textOf(value));
      expect(reader.done).toBe(true);
    }),
    { numRuns: 100 },
  );
});
test('a byte that makes the buffer grow is not lost', () => {
  for (let length = 240; length < 260; length++) {
    const writer = new BytesWriter();
    writer.bytes(new Uint8Array(length));
    writer.u8(7);
    const reader = new BytesReader(writer.finish());
    reader.bytes();
    expect(reader.u8()).toBe(7);
  }
});
test('a snapshot cut short is told, not read past', () => {
  const writer = new BytesWriter();
  writer.text('abcdef');
  const cut = new BytesReader(writer.finish().subarray(0, 6));
  expect(() => cut.text()).toThrow(/a snapshot holds what its reader asks for/);
});
test('in pieces of any size a snapshot is what it is in one, and one cut short fails', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.record({ kind: fc.constant('i32' as const), value: fc.integer() }),
          fc.record({ kind: fc.constant('f64' as const), value: fc.double({ noNaN: true }) }),
          fc.record({ kind: fc.constant('text' as const), value: fc.string() }),
          fc.record({ kind: fc.constant('bytes' as const), value: fc.uint8Array({ maxLength: 40 }) }),
        ),
        { maxLength: 20 },
      ),
      fc.array(fc.nat({ max: 20 }), { minLength: 1 }),
      (values, sizes) => {
        const writer = new BytesWriter();
        for (const { kind, value } of values) writer[kind](value as never);
        const all = writer.finish();
        const pieces: Uint8Array[] = [];
        for (let at = 0, n = 0; at < all.length; at += pieces.at(-1)!.length, n++)
          pieces.push(all.subarray(at, at + (n % 50 === 49 ? 1 : sizes[n % sizes.length]!)));
        const reader = new BytesReader(pieces);
        for (const { kind, value } of values) expect(reader[kind]()).toEqual(value);
        expect(reader.done).toBe(true);
        const cut = new BytesReader(pieces.slice(0, -1));
        const rest = pieces.at(-1)?.length ?? 0;
        if (rest > 0)
          expect(() => {
            for (const { kind } of values) cut[kind]();
          }).toThrow(/a snapshot holds what its reader asks for/);
      },
    ),
    { numRuns: 300 },
  );
});
