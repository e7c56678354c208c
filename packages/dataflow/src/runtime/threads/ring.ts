/* A ring of 8-byte words in shared memory: one thread writes, one reads, neither waits for the other.
 *
 *   written ────────────▶ words not yet read ────────────▶ read          positions count up; word = position mod capacity
 *
 * Words are copied as doubles, several times as fast as bytes in shared memory. */

import { assert } from '#base';

/** Positions and the word that the writer leaves when it waits for room. */
const written = 0;
const read = 1;
const writerWaits = 2;
const controlBytes = 64;

export class Ring {
  readonly #control: Int32Array;
  readonly #words: Float64Array;

  /** `memory` as `Ring.memory` made it. */
  constructor(memory: SharedArrayBuffer) {
    this.#control = new Int32Array(memory, 0, 4);
    this.#words = new Float64Array(memory, controlBytes);
    assert(Number.isInteger(Math.log2(this.#words.length)), 'a ring has a power of two of words');
  }
  /** Memory for a ring of so many words, a power of two. */
  static memory(words: number): SharedArrayBuffer {
    return new SharedArrayBuffer(controlBytes + words * 8);
  }

  /** Words that wait to be read. */
  get filled(): number {
    return (Atomics.load(this.#control, written) - Atomics.load(this.#control, read)) | 0;
  }
  /** Copies in words `at` to before `end` of `from`, as far as there is room; returns the first one left. */
  write(from: Float64Array, at: number, end: number): number {
    const position = Atomics.load(this.#control, written);
    const count = Math.min(end - at, this.#words.length - this.filled);
    const start = this.#word(position);
    const first = Math.min(count, this.#words.length - start);
    this.#words.set(from.subarray(at, at + first), start);
    if (first < count) this.#words.set(from.subarray(at + first, at + count), 0);
    Atomics.store(this.#control, written, (position + count) | 0);
    return at + count;
  }
  /** Copies out to words `at` to before `end` of `to`, as far as there are any; returns the first one left. */
  read(to: Float64Array, at: number, end: number): number {
    const position = Atomics.load(this.#control, read);
    const count = Math.min(end - at, this.filled);
    const start = this.#word(position);
    const first = Math.min(count, this.#words.length - start);
    to.set(this.#words.subarray(start, start + first), at);
    if (first < count) to.set(this.#words.subarray(0, count - first), at + first);
    Atomics.store(this.#control, read, (position + count) | 0);
    return at + count;
  }
  #word(position: number): number {
    return position & (this.#words.length - 1);
  }

  /** The writer is to be woken when there is room. */
  waitForRoom(): void {
    Atomics.store(this.#control, writerWaits, 1);
  }
  /** Asked by the reader behind a read: whether the writer waits, once for each time that it does. */
  takeWaiting(): boolean {
    return Atomics.exchange(this.#control, writerWaits, 0) === 1;
  }
}
