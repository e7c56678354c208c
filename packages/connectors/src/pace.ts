/* Lets rows through at a rate: row i is due i / rate after the start. A source asks how many are due, and is
 * woken when the next ones are. */

import type { Timer, World } from '#base';

/** How long a source sleeps at least, so that high rates come in batches instead of row by row. */
const stepMs = 10;

export class Pace {
  readonly #world: World;
  readonly #perMs: number;
  readonly #wake: () => void;
  #startedAt: number | undefined;
  #taken = 0;
  #timer: Timer | undefined;

  /** Infinity rows per second: everything is due. */
  constructor(world: World, rowsPerSecond: number, wake: () => void) {
    this.#world = world;
    this.#perMs = rowsPerSecond / 1000;
    this.#wake = wake;
  }

  /** How many rows are due now; the clock starts with the first question. When 0, `wake` will be called. */
  due(): number {
    if (this.#perMs === Infinity) return Infinity;
    const now = this.#world.now();
    this.#startedAt ??= now;
    const due = Math.floor((now - this.#startedAt) * this.#perMs) + 1 - this.#taken;
    if (due > 0) return due;
    if (this.#timer === undefined) {
      const next = this.#startedAt + this.#taken / this.#perMs;
      this.#timer = this.#world.after(Math.max(stepMs, Math.ceil(next - now)), () => {
        this.#timer = undefined;
        this.#wake();
      });
    }
    return 0;
  }
  /** Rows that went out. */
  take(rows: number): void {
    this.#taken += rows;
  }
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
