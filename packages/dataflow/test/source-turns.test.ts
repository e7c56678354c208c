/* Sources of one job that always have rows: none is read to its end while another waits. */

import { describe, expect, test } from 'vitest';
import { Basin, Rig, Script } from './rig.ts';

/** A batch a value: the value, and the watermark behind it. */
function script(values: readonly number[]): Script {
  const made = new Script();
  for (const v of values) made.give(`+ ${v}`, `@ ${v}`);
  made.end();
  return made;
}
const numbers = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);

/** The order in which rows of several sources into one union come out. */
async function order(
  sources: readonly { readonly script: Script; readonly changes?: Parameters<Rig['source']>[1] }[],
  parallelism = 1,
): Promise<number[]> {
  const rig = new Rig();
  const basin = new Basin();
  const read = sources.map((s) => rig.source(s.script, s.changes));
  rig.sink(basin, rig.union(...read));
  const job = await rig.start(undefined, { parallelism });
  await job.done;
  return basin.values;
}

describe('by watermark', () => {
  test('the one that is behind has the next batch', async () => {
    const rows = await order([
      { script: script(numbers(0, 100, 2)) },
      { script: script(numbers(1, 100, 2)) },
    ]);
    expect(rows).toEqual(numbers(0, 100));
  });
  test('one that begins later waits for the others', async () => {
    const rows = await order([
      { script: script(numbers(50, 60)) },
      { script: script(numbers(0, 55)) },
      { script: script(numbers(20, 30)) },
    ]);
    // Until a source has given its first row nobody knows where it is.
    const first = new Set(rows.slice(0, 3));
    expect(first).toEqual(new Set([0, 20, 50]));
    const rest = rows.slice(3);
    expect(rest).toEqual([...rest].sort((a, b) => a - b));
  });
  test('equal watermarks take turns', async () => {
    const rows = await order([{ script: script([5, 5, 5]) }, { script: script([5, 5, 5]) }]);
    expect(rows.length).toBe(6);
  });
});

test('sources without watermarks take turns with each other and with the rest', async () => {
  const rows = await order([
    { script: script(numbers(0, 20)), changes: { watermark: undefined } },
    { script: script(numbers(100, 120)), changes: { watermark: undefined } },
    { script: script(numbers(200, 220)) },
  ]);
  expect(rows.length).toBe(60);
  // Nobody is more than a few batches ahead of the others as long as all have rows.
  for (let n = 6; n <= 60; n += 6) {
    const counts = [0, 100, 200].map(
      (from) => rows.slice(0, n).filter((v) => v >= from && v < from + 20).length,
    );
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(n <= 54 ? 3 : 20);
  }
});

describe('alignment', () => {
  const alignment = { group: 'g', maxDriftMs: 10, updateIntervalMs: 1000 };
  test('a source waits while it is further ahead than the drift, and goes on behind the other', async () => {
    const rig = new Rig();
    const basin = new Basin();
    const fast = new Script();
    for (const v of numbers(0, 100, 5)) fast.give(`+ ${v}`, `@ ${v}`);
    const slow = new Script();
    slow.give('+ 1000', '@ 0');
    rig.sink(basin, rig.union(rig.source(fast, { alignment }), rig.source(slow, { alignment })));
    const job = await rig.start();
    await job.settled();
    // The one that passed 10 was read before it was known to.
    expect(basin.values.filter((v) => v < 1000)).toEqual([0, 5, 10, 15]);
    slow.give('+ 1001', '@ 20');
    await job.settled();
    expect(basin.values.filter((v) => v < 1000)).toEqual(numbers(0, 36, 5));
    slow.end();
    await job.settled();
    expect(basin.values.filter((v) => v < 1000)).toEqual(numbers(0, 100, 5));
    await job.cancel();
  });
  test('another group, or none, holds nobody', async () => {
    const rig = new Rig();
    const basin = new Basin();
    const fast = new Script();
    for (const v of numbers(0, 100, 5)) fast.give(`+ ${v}`, `@ ${v}`);
    const slow = new Script();
    slow.give('+ 1000', '@ 0');
    rig.sink(
      basin,
      rig.union(
        rig.source(fast, { alignment }),
        rig.source(slow, { alignment: { ...alignment, group: 'h' } }),
      ),
    );
    const job = await rig.start();
    await job.settled();
    expect(basin.values.filter((v) => v < 1000)).toEqual(numbers(0, 100, 5));
    await job.cancel();
  });
  test('a source that had no watermark yet holds nobody', async () => {
    const rig = new Rig();
    const basin = new Basin();
    const fast = new Script();
    for (const v of numbers(0, 100, 5)) fast.give(`+ ${v}`, `@ ${v}`);
    const slow = new Script();
    slow.give('+ 1000');
    rig.sink(basin, rig.union(rig.source(fast, { alignment }), rig.source(slow, { alignment })));
    const job = await rig.start();
    await job.settled();
    expect(basin.values.filter((v) => v < 1000)).toEqual(numbers(0, 100, 5));
    await job.cancel();
  });
  test('an idle source holds nobody', async () => {
    const rig = new Rig();
    const basin = new Basin();
    const fast = new Script();
    for (const v of numbers(0, 100, 5)) fast.give(`+ ${v}`, `@ ${v}`);
    const slow = new Script();
    slow.give('+ 1000', '@ 0', '@ idle');
    rig.sink(basin, rig.union(rig.source(fast, { alignment }), rig.source(slow, { alignment })));
    const job = await rig.start();
    await job.settled();
    expect(basin.values.filter((v) => v < 1000)).toEqual(numbers(0, 100, 5));
    await job.cancel();
  });
});
