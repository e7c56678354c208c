/* Splits that are paused for being ahead: they hold the watermark as before, and are not taken for silent. */

import { expect, test } from 'vitest';
import { types } from '#data';
import { SplitWatermarks } from '../src/runtime/split-watermarks.ts';
import { batchOf } from './harness.ts';

/** Two splits at 1 and 1000 s, last heard of at 0; idle after 100 ms. */
function two(): SplitWatermarks {
  const splits = new SplitWatermarks(100, false);
  for (const [split, seconds] of [
    [0, 1],
    [1, 1000],
  ] as const)
    splits.rows(split, batchOf([types.INT], ['+ 1']), Float64Array.of(seconds * 1000), 0);
  return splits;
}

test('which are ahead', () => {
  const splits = two();
  expect([...splits.ahead(1000)]).toEqual([1]);
  expect([...splits.ahead(999)]).toEqual([0, 1]);
  expect([...splits.ahead(Infinity)]).toEqual([]);
  splits.end(1);
  expect([...splits.ahead(1000)]).toEqual([]);
});
test('a paused split does not become idle, and is waited for anew behind its pause', () => {
  const splits = two();
  expect(splits.pause(new Set([1]), 50)).toBe(true);
  expect(splits.pause(new Set([1]), 60)).toBe(false);
  expect(splits.progress().map((s) => s.state)).toEqual(['active', 'paused']);
  // The other one is idle: what is left is the paused one's.
  expect(splits.nextTick).toBe(100);
  expect(splits.tick(100)).toBe(1_000_000);
  expect(splits.nextTick).toBe(Infinity);
  expect(splits.tick(1000)).toBeUndefined();
  expect(splits.pause(new Set(), 1000)).toBe(true);
  expect(splits.nextTick).toBe(1100);
  expect(splits.tick(1099)).toBeUndefined();
  expect(splits.tick(1100)).toBeNaN();
});
