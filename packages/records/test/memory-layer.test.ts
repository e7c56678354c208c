/* The memory layer uses its place again and again: what was laid since rows were last taken, and the batch that is kept, is
 * never written over, whatever sizes come and wherever it stands. */

import { expect, test } from 'vitest';
import { Rng } from '#base';
import { BatchWriter, MemoryLayer, readRecordBatch, type Codec } from '#records';
import { threadMemory } from '#wasm';

interface Held {
  /** Where each value lies, and what it is. */
  readonly at: number;
  readonly value: Buffer;
}

function batchOf(
  rng: Rng,
  codec: Codec,
  bytes: number,
): { readonly batch: Buffer; readonly values: Buffer[] } {
  const writer = new BatchWriter();
  const values: Buffer[] = [];
  for (let left = bytes; left > 0; left -= 1000 + rng.below(9000)) {
    const size = 1000 + rng.below(Math.min(left, 30_000));
    const value = Buffer.alloc(size, `${rng.below(1e9)} `);
    values.push(value);
    writer.add(null, value, [], 0);
  }
  return { batch: Buffer.from(writer.finish(codec)), values };
}

/** What was laid is still there. */
function check(held: readonly Held[], step: number): void {
  const { bytes } = threadMemory();
  for (const { at, value } of held)
    if (Buffer.compare(bytes.subarray(at, at + value.length), value) !== 0)
      expect.fail(`step ${step}: written over at ${at}`);
}

test.each(['lz4', 'snappy', 'none', 'zstd'] as const)('%s', (codec) => {
  const rng = new Rng(13);
  const layer = MemoryLayer.create()!;
  let held: Held[] = [];
  let last: Held[] = [];
  let [wrapped, before] = [0, 0];
  for (let step = 0; step < 150; step++) {
    const size = rng.pick([20_000, 20_000, 300_000, 1_500_000, 3_000_000]);
    const { batch, values } = batchOf(rng, codec, size);
    const found = readRecordBatch(batch, 0)!;
    let laid = layer.lay(batch, found);
    if (laid === 'full') {
      check(held, step);
      layer.reset();
      held = [];
      laid = layer.lay(batch, found);
    }
    if (laid === 'laid') {
      const { valueStarts, count } = layer.index;
      expect(count).toBe(values.length);
      last = values.map((value, i) => ({ at: valueStarts[i]!, value }));
      if (last[0]!.at < before) wrapped++;
      before = last[0]!.at;
      held.push(...last);
    }
    const what = rng.below(10);
    if (what < 5) check(held, step);
    if (what < 4) {
      layer.keepLast();
      held = [...last];
    } else if (what === 4) {
      layer.reset();
      held = [];
      last = [];
    }
  }
  expect(wrapped).toBeGreaterThan(8);
  layer.release();
});
