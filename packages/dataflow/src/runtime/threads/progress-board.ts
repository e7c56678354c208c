/* Where the sources of each thread are, in shared memory: what a source must know of those in other threads.
 *
 *   by thread: when its sources had a row last ─ by alignment group: the least event time of its sources that are not idle */

export class ProgressBoard {
  readonly #values: Float64Array;
  readonly #own: number;
  readonly #stride: number;

  /** `groups`: how many alignment groups the job has. */
  constructor(memory: SharedArrayBuffer, own: number, groups: number) {
    this.#values = new Float64Array(memory);
    this.#stride = groups + 1;
    this.#own = own * this.#stride;
  }
  static memory(threads: number, groups: number): SharedArrayBuffer {
    const memory = new SharedArrayBuffer(threads * (groups + 1) * 8);
    new Float64Array(memory).fill(-Infinity);
    return memory;
  }
  /** Publishes when the thread's sources had a row last, ms. */
  setLastRowAt(ms: number): void {
    this.#values[this.#own] = ms;
  }
  /** The latest row of the sources of all other threads. */
  get lastRowElsewhere(): number {
    let latest = -Infinity;
    for (let at = 0; at < this.#values.length; at += this.#stride)
      if (at !== this.#own) latest = Math.max(latest, this.#values[at]!);
    return latest;
  }
  /** Publishes the least event time of a group's sources here; Infinity: none of them holds others back. */
  setLeast(group: number, watermark: number): void {
    this.#values[this.#own + 1 + group] = watermark;
  }
  leastElsewhere(group: number): number {
    let least = Infinity;
    for (let at = 0; at < this.#values.length; at += this.#stride) {
      const theirs = this.#values[at + 1 + group]!;
      // Nothing was published yet.
      if (at !== this.#own && theirs > -Infinity && theirs < least) least = theirs;
    }
    return least;
  }
}
