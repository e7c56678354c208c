/* Records written by the kernel are those that BatchWriter.add writes, and read back. */

import { expect, test } from 'vitest';
import { Rng } from '#base';
import {
  batchHomeBytes,
  BatchWriter,
  codecs,
  decompress,
  indexRecords,
  readRecordBatch,
  RecordBlock,
  RecordIndex,
  recordOverheadMax,
} from '#records';
import { threadMemory } from '#wasm';

const memory = threadMemory();
const messages = memory.allocate(4 << 20)!;
const messagesMax = 1000;
const recordsBytes = 1 << 16;

const homes = memory.allocate(batchHomeBytes(1 << 20))!;
function homeOf(bytes: number): Buffer {
  const end = homes.address + bytes;
  memory.bytes.fill(0xa5, end, end + 64);
  return Buffer.from(memory.bytes.buffer, homes.address, bytes);
}

/** Lays messages of odd sizes, null ones among them, and shuffles the order of some. */
function lay(block: RecordBlock, rng: Rng, count: number): void {
  let at = messages.address;
  const put = (starts: Int32Array, ends: Int32Array, i: number, sizes: readonly number[]): void => {
    const size = rng.pick(sizes);
    starts[i] = size < 0 ? -1 : at;
    ends[i] = size < 0 ? -1 : at + size;
    for (let n = 0; n < size; n++) memory.bytes[at++] = rng.below(40);
    at += rng.below(3);
  };
  const base = rng.pick([0, 1_700_000_000_000]);
  for (let i = 0; i < count; i++) {
    put(block.keyStarts, block.keyEnds, i, [-1, 0, 1, 15, 16, 17, 63, 64, 65]);
    put(block.valueStarts, block.valueEnds, i, [-1, 0, 1, 63, 64, 127, 300, rng.below(9000)]);
    block.timestamps[i] =
      base + rng.pick([0, 1, -63, 64, 65, 8191, 8192, -(2 ** 31), 2 ** 40].slice(0, rng.between(1, 9)));
    block.order[i] = i;
  }
  for (let i = count - 1; i > 0 && count % 2 === 0; i--) {
    const j = rng.below(i + 1);
    [block.order[i], block.order[j]] = [block.order[j]!, block.order[i]!];
  }
}

test('the kernel writes the records that BatchWriter writes', () => {
  const rng = new Rng(3);
  const block = RecordBlock.create(messagesMax, recordsBytes)!;
  for (let round = 0; round < 60; round++) {
    const count = rng.between(1, messagesMax);
    lay(block, rng, count);
    const bounds = { batchBytes: rng.pick([1000, 60_000, 1 << 20]), recordBytesMax: 1 << 20 };
    const home = round % 2 === 0 ? undefined : homeOf(batchHomeBytes(bounds.batchBytes));
    const [byRow, byBlock] = [new BatchWriter(), new BatchWriter(home)];
    for (let at = 0; at < count; ) {
      let next = block.write(byBlock, at, count, bounds);
      if (next === at) {
        // Larger than the batch's home.
        const i = block.order[next++]!;
        byBlock.add(block.key(i), block.value(i), [], block.timestamps[i]!);
      }
      for (let n = at; n < next; n++) {
        const i = block.order[n]!;
        byRow.add(block.key(i), block.value(i), [], block.timestamps[i]!);
      }
      // It stops where a writer by row would have closed the batch.
      const size = (n: number): number => {
        const i = block.order[n]!;
        return (block.key(i)?.length ?? 0) + (block.value(i)?.length ?? 0) + recordOverheadMax;
      };
      if (next < count) expect(byRow.bytes + size(next)).toBeGreaterThan(bounds.batchBytes);
      expect([byBlock.count, byBlock.bytes]).toEqual([byRow.count, byRow.bytes]);
      const codec = rng.pick(codecs);
      const batch = Buffer.from(byBlock.finish(codec));
      expect(batch.equals(byRow.finish(codec))).toBe(true);
      readBack(block, batch, at, next);
      const behind = homes.address + batchHomeBytes(bounds.batchBytes);
      if (home !== undefined)
        expect(memory.bytes.subarray(behind, behind + 64).every((b) => b === 0xa5)).toBe(true);
      at = next;
    }
  }
  block.release();
});

function readBack(block: RecordBlock, batch: Buffer, from: number, to: number): void {
  const head = readRecordBatch(batch, 0)!;
  const body = decompress(head.codec, batch.subarray(61));
  const index = new RecordIndex();
  const base = { offset: 0, timestamp: head.baseTimestamp, appendTime: undefined };
  indexRecords(body, 0, body.length, head.count, base, index);
  expect(head.count).toBe(to - from);
  const part = (start: number, end: number): Buffer | null =>
    start < 0 ? null : Buffer.from(body.subarray(start, end));
  const copy = (bytes: Uint8Array | null): Buffer | null => bytes && Buffer.from(bytes);
  for (let n = from; n < to; n++) {
    const i = block.order[n]!;
    const at = n - from;
    expect(index.timestamps[at]).toBe(block.timestamps[i]);
    expect(part(index.keyStarts[at]!, index.keyEnds[at]!)).toEqual(copy(block.key(i)));
    expect(part(index.valueStarts[at]!, index.valueEnds[at]!)).toEqual(copy(block.value(i)));
  }
}

test('a record that is too large, or larger than the block, is not written', () => {
  const block = RecordBlock.create(messagesMax, recordsBytes)!;
  const writer = new BatchWriter();
  const one = (bytes: number): void => {
    block.keyStarts[0] = -1;
    block.valueStarts[0] = messages.address;
    block.valueEnds[0] = messages.address + bytes;
    block.timestamps[0] = 1;
    block.order[0] = 0;
  };
  one(1001);
  expect(block.write(writer, 0, 1, { batchBytes: 10, recordBytesMax: 1000 })).toBe(0);
  expect(block.write(writer, 0, 1, { batchBytes: 10, recordBytesMax: 1033 })).toBe(1);
  one(recordsBytes);
  expect(block.write(new BatchWriter(), 0, 1, { batchBytes: 1 << 20, recordBytesMax: 1 << 20 })).toBe(0);
  block.release();
});
