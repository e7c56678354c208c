/* When open transactions time out: one timer of World's a transaction. */

import type { Timer, World } from '#base';

export class Deadlines {
  readonly #world: World;
  readonly #passed: (transactionalId: string) => void;
  readonly #timers = new Map<string, Timer>();

  constructor(world: World, passed: (transactionalId: string) => void) {
    this.#world = world;
    this.#passed = passed;
  }
  /** In place of the one that was set before. */
  set(transactionalId: string, at: number): void {
    this.clear(transactionalId);
    const fire = (): void => {
      this.#timers.delete(transactionalId);
      // A timer may come early where the delay is longer than timers can be.
      if (this.#world.now() < at) this.set(transactionalId, at);
      else this.#passed(transactionalId);
    };
    this.#timers.set(transactionalId, this.#world.after(at - this.#world.now(), fire));
  }
  clear(transactionalId: string): void {
    this.#timers.get(transactionalId)?.cancel();
    this.#timers.delete(transactionalId);
  }
  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}
