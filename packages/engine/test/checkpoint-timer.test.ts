/* When checkpoints are taken, and what failed ones mean: intervals from start to start, pauses, timeouts, tolerance. */

import { expect, test } from 'vitest';
import { ExternalError } from '#base';
import type { JobSnapshot } from '#dataflow';
import { SimWorld } from '#testkit';
import {
  CheckpointTimer,
  type CheckpointRhythm,
  type TakesCheckpoints,
} from '../src/durability/checkpoint-timer.ts';

class ClockWorld extends SimWorld {
  override monotonic(): number {
    return this.now();
  }
}
const snapshot: JobSnapshot = { epoch: 1, states: new Map(), finished: false };

/** A job whose checkpoints take as long as the test says. */
class SlowJob implements TakesCheckpoints {
  readonly #world: ClockWorld;
  readonly #from: number;
  readonly startedAt: number[] = [];
  takesMs = 0;
  failure: Error | undefined;
  #giveUp: ((reason: Error) => void) | undefined;

  constructor(world: ClockWorld) {
    this.#world = world;
    this.#from = world.now();
  }
  checkpoint(): Promise<JobSnapshot> {
    this.startedAt.push(this.#world.now() - this.#from);
    const { failure } = this;
    return new Promise((resolve, reject) => {
      this.#giveUp = reject;
      this.#world.after(this.takesMs, () => {
        if (failure === undefined) resolve(snapshot);
        else reject(failure);
      });
    });
  }
  abandonCheckpoint(reason: Error): void {
    this.#giveUp?.(reason);
  }
}

interface Setting {
  readonly job: SlowJob;
  readonly timer: CheckpointTimer;
  readonly failures: unknown[];
  /** Lets so many ms pass. */
  run(ms: number): Promise<void>;
}
function setting(rhythm: Partial<CheckpointRhythm>): Setting {
  const world = new ClockWorld(1);
  const job = new SlowJob(world);
  const failures: unknown[] = [];
  const timer = new CheckpointTimer(
    world,
    { intervalMs: 1000, minPauseMs: 0, timeoutMs: 10_000, tolerable: 0, ...rhythm },
    job,
    (error) => failures.push(error),
  );
  return {
    job,
    timer,
    failures,
    run: async (ms) => {
      const until = world.now() + ms;
      const rest = async (): Promise<void> => {
        for (let i = 0; i < 20; i++) await Promise.resolve();
      };
      for (await rest(); world.nextTimer <= until; await rest()) world.moveTo(world.nextTimer);
      world.moveTo(until);
      await rest();
    },
  };
}
const broken = new ExternalError('TEST', { message: 'the disk is full' });

test('from one start to the next is an interval, however long one takes', async () => {
  const s = setting({});
  s.job.takesMs = 300;
  await s.run(4500);
  expect(s.job.startedAt).toEqual([1000, 2000, 3000, 4000]);
});

test('one that takes longer than the interval is followed at once, or behind the pause', async () => {
  const s = setting({});
  s.job.takesMs = 1500;
  await s.run(6000);
  expect(s.job.startedAt).toEqual([1000, 2500, 4000, 5500]);
  const paused = setting({ minPauseMs: 400 });
  paused.job.takesMs = 1500;
  await paused.run(5000);
  expect(paused.job.startedAt).toEqual([1000, 2900, 4800]);
});

test('the pause counts where the interval would be over sooner', async () => {
  const s = setting({ minPauseMs: 900 });
  s.job.takesMs = 300;
  await s.run(4000);
  expect(s.job.startedAt).toEqual([1000, 2200, 3400]);
});

test('an interval of 0 takes none but those that are asked for, one behind the other', async () => {
  const s = setting({ intervalMs: 0 });
  s.job.takesMs = 200;
  await s.run(5000);
  expect(s.job.startedAt).toEqual([]);
  const both = Promise.all([s.timer.take(), s.timer.take()]);
  await s.run(1000);
  await both;
  expect(s.job.startedAt).toEqual([5000, 5200]);
});

test('one that does not come to its end in time has failed, with the option that allows more', async () => {
  const s = setting({ timeoutMs: 500 });
  s.job.takesMs = 2000;
  await s.run(1600);
  expect(s.failures).toMatchObject([
    {
      code: 'CHK2003',
      message: 'a checkpoint took longer than 500 ms',
      hint: expect.stringContaining('timeout') as string,
    },
  ]);
});

test('as many in a row as are tolerated, and a good one in between begins to count anew', async () => {
  const s = setting({ tolerable: 2 });
  s.job.failure = broken;
  await s.run(2500);
  expect(s.failures).toEqual([]);
  s.job.failure = undefined;
  await s.run(1000);
  s.job.failure = broken;
  await s.run(2000);
  expect(s.failures).toEqual([]);
  await s.run(1000);
  expect(s.failures).toEqual([broken]);
  await s.run(10_000);
  expect(s.job.startedAt.length).toBe(6);
});

test('stop waits for the one that is under way and takes no more', async () => {
  const s = setting({});
  s.job.takesMs = 500;
  await s.run(1100);
  let stopped = false;
  const stopping = s.timer.stop().then(() => {
    stopped = true;
  });
  await s.run(100);
  expect(stopped).toBe(false);
  await s.run(5000);
  await stopping;
  expect(s.job.startedAt).toEqual([1000]);
  expect(s.failures).toEqual([]);
});
