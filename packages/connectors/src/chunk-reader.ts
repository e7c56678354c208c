/* Bytes that come from somewhere slow, for a source whose `poll` must not wait: one chunk is read ahead while
 * the ones before are decoded.
 *
 *   next() ──▶ one chunk waiting ── take ──▶ `data` from the next record on ── consumed ──▶ … */

import { toMillraceError, UserError } from '#base';

export interface Chunks {
  /** Undefined at the end. */
  next(): Promise<Buffer | undefined>;
  close(): void;
}

/** A record may go over so many bytes before it is taken for something that is no record at all. */
const recordBytesMax = 1 << 28;

export class ChunkReader {
  data: Buffer = Buffer.alloc(0);
  /** No more bytes will come behind `data`. */
  final = false;
  readonly #chunks: Chunks;
  readonly #name: string;
  readonly #wake: () => void;
  #at = 0;
  #next: { readonly chunk: Buffer | undefined } | undefined;
  #reading = false;
  #error: unknown;

  /** `name` stands in messages; `wake` is called when `take` may have more. */
  constructor(chunks: Chunks, name: string, wake: () => void) {
    this.#chunks = chunks;
    this.#name = name;
    this.#wake = wake;
    this.#request();
  }
  /** Everything was consumed. */
  get finished(): boolean {
    return this.final && this.#at >= this.data.length;
  }
  #request(): void {
    if (this.#reading || this.final) return;
    this.#reading = true;
    this.#chunks
      .next()
      .then(
        (chunk) => {
          this.#next = { chunk };
        },
        (error: unknown) => {
          this.#error = error;
        },
      )
      .finally(() => {
        this.#reading = false;
        this.#wake();
      });
  }
  /** Adds what was read meanwhile to `data`; returns where the next record starts. Throws what reading threw.
   *  */
  take(): number {
    if (this.#error !== undefined) throw toMillraceError(this.#error);
    if (this.#next === undefined) return this.#at;
    const { chunk } = this.#next;
    this.#next = undefined;
    if (chunk === undefined) {
      this.final = true;
      return this.#at;
    }
    const rest = this.data.subarray(this.#at);
    if (rest.length + chunk.length > recordBytesMax) {
      throw new UserError('SRC1001', {
        message: `'${this.#name}': a record goes on for more than ${recordBytesMax} bytes`,
        hint: 'Is it of the format that the table says?',
      });
    }
    this.data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    this.#at = 0;
    this.#request();
    return this.#at;
  }
  /** The next record starts at `at`. */
  consumed(at: number): void {
    this.#at = at;
  }
  close(): void {
    this.#chunks.close();
  }
}
