/* The end of an edge from another thread: items come out of a ring into a channel, one at a time.
 *
 *   ring ─▶ head ─▶ words, as they come ─▶ [nothing of the last item is under way] ─▶ channel
 *
 * The words lie in memory that is written again for each item, so the next batch waits until the last is through. */

import { BugError } from '#base';
import { viewBatch } from '#data';
import type { Channel, Item } from '../channel.ts';
import { itemKind, readBarrier } from './items.ts';
import type { Ring } from './ring.ts';

export class RingInlet {
  readonly channel: Channel;
  /** Every channel that what comes in here can get into, set once the share is wired. */
  reach: readonly Channel[] = [];
  readonly #ring: Ring;
  readonly #wakeWriter: () => void;
  /** Items that came so far. */
  received = 0;
  readonly #head = new Float64Array(1);
  readonly #headWords = new Int32Array(this.#head.buffer);
  #hasHead = false;
  #words = new Float64Array(1 << 13);
  #got = 0;

  constructor(channel: Channel, ring: Ring, wakeWriter: () => void) {
    this.channel = channel;
    this.#ring = ring;
    this.#wakeWriter = wakeWriter;
  }
  /** Moves what is there. True when an item went into the channel. */
  pump(): boolean {
    if (!this.channel.room || this.#ring.filled === 0) return false;
    for (const channel of this.reach) if (!channel.room) return false;
    const whole = this.#read();
    if (this.#ring.takeWaiting()) this.#wakeWriter();
    if (!whole) return false;
    this.#hasHead = false;
    this.received++;
    this.channel.put(this.#item());
    return true;
  }
  /** Reads on; true when the item is whole. */
  #read(): boolean {
    if (!this.#hasHead) {
      this.#ring.read(this.#head, 0, 1);
      this.#hasHead = true;
      this.#got = 0;
      if (this.#words.length < this.#size) this.#words = new Float64Array(this.#size * 2);
    }
    this.#got = this.#ring.read(this.#words, this.#got, this.#size);
    return this.#got === this.#size;
  }
  get #size(): number {
    return this.#headWords[1]!;
  }
  #item(): Item {
    const words = this.#words.subarray(0, this.#size);
    switch (this.#headWords[0]) {
      case itemKind.batch:
        return { kind: 'batch', batch: viewBatch(words) };
      case itemKind.barrier:
        return readBarrier(words);
      case itemKind.end:
        return { kind: 'end' };
      case itemKind.stop:
        return { kind: 'end', stopped: true };
      default:
        throw new BugError(`an item of a ring is of kind ${this.#headWords[0]}`);
    }
  }
}
