/* Two shares of one job, each with a loop of its own as in two threads, in one process: a barrier that arrives through a
 * ring before the job asked for it counts. */

import { expect, test } from 'vitest';
import { LocalShare, type NodeStates } from '../src/runtime/share.ts';
import { Bells } from '../src/runtime/threads/bells.ts';
import { ProgressBoard } from '../src/runtime/threads/progress-board.ts';
import { Ring } from '../src/runtime/threads/ring.ts';
import { crossingsOf } from '../src/runtime/wiring.ts';
import { Basin, Rig, Script } from './rig.ts';

test('a part of a checkpoint that is complete before the job asked is reported', async () => {
  const rig = new Rig();
  const script = new Script();
  const basin = new Basin();
  rig.sink(basin, rig.source(script));
  // The source in the first share, the sink in the second.
  const placement = [[0], [1]];
  const rings = crossingsOf(rig.plan, 1, placement).map(() => Ring.memory(64));
  expect(rings.length).toBe(1);
  const bells = Bells.memory(2);
  const progress = ProgressBoard.memory(2, 0);
  const parts: [number, NodeStates][][] = [[], []];
  const shares = [0, 1].map(
    (thread) =>
      new LocalShare(
        rig.plan,
        {
          ...rig.settings(),
          blocks: undefined,
          durable: false,
          place: { thread, placement, rings, bells: new Bells(bells, thread) },
          progress: new ProgressBoard(progress, thread, 0),
        },
        {
          snapshotted: (epoch, states) => {
            parts[thread]!.push([epoch, states]);
          },
          finished: () => {},
          failed: (error) => {
            throw error;
          },
          asked: () => {},
        },
      ),
  );
  for (const share of shares) await share.open();
  for (const share of shares) share.run();
  script.give('+ 1', '+ 2');
  await expect.poll(() => basin.log).toEqual(['open']);
  // Only the first share is asked.
  shares[0]!.barrier({ kind: 'barrier', epoch: 1 });
  await expect.poll(() => parts[1]!.map(([epoch]) => epoch)).toEqual([1]);
  shares[1]!.barrier({ kind: 'barrier', epoch: 1 });
  shares[0]!.barrier({ kind: 'barrier', epoch: 2 });
  await expect.poll(() => parts[1]!.map(([epoch]) => epoch)).toEqual([1, 2]);
  expect([...parts[1]![0]![1].keys()].length).toBe(1);
  expect(basin.flushes).toBe(2);
  for (const share of shares) await share.close();
});
