/* Waiting for a while, but no longer than somebody is there to wait. */

import type { World } from '#base';

/** Resolves after `delayMs`, or when `signal` is aborted. */
export function delay(delayMs: number, world: World, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = world.after(delayMs, done);
    signal.addEventListener('abort', done);
  });
}
