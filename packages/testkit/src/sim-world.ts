/* A world whose clock stands still until it is moved, whose timers fire in order, whose disk forgets what was not synced,
 * and whose chance comes from a seed. */

import { Rng, type Timer, type World } from '#base';
import { SimDisk } from './sim-disk.ts';

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

export class SimWorld implements World {
  readonly rng: Rng;
  readonly disk: SimDisk;
  #now: number;
  #order = 0;
  #ticks = 0;
  #timers: Pending[] = [];

  /** Starts at 2024-01-01 00:00:00 UTC unless told otherwise. */
  constructor(seed: number, now = Date.UTC(2024, 0, 1)) {
    this.rng = new Rng(seed);
    this.disk = new SimDisk(new Rng(seed + 1));
    this.#now = now;
  }
  now(): number {
    return this.#now;
  }
  monotonic(): number {
    this.#ticks++;
    return this.#ticks / 1000;
  }
  after(delayMs: number, callback: () => void): Timer {
    const timer: Pending = {
      at: this.#now + Math.max(0, Math.ceil(delayMs)),
      order: this.#order++,
      callback,
    };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((t) => t !== timer);
      },
    };
  }
  async breathe(): Promise<void> {
    await Promise.resolve();
  }
  /** The next timer's time, or Infinity. */
  get nextTimer(): number {
    return this.#timers.reduce((least, t) => Math.min(least, t.at), Infinity);
  }
  /** Moves the clock to `to` and fires what is due there. Timers before `to` must have been fired: step to each. */
  moveTo(to: number): void {
    this.#now = Math.max(this.#now, to);
    const due = this.#timers
      .filter((t) => t.at <= this.#now)
      .sort((a, b) => a.at - b.at || a.order - b.order);
    this.#timers = this.#timers.filter((t) => t.at > this.#now);
    for (const timer of due) timer.callback();
  }
}
