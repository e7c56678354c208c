/* How much all logs in memory may hold together. What has no room is refused; what is there stays.
 *
 * Counted are the bytes of batches and what a batch takes beside them. */

import { KafkaStorageError } from './storage-error.ts';

export class MemoryRoom {
  readonly bytesMax: number;
  readonly #log: (line: string) => void;
  #held = 0;
  /** The operator was told, and nothing was freed since. */
  #told = false;

  /** Without a bound unless told otherwise. `log` gets a line when it is reached. */
  constructor(bytesMax = Infinity, log: (line: string) => void = () => {}) {
    this.bytesMax = bytesMax;
    this.#log = log;
  }
  get held(): number {
    return this.#held;
  }
  /** Throws KafkaStorageError when there is no room. */
  take(bytes: number): void {
    if (this.#held + bytes > this.bytesMax) this.#refuse();
    this.#held += bytes;
  }
  /** Takes it in any case, or gives it back where it is negative. */
  change(bytes: number): void {
    this.#held += bytes;
    if (bytes < 0) this.#told = false;
  }
  #refuse(): never {
    const message = `the logs hold ${this.#held} bytes of the ${this.bytesMax} that memory has for them`;
    if (!this.#told) this.#log(`${message}: records are refused until some are deleted`);
    this.#told = true;
    throw new KafkaStorageError('the batch was not taken', new Error(message));
  }
}
