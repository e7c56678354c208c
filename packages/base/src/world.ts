/* Time, randomness and timers reach the engine only through a World, so that a seed replays a whole run.
 * The real one is in `host`; the simulated one in `testkit`. */

import type { Disk } from './disk.ts';
import type { Rng } from './rng.ts';

export interface Timer {
  cancel(): void;
}

export interface World {
  /** Processing time: milliseconds since the epoch. */
  now(): number;
  /** A clock that never goes back, in milliseconds, for durations. */
  monotonic(): number;
  /** Calls `callback` once, `delayMs` from now at the earliest. */
  after(delayMs: number, callback: () => void): Timer;
  /** Lets callbacks of sockets, files and timers run, then goes on. */
  breathe(): Promise<void>;
  /** Randomness for everything that is not user-visible (jitter) and for RAND(), UUID(). */
  readonly rng: Rng;
  readonly disk: Disk;
}
