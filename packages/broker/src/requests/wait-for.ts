/* Waiting for records: until a condition over some partitions holds, the time is up, or nobody waits any longer. */

import type { World } from '#base';
import type { Partition } from '../log/partition.ts';

/** Resolves when `enough` is true, looked at whenever one of the partitions changes, after `waitMs` at the latest. */
export function waitFor(
  partitions: readonly (Partition | undefined)[],
  enough: () => boolean,
  waitMs: number,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const unwatch: (() => void)[] = [];
    const done = (): void => {
      timer.cancel();
      for (const stop of unwatch) stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = world.after(waitMs, done);
    if (signal.aborted) return done();
    signal.addEventListener('abort', done);
    for (const partition of partitions)
      if (partition !== undefined)
        unwatch.push(
          partition.watch(() => {
            if (enough()) done();
          }),
        );
  });
}
