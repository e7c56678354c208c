/* Waiting for a while, but no longer than somebody is there to wait. */

import type { World } from './world.ts';

/** Resolves after `delayMs` of World's clock, or at once when the signal aborts. */
export function pause(world: World, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = world.after(delayMs, done);
    signal.addEventListener('abort', done);
  });
}
