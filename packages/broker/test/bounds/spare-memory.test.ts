/* Memory that answers share one after the other: nobody reads what belongs to another. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { SpareMemory } from '../../src/server/spare-memory.ts';
import { batchOf, type WireClient } from '../wire-client.ts';
import { BoundsRig } from './bounds-rig.ts';

test('what is given back is lent again, by size and up to a bound', () => {
  const memory = new SpareMemory();
  const first = memory.take(100_000);
  expect(first).toHaveLength(100_000);
  const second = memory.take(100_000);
  expect(second.buffer).not.toBe(first.buffer);
  memory.give(first);
  expect(memory.take(120_000).buffer).toBe(first.buffer);
  expect(memory.take(120_000).buffer).not.toBe(first.buffer);

  const small = memory.take(1000);
  memory.give(small);
  expect(memory.take(1000).buffer === small.buffer && small.buffer.byteLength === 1000).toBe(false);

  const many = Array.from({ length: 40 }, () => memory.take(1 << 20));
  for (const piece of many) memory.give(piece);
  const again = new Set(Array.from({ length: 40 }, () => memory.take(1 << 20).buffer));
  expect(many.filter((piece) => again.has(piece.buffer))).toHaveLength(16);
});

test('a reader that is slow gets its own records, whoever reads beside it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-spare-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const rig = await BoundsRig.start({ dir });
  const client = await rig.client();
  await client.createTopic('t', {}, 2);
  const batches = ['a', 'b'].map((letter) => batchOf([letter.repeat(900_000)], 'none', 1));
  for (const [partition, batch] of batches.entries())
    await client.produce('t', partition, Buffer.from(batch));
  const stored = await Promise.all([0, 1].map((partition) => client.fetch('t', partition, 0)));

  const slow = await rig.client();
  const fast: WireClient[] = [await rig.client(), await rig.client()];
  slow.socket.pause();
  const late = Array.from({ length: 12 }, () => slow.fetch('t', 0, 0));
  await sleep(20);
  for (let i = 0; i < 20; i++)
    for (const found of await Promise.all(fast.map((c) => c.fetch('t', 1, 0))))
      expect(found.equals(stored[1]!)).toBe(true);
  slow.socket.resume();
  for (const found of await Promise.all(late)) expect(found.equals(stored[0]!)).toBe(true);
});
