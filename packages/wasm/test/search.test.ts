/* The kernel that finds a byte against going through the bytes, wherever they begin and end. */

import { expect, test } from 'vitest';
import { Rng } from '#base';
import { findByte, threadMemory } from '#wasm';

test('in the thread memory and outside of it, the same', () => {
  const rng = new Rng(5);
  const memory = threadMemory();
  const region = memory.allocate(4096)!;
  const plain = new Uint8Array(4096);
  for (let round = 0; round < 20_000; round++) {
    const length = rng.below(100);
    const start = rng.below(64);
    for (let i = 0; i < length + 40; i++) plain[start + i] = rng.below(6);
    memory.bytes.set(plain.subarray(0, 300), region.address);
    const skip = rng.below(5);
    const byte = rng.below(6);
    const expected = findByte(plain, start, start + length, byte, skip);
    const from = region.address + start;
    expect(findByte(memory.bytes, from, from + length, byte, skip) - region.address).toBe(expected);
    const places = [...plain.subarray(start, start + length)].flatMap((b, i) =>
      b === byte ? [start + i] : [],
    );
    expect(expected).toBe(places[skip] ?? start + length);
  }
  memory.free(region);
});
