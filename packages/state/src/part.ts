/* What one node instance wrote at one epoch: its bytes, or those that changed and where the others lie in what it wrote before. */

import { assert } from '#base';
import { BytesReader } from './bytes.ts';

/** Plain data: it may go to another thread. */
export interface StatePart {
  /** Bytes of the whole. */
  readonly length: number;
  /** The whole block by block, two numbers each: its length, and where it begins in the earlier part that this one refers to,
   *  or -1 where its bytes are the next ones of `chunks`, or which block of its output it is (`blockInOutput`). */
  readonly blocks: Float64Array;
  readonly chunks: readonly Uint8Array[];
  /** The output that some of its blocks went to, by id. */
  readonly output?: number;
}
/** How a part says that its block is one of its output, by number; and back. */
export const blockInOutput = (number: number): number => -2 - number;

/** A part that refers to no other. */
export const partOf = (bytes: Uint8Array): StatePart => ({
  length: bytes.length,
  blocks: Float64Array.of(bytes.length, -1),
  chunks: [bytes],
});

/** A whole part that lies in these pieces, one behind the other. */
export const partIn = (pieces: readonly Uint8Array[]): StatePart => {
  const length = pieces.reduce((bytes, piece) => bytes + piece.length, 0);
  return { length, blocks: Float64Array.of(length, -1), chunks: pieces };
};
/** Reads a whole part, where it lies. */
export function readerOf({ blocks, chunks, length }: StatePart): BytesReader {
  for (let b = 1; b < blocks.length; b += 2) assert(blocks[b] === -1, 'a part that is read is whole');
  assert(chunks.reduce((bytes, c) => bytes + c.length, 0) === length, 'pieces of a part are all there');
  return new BytesReader(chunks);
}

/** All bytes of a part; `base`: those of the part that it refers to. */
export function bytesOf(part: StatePart, base?: Uint8Array): Uint8Array {
  const { blocks, chunks, length } = part;
  if (chunks.length === 1 && chunks[0]!.length === length) return chunks[0]!;
  const bytes = new Uint8Array(length);
  const own = new Chunks(chunks);
  let at = 0;
  for (let b = 0; b < blocks.length; b += 2) {
    const size = blocks[b]!;
    const from = blocks[b + 1]!;
    assert(from >= -1, 'blocks of a part that is read are not elsewhere');
    if (from < 0) own.read(size, bytes, at);
    else {
      assert(base !== undefined, 'a part is whole, or what it refers to is known');
      bytes.set(base.subarray(from, from + size), at);
    }
    at += size;
  }
  return bytes;
}

/** Bytes that lie in several arrays, read one after the other. */
export class Chunks {
  readonly #chunks: readonly Uint8Array[];
  #chunk = 0;
  #at = 0;

  constructor(chunks: readonly Uint8Array[]) {
    this.#chunks = chunks;
  }
  /** The next `size` bytes, in as many pieces as they lie in. */
  *next(size: number): Generator<Uint8Array> {
    for (let left = size; left > 0; ) {
      const chunk = this.#chunks[this.#chunk]!;
      const piece = chunk.subarray(this.#at, this.#at + left);
      if (this.#at + left >= chunk.length) {
        this.#chunk++;
        this.#at = 0;
      } else this.#at += left;
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }
  read(size: number, into: Uint8Array, at: number): void {
    let to = at;
    for (const piece of this.next(size)) {
      into.set(piece, to);
      to += piece.length;
    }
  }
}
