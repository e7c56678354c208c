/* Slots of one table: which are in use, which are free.
 *
 * Free slots are used again last-in first-out, so slot numbers are a function of the order of what comes and goes. */

import { assert } from '#base';
import type { StateReader, StateWriter } from '../bytes.ts';
import { roomy } from '../growable.ts';
import { Pages } from './pages.ts';

export class Slots {
  readonly pages = new Pages();
  /** Slots ever used: every live slot is below. */
  extent = 0;
  size = 0;
  /** 1 when the slot is in use. */
  live = new Uint8Array(16);
  #free = new Int32Array(0);
  #freeCount = 0;

  take(): number {
    const slot = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.extent++;
    if (slot >= this.live.length) this.#grow(slot + 1);
    this.pages.touch(slot);
    this.live[slot] = 1;
    this.size++;
    return slot;
  }
  #grow(size: number): void {
    this.live = roomy(this.live, size);
    this.pages.ensure(this.live.length);
  }
  /** Of a page that was touched: see MemoryTable.release. */
  give(slot: number): void {
    assert(this.live[slot] === 1, 'only a live slot is removed');
    this.live[slot] = 0;
    this.#free = roomy(this.#free, this.#freeCount + 1);
    this.#free[this.#freeCount++] = slot;
    this.size--;
  }
  /** Takes back a slot that was taken last: as if it had never been. */
  undo(slot: number): void {
    this.give(slot);
    if (slot !== this.extent - 1) return;
    this.extent--;
    this.#freeCount--;
  }
  clear(): void {
    this.pages.touchAll();
    this.live.fill(0, 0, this.extent);
    this.#freeCount = 0;
    this.extent = 0;
    this.size = 0;
  }
  get bytes(): number {
    return this.live.byteLength + this.#free.byteLength + this.pages.bytes;
  }
  snapshot(to: StateWriter): void {
    to.i32(this.extent);
    to.bySlot(() => this.live, this.extent);
    to.i32s(this.#free, this.#freeCount);
  }
  restore(from: StateReader): void {
    this.extent = from.i32();
    this.live = from.bytes();
    this.#free = from.i32s();
    this.#freeCount = this.#free.length;
    this.size = this.extent - this.#freeCount;
    this.pages.ensure(this.extent);
    this.pages.touchAll();
  }
}
