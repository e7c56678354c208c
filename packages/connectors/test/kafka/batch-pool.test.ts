/* Batches on their way keep their bytes until they are given back, and memory is used again after that. */

import { expect, test } from 'vitest';
import { Rng } from '#base';
import { BatchPool } from '../../src/kafka/sink/batch-pool.ts';

test('each has its own bytes while it is out', () => {
  const rng = new Rng(4);
  const pool = new BatchPool();
  const out: { readonly batch: Buffer; readonly as: Buffer }[] = [];
  const buffers = new Set<ArrayBufferLike>();
  for (let step = 0; step < 3000; step++) {
    const as = Buffer.alloc(1 + rng.below(rng.pick([100, 20_000, 200_000])), step);
    const batch = pool.copy(as);
    buffers.add(batch.buffer);
    out.push({ batch, as });
    while (out.length > 8 || (out.length > 0 && rng.below(3) === 0)) {
      const [gone] = out.splice(rng.below(out.length), 1);
      expect(Buffer.compare(gone!.batch, gone!.as)).toBe(0);
      pool.giveBack(gone!.batch);
    }
  }
  for (const { batch, as } of out) expect(Buffer.compare(batch, as)).toBe(0);
  expect(buffers.size).toBeLessThan(300);
});
test('what it did not make is left alone', () => {
  const pool = new BatchPool();
  const foreign = Buffer.alloc(20_000, 1);
  pool.giveBack(foreign);
  expect(pool.copy(Buffer.alloc(20_000, 2)).buffer).not.toBe(foreign.buffer);
  expect(foreign.every((byte) => byte === 1)).toBe(true);
});
