/* The end of an edge towards another thread: items go into a ring as words.
 *
 *   item ─▶ head (kind, words), words ─▶ ring      what there is no room for waits where it is: no other is put in
 */

import { assert } from '#base';
import { BatchFrame } from '#data';
import type { Item, Target } from '../channel.ts';
import { barrierWords, itemKind, writeBarrier } from './items.ts';
import type { Ring } from './ring.ts';

export class RingOutlet implements Target {
  readonly #ring: Ring;
  readonly #wakeReader: () => void;
  readonly #frame = new BatchFrame();
  /** Items put in so far. */
  sent = 0;
  readonly #head = new Float64Array(1);
  readonly #headWords = new Int32Array(this.#head.buffer);
  /** Of what is no batch: an epoch, and the one that its snapshot may refer to. */
  readonly #few = new Float64Array(barrierWords);
  /** What is going out: the words behind its head, and how far; -1: the head is still to go. */
  #rest: Float64Array | undefined;
  #at = 0;

  constructor(ring: Ring, wakeReader: () => void) {
    this.#ring = ring;
    this.#wakeReader = wakeReader;
  }
  get room(): boolean {
    return this.#rest === undefined || this.#drain(this.#rest);
  }
  put(item: Item): void {
    switch (item.kind) {
      case 'batch': {
        const { batch } = item;
        this.#frame.write(batch, undefined, batch.rows, batch.marks);
        return this.putFrame(this.#frame);
      }
      case 'barrier':
        writeBarrier(this.#few, item);
        return this.#send(itemKind.barrier, this.#few);
      case 'end':
        return this.#send(item.stopped === true ? itemKind.stop : itemKind.end, this.#few);
    }
  }
  putFrame(frame: BatchFrame): void {
    this.#send(itemKind.batch, frame.words);
  }
  #send(kind: number, words: Float64Array): void {
    assert(this.#rest === undefined, 'an outlet with room takes an item');
    this.sent++;
    this.#headWords[0] = kind;
    this.#headWords[1] = words.length;
    this.#rest = words;
    this.#at = -1;
    this.#drain(words);
  }
  /** True when all of it is in the ring. */
  #drain(words: Float64Array): boolean {
    for (let waited = false; ; waited = true) {
      const before = this.#at;
      if (this.#at < 0) this.#at = this.#ring.write(this.#head, 0, 1) - 1;
      if (this.#at >= 0) this.#at = this.#ring.write(words, this.#at, words.length);
      if (this.#at > before) this.#wakeReader();
      if (this.#at === words.length) {
        this.#rest = undefined;
        return true;
      }
      // The reader may have made room before it could know that somebody waits: one more try.
      if (waited) return false;
      this.#ring.waitForRoom();
    }
  }
}
