/* A file, a slab after the other: while the records of one are scanned where they lie, the next is read. Slabs lie in the
 * thread's memory and are used again and again, so that a file costs no garbage, and no copy between disk and column.
 *
 *   slab    │      rest of the one before │ bytes of the file │
 *                                         ^ headroom
 *
 * A record that is longer than the headroom is put together in ordinary memory. */

import { assert, toMillraceError, UserError } from '#base';
import { threadMemory, type Region } from '#wasm';
import type { Fill } from './fill.ts';

const chunkBytes = 1 << 20;
const headroom = 1 << 19;
/** A record may go over so many bytes before it is taken for something that is no record at all. */
const recordBytesMax = 1 << 28;

interface Slab {
  readonly buffer: Buffer;
  /** Undefined: the memory had no room. */
  readonly region: Region | undefined;
}

/** The slabs of one source: one that is scanned, one that is read into. */
export class Slabs {
  readonly #free: Slab[] = [];
  #closed = false;

  take(): Slab {
    const slab = this.#free.pop();
    if (slab !== undefined) return slab;
    const memory = threadMemory();
    const region = memory.allocate(headroom + chunkBytes);
    const buffer =
      region === undefined
        ? Buffer.alloc(headroom + chunkBytes)
        : Buffer.from(memory.memory.buffer, region.address, headroom + chunkBytes);
    return { buffer, region };
  }
  /** Nobody reads it or writes it any more. */
  give(slab: Slab): void {
    if (!this.#closed) this.#free.push(slab);
    else if (slab.region !== undefined) threadMemory().free(slab.region);
  }
  /** Those that are still read into go when they are given back. */
  close(): void {
    assert(!this.#closed, 'slabs are closed once');
    this.#closed = true;
    for (const slab of this.#free.splice(0)) this.give(slab);
  }
}

export class SlabReader {
  data: Buffer = Buffer.alloc(0);
  /** No more bytes will come behind `data`. */
  final = false;
  readonly #fill: Fill;
  readonly #slabs: Slabs;
  readonly #name: string;
  readonly #wake: () => void;
  #at = 0;
  /** Holds `data`, unless that was put together. */
  #slab: Slab | undefined;
  #next: { readonly slab: Slab; readonly length: number } | undefined;
  #error: unknown;
  #closed = false;

  /** `name` stands in messages; `wake` is called when `take` may have more. */
  constructor(fill: Fill, slabs: Slabs, name: string, wake: () => void) {
    this.#fill = fill;
    this.#slabs = slabs;
    this.#name = name;
    this.#wake = wake;
    this.#request();
  }
  /** Everything was consumed. */
  get finished(): boolean {
    return this.final && this.#at >= this.data.length;
  }
  #request(): void {
    const slab = this.#slabs.take();
    this.#fill
      .next(slab.buffer, headroom, chunkBytes)
      .then(
        (length) => {
          if (this.#closed) this.#slabs.give(slab);
          else this.#next = { slab, length };
        },
        (error: unknown) => {
          this.#error = error;
          this.#slabs.give(slab);
        },
      )
      .finally(() => {
        if (!this.#closed) this.#wake();
      });
  }

  /** Adds what was read meanwhile to `data`; returns where the next record starts. What was made of `data` before is no
   *  longer read. Throws what reading threw. */
  take(): number {
    if (this.#error !== undefined) throw toMillraceError(this.#error);
    if (this.#next === undefined) return this.#at;
    const { slab, length } = this.#next;
    this.#next = undefined;
    if (length === 0) {
      this.final = true;
      this.#slabs.give(slab);
      return this.#at;
    }
    const rest = this.data.subarray(this.#at);
    if (rest.length + length > recordBytesMax) {
      throw new UserError('SRC1001', {
        message: `'${this.#name}': a record goes on for more than ${recordBytesMax} bytes`,
        hint: 'Is it of the format that the table says?',
      });
    }
    const end = headroom + length;
    const fits = rest.length <= headroom;
    if (fits) rest.copy(slab.buffer, headroom - rest.length);
    this.data = fits
      ? slab.buffer.subarray(headroom - rest.length, end)
      : Buffer.concat([rest, slab.buffer.subarray(headroom, end)]);
    if (this.#slab !== undefined) this.#slabs.give(this.#slab);
    this.#slab = fits ? slab : undefined;
    if (!fits) this.#slabs.give(slab);
    this.#at = 0;
    this.#request();
    return 0;
  }
  /** The next record starts at `at`. */
  consumed(at: number): void {
    this.#at = at;
  }
  /** What was made of `data` is no longer read. */
  close(): void {
    this.#closed = true;
    this.#fill.close();
    if (this.#slab !== undefined) this.#slabs.give(this.#slab);
    if (this.#next !== undefined) this.#slabs.give(this.#next.slab);
    this.#slab = this.#next = undefined;
  }
}
