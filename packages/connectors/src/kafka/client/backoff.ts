/* Waiting and trying again, with a bound: what fails because of the network or a broker may succeed a
 * little later. */

import { ExternalError, pause, type World } from '#base';

/** The first wait, doubled each time up to the last. */
const firstDelayMs = 100;
const lastDelayMs = 5_000;

/** Delays between tries, and the moment to give up: `giveUpMs` without success. */
export class Backoff {
  readonly #world: World;
  readonly #giveUpMs: number;
  #failingSince: number | undefined;
  #delayMs = firstDelayMs;

  constructor(world: World, giveUpMs: number) {
    this.#world = world;
    this.#giveUpMs = giveUpMs;
  }
  succeeded(): void {
    this.#failingSince = undefined;
    this.#delayMs = firstDelayMs;
  }
  /** How long to wait after this failure; undefined when it is time to give up. */
  failed(): number | undefined {
    const now = this.#world.monotonic();
    this.#failingSince ??= now;
    if (now - this.#failingSince >= this.#giveUpMs) return undefined;
    const delay = this.#delayMs * (0.8 + 0.4 * this.#world.rng.double());
    this.#delayMs = Math.min(lastDelayMs, this.#delayMs * 2);
    return delay;
  }
}

/** Calls `attempt` until it succeeds, fails for good, or has failed for `giveUpMs`. */
export async function retrying<T>(
  world: World,
  signal: AbortSignal,
  giveUpMs: number,
  attempt: () => Promise<T>,
): Promise<T> {
  const backoff = new Backoff(world, giveUpMs);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ExternalError) || !error.retryable || signal.aborted) throw error;
      const delay = backoff.failed();
      if (delay === undefined) throw error;
      await pause(world, delay, signal);
    }
  }
}
