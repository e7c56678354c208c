/* The real world: the machine's clock, timers and randomness. The only place that touches them. */

import { Rng, type Timer, type World } from '#base';
import { realDisk } from './real-disk.ts';

export { realDisk };
export { modulesFrom, textsFrom } from './modules.ts';
export { ownPort, workerThreads } from './threads.ts';

class RealWorld implements World {
  readonly rng: Rng;
  readonly disk = realDisk;

  constructor(seed: number) {
    this.rng = new Rng(seed);
  }
  now(): number {
    return Date.now();
  }
  monotonic(): number {
    return performance.now();
  }
  after(delayMs: number, callback: () => void): Timer {
    // Longer delays than setTimeout takes are taken in steps by whoever waits: it asks again.
    const timer = setTimeout(callback, Math.min(delayMs, 2 ** 31 - 1));
    return {
      cancel: () => {
        clearTimeout(timer);
      },
    };
  }
  breathe(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** The world of this machine. RAND() and UUID() differ from run to run. */
export function realWorld(): World {
  return new RealWorld(Math.floor(Math.random() * Number.MAX_SAFE_INTEGER));
}
