/* Numbers in the order of a comparison, each known by its position.
 *
 *   chunks   [a b c] [d e] [f g h i]      insert, remove: search for the chunk, then within it; splice there
 *   position  0       3     5             the sizes of the chunks in front, added up
 *
 * A chunk that grows full splits, one that shrinks joins its neighbour. So a change costs two binary searches, one splice
 * of a short array and a sum over n / 256 sizes: no linear work over what is held, up to millions of items. */

import { assert } from '#base';

const chunkMax = 512;

export class RankedList {
  readonly #compare: (a: number, b: number) => number;
  #chunks: number[][] = [];
  size = 0;
  /** What `#locate` found: a chunk and an index in it. */
  #chunk = 0;
  #index = 0;
  /** Where `at` was last, so that reading on is cheap: a chunk and the position of its first item. */
  #readChunk = 0;
  #readStart = 0;

  /** `compare` tells any two items apart. */
  constructor(compare: (a: number, b: number) => number) {
    this.#compare = compare;
  }

  /** The item's position, behind all that come before it. */
  insert(item: number): number {
    this.#locate(item);
    if (this.#chunk === this.#chunks.length) {
      if (this.#chunk === 0) this.#chunks.push([]);
      this.#chunk = this.#chunks.length - 1;
      this.#index = this.#chunks[this.#chunk]!.length;
    }
    const position = this.#position();
    const chunk = this.#chunks[this.#chunk]!;
    chunk.splice(this.#index, 0, item);
    if (chunk.length > chunkMax) this.#chunks.splice(this.#chunk + 1, 0, chunk.splice(chunkMax / 2));
    this.#changed(1);
    return position;
  }
  /** The position at which the item was. */
  remove(item: number): number {
    this.#locate(item);
    const chunk = this.#chunks[this.#chunk];
    assert(chunk?.[this.#index] === item, 'only an item of the list is removed');
    const position = this.#position();
    chunk.splice(this.#index, 1);
    this.#join(this.#chunk);
    this.#changed(-1);
    return position;
  }
  /** The item at a position below `size`. */
  at(position: number): number {
    assert(position >= 0 && position < this.size, 'a position within the list');
    if (position < this.#readStart) this.#readChunk = this.#readStart = 0;
    while (position - this.#readStart >= this.#chunks[this.#readChunk]!.length)
      this.#readStart += this.#chunks[this.#readChunk++]!.length;
    return this.#chunks[this.#readChunk]![position - this.#readStart]!;
  }
  /** All items in their order. */
  items(): Int32Array<ArrayBuffer> {
    return Int32Array.from(this.#chunks.flat());
  }
  /** Takes items that are in order, into an empty list. */
  fill(items: Int32Array): void {
    for (let at = 0; at < items.length; at += chunkMax / 2)
      this.#chunks.push([...items.subarray(at, at + chunkMax / 2)]);
    this.size = items.length;
  }

  /** The first place whose item does not come before `item`. */
  #locate(item: number): void {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const chunk = this.#chunks[middle]!;
      if (this.#compare(chunk[chunk.length - 1]!, item) < 0) low = middle + 1;
      else high = middle;
    }
    this.#chunk = low;
    const chunk = this.#chunks[low];
    low = 0;
    high = chunk?.length ?? 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(chunk![middle]!, item) < 0) low = middle + 1;
      else high = middle;
    }
    this.#index = low;
  }
  #position(): number {
    let position = this.#index;
    for (let c = 0; c < this.#chunk; c++) position += this.#chunks[c]!.length;
    return position;
  }
  /** A chunk that is empty goes; one that fits well into the next is put in front of it. */
  #join(at: number): void {
    const chunk = this.#chunks[at]!;
    const next = this.#chunks[at + 1];
    if (chunk.length > 0 && (next === undefined || chunk.length + next.length > chunkMax / 2)) return;
    if (chunk.length > 0) this.#chunks[at + 1] = [...chunk, ...next!];
    this.#chunks.splice(at, 1);
  }
  #changed(by: number): void {
    this.size += by;
    this.#readChunk = this.#readStart = 0;
  }
}
