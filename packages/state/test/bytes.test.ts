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
