/* Sources of one job that always have rows: none is read to its end while another waits. */

import { describe, expect, test } from 'vitest';
import type { Job } from '../src/runtime/job.ts';
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
  const all = numbers(0, 100, 5);
  /** A source of `all`, each its own watermark, beside a slow one; `fast()`: what was read of it. */
  async function beside(
    slow: Script,
    ofSlow = alignment,
  ): Promise<{ readonly job: Job; fast(): readonly number[] }> {
    const rig = new Rig();
    const basin = new Basin();
    const fast = new Script();
    for (const v of all) fast.give(`+ ${v}`, `@ ${v}`);
    rig.sink(basin, rig.union(rig.source(fast, { alignment }), rig.source(slow, { alignment: ofSlow })));
    const job = await rig.start();
    await job.settled();
    return { job, fast: () => basin.values.filter((v) => v < 1000) };
  }
  test('a source waits while it is further ahead than the drift, and goes on behind the other', async () => {
    const slow = new Script();
    slow.give('+ 1000', '@ 0');
    const { job, fast } = await beside(slow);
    // The one that passed 10 was read before it was known to.
    expect(fast()).toEqual([0, 5, 10, 15]);
    slow.give('+ 1001', '@ 20');
    await job.settled();
    expect(fast()).toEqual(numbers(0, 36, 5));
    slow.end();
    await job.settled();
    expect(fast()).toEqual(all);
    await job.cancel();
  });
  test.each<[who: string, lines: readonly string[], group: string]>([
    ['a source of another group', ['+ 1000', '@ 0'], 'h'],
    ['a source that had no watermark yet', ['+ 1000'], 'g'],
    ['an idle source', ['+ 1000', '@ 0', '@ idle'], 'g'],
  ])('%s holds nobody', async (_, lines, group) => {
    const slow = new Script();
    slow.give(...lines);
    const { job, fast } = await beside(slow, { ...alignment, group });
    expect(fast()).toEqual(all);
    await job.cancel();
  });
});
