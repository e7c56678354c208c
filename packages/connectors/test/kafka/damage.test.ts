/* Batches that were damaged on their way, laid open where they lie: what is wrong is refused or read as plain code reads it,
 * and nothing is written but where it may be. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  attributesOffset,
  batchHeaderBytes,
  FetchSlots,
  BatchWriter,
  codecs,
  crcOffset,
  MemoryLayer,
  readRecordBatch,
} from '#records';
import { crc32c, threadMemory, type Region } from '#wasm';

const memory = threadMemory();
const canaryBytes = 4096;
const canaries: Region[] = [];
function canary(): void {
  const region = memory.allocate(canaryBytes)!;
  memory.bytes.fill(0xc7, region.address, region.address + canaryBytes);
  canaries.push(region);
}
/** All of them are as they were. */
const sound = (): boolean =>
  canaries.every(({ address }) =>
    Buffer.from(memory.memory.buffer, address, canaryBytes).equals(Buffer.alloc(canaryBytes, 0xc7)),
  );

const slotBytes = 100_000;
canary();
const layer = MemoryLayer.create()!;
canary();
const slots = new FetchSlots(slotBytes, 1);
slots.giveBack(slots.take(slotBytes)!);
canary();

const record = fc.record({
  key: fc.option(fc.uint8Array({ maxLength: 20 }), { nil: null }),
  // What compresses gives a decompressor more to copy.
  value: fc.option(
    fc
      .tuple(fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 40 }))
      .map(([part, times]) => Buffer.concat(Array.from({ length: times }, () => part))),
    { nil: null },
  ),
});
const damage = fc.array(fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) }), { maxLength: 6 });

for (const codec of codecs) {
  test(`damaged anywhere, with compression ${codec}`, () => {
    const seen = { laid: 0, unfit: 0, full: 0 };
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 30 }),
        damage,
        fc.nat({ max: 200 }),
        fc.boolean(),
        (records, bytes, before, head) => {
          const writer = new BatchWriter();
          for (const { key, value } of records) writer.add(key, value, [], 1000);
          const batch = Buffer.from(writer.finish(codec));
          // Of the head, the count and the base may lie as the records may; lengths are asked before a batch is laid open.
          const from = head ? 27 : batchHeaderBytes;
          for (const { at, byte } of bytes) batch[from + (at % (batch.length - from))] = byte;
          batch.writeUInt32BE(crc32c(batch, attributesOffset), crcOffset);
          const slot = slots.take(before + batch.length)!;
          slot.fill(0x5a, 0, before);
          slot.set(batch, before);
          layer.reset();
          seen[layer.lay(slot, readRecordBatch(slot, before)!)]++;
          expect(slot.subarray(before).equals(batch)).toBe(true);
          slots.giveBack(slot);
          return sound();
        },
      ),
      { numRuns: 400, seed: 11 },
    );
    expect(seen.laid).toBeGreaterThan(20);
    expect(seen.unfit).toBeGreaterThan(20);
  });
}

test('a slot filled to its last byte is read to its last byte', () => {
  const writer = new BatchWriter();
  writer.add(null, Buffer.alloc(slotBytes - batchHeaderBytes - 12, 7), [], 1000);
  const batch = Buffer.from(writer.finish('none'));
  const slot = slots.take(slotBytes)!;
  const start = slotBytes - batch.length;
  expect(start).toBeLessThan(10);
  slot.set(batch, start);
  expect(layer.lay(slot, readRecordBatch(slot, start)!)).toBe('laid');
  const { index } = layer;
  expect(index.valueEnds[0]! - index.valueStarts[0]!).toBe(slotBytes - batchHeaderBytes - 12);
  expect(index.data[index.valueEnds[0]! - 1]).toBe(7);
  expect(sound()).toBe(true);
});
