/* Where the new blocks of an image go while it is taken.
 *
 *   room ─▶ the image fills it, page by page ─▶ put ─▶ number of the block
 */

export interface BlockOutput {
  /** Names the output in the parts that refer to its blocks. */
  readonly id: number;
  /** Blocks come and go as they should: who has no need to hurry waits while they do not. */
  readonly hasRoom: boolean;
  /** Memory for a block of so many bytes, from a multiple of 8 on; where none is free it is new. */
  room(bytes: number): Uint8Array<ArrayBuffer>;
  /** Takes a block that is whole, in memory that `room` gave; returns its number, from 0 on. */
  put(block: Uint8Array<ArrayBuffer>): number;
}

/** Where blocks go for good. */
export interface BlockTarget {
  /** Takes a block; returns its number, from 0 on. `written` is called with its memory once that is free again. */
  put(block: Uint8Array<ArrayBuffer>, written: (memory: ArrayBuffer) => void): number;
}

const chunkBytes = 1 << 20;

/** Keeps the blocks of an image, in memory of its own. */
export class MemoryBlocks implements BlockOutput {
  readonly id = -1;
  readonly hasRoom = true;
  readonly blocks: Uint8Array[] = [];
  #chunk = new ArrayBuffer(0);
  #used = 0;

  room(bytes: number): Uint8Array<ArrayBuffer> {
    if (this.#used + bytes > this.#chunk.byteLength) {
      this.#chunk = new ArrayBuffer(Math.max(bytes, chunkBytes));
      this.#used = 0;
    }
    const block = new Uint8Array(this.#chunk, this.#used, bytes);
    this.#used += (bytes + 7) & ~7;
    return block;
  }
  put(block: Uint8Array): number {
    return this.blocks.push(block) - 1;
  }
}
