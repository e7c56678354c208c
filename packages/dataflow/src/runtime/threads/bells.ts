/* One bell a thread, in shared memory: who has something for a thread rings it, and a thread that has nothing to do sleeps
 * until its own rings. A bell counts, so a ring between a thread's last look and its sleep is not missed. */

export class Bells {
  readonly #counts: Int32Array;
  readonly #own: number;
  #seen = 0;
  #waiting = false;

  constructor(memory: SharedArrayBuffer, own: number) {
    this.#counts = new Int32Array(memory);
    this.#own = own;
  }
  static memory(threads: number): SharedArrayBuffer {
    return new SharedArrayBuffer(threads * 4);
  }
  ring(thread: number): void {
    Atomics.add(this.#counts, thread, 1);
    Atomics.notify(this.#counts, thread);
  }
  /** Called before the thread looks for work: what rings from here on wakes it. */
  look(): void {
    this.#seen = Atomics.load(this.#counts, this.#own);
  }
  /** Calls `wake` when it has rung since the last `look`. False: it has already. */
  wait(wake: () => void): boolean {
    if (Atomics.load(this.#counts, this.#own) !== this.#seen) return false;
    // One that waits already was not rung since, or is about to call.
    if (this.#waiting) return true;
    const { async, value } = Atomics.waitAsync(this.#counts, this.#own, this.#seen);
    if (!async) return false;
    this.#waiting = true;
    void value.then(() => {
      this.#waiting = false;
      wake();
    });
    return true;
  }
}
