/* Slots of one table: which are in use, which are free, which pages of them were written.
 *
 * Free slots are used again last-in first-out, so slot numbers are a function of the order of what comes and goes. A page
 * is 512 slots: 4 KiB of the widest cells. */

import { assert } from '#base';
import type { StateReader, StateWriter } from '../bytes.ts';
import { roomy } from '../growable.ts';
import { pageBits, type PageGuard } from '../page-guard.ts';

export class Slots implements PageGuard {
  /** Slots ever used: every live slot is below. */
  extent = 0;
  size = 0;
  /** 1 when the slot is in use. */
  live = new Uint8Array(16);
  #free = new Int32Array(0);
  #freeCount = 0;
  #dirty = new Uint8Array(16);
  /** Pages that the snapshot under way has still to copy: 1 each. */
  #watched = new Uint8Array(0);
  #left = 0;
  #nextPage = 0;
  #copy: (page: number) => void = () => {};

  take(): number {
    const slot = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.extent++;
    if (slot >= this.live.length) this.#grow(slot + 1);
    this.writeOne(slot);
    this.live[slot] = 1;
    this.size++;
    return slot;
  }
  #grow(size: number): void {
    this.live = roomy(this.live, size);
    this.#dirty = roomy(this.#dirty, (this.live.length >> pageBits) + 1);
  }
  /** Of a page that was written: see MemoryTable.release. */
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
    this.keepAll();
    this.live.fill(0, 0, this.extent);
    this.#dirty.fill(1, 0, (this.extent >> pageBits) + 1);
    this.#freeCount = 0;
    this.extent = 0;
    this.size = 0;
  }
  /** The pages of these slots were written. */
  write(slots: Int32Array, count: number): void {
    const dirty = this.#dirty;
    if (this.#left > 0) for (let i = 0; i < count; i++) this.#keep(slots[i]! >> pageBits);
    for (let i = 0; i < count; i++) dirty[slots[i]! >> pageBits] = 1;
  }
  writeOne(slot: number): void {
    if (this.#left > 0) this.#keep(slot >> pageBits);
    this.#dirty[slot >> pageBits] = 1;
  }

  watch(pages: number, copy: (page: number) => void): void {
    this.#watched = new Uint8Array(pages).fill(1);
    this.#left = pages;
    this.#nextPage = 0;
    this.#copy = copy;
  }
  #keep(page: number): void {
    if (this.#watched[page] !== 1) return;
    this.#watched[page] = 0;
    this.#left--;
    this.#copy(page);
  }
  copyNext(count: number): boolean {
    for (let n = 0; n < count && this.#left > 0; this.#nextPage++) {
      if (this.#watched[this.#nextPage] !== 1) continue;
      this.#keep(this.#nextPage);
      n++;
    }
    return this.#left === 0;
  }
  /** Copies all that is left, for all of it changes. */
  keepAll(): void {
    while (!this.copyNext(this.#left));
  }
  /** A snapshot still has to copy some of its pages. */
  get isWatched(): boolean {
    return this.#left > 0;
  }
  /** Numbers of the pages written since this was last asked. */
  takeDirtyPages(): number[] {
    const pages: number[] = [];
    for (let page = 0; page < this.#dirty.length; page++) if (this.#dirty[page] === 1) pages.push(page);
    this.#dirty.fill(0);
    return pages;
  }
  get bytes(): number {
    return this.live.byteLength + this.#free.byteLength + this.#dirty.byteLength;
  }
  snapshot(to: StateWriter): void {
    to.i32(this.extent);
    to.bySlot(() => this.live, this.extent);
    to.i32s(this.#free, this.#freeCount);
  }
  restore(from: StateReader): void {
    this.#left = 0;
    this.extent = from.i32();
    this.live = from.bytes();
    this.#free = from.i32s();
    this.#freeCount = this.#free.length;
    this.size = this.extent - this.#freeCount;
    this.#dirty = new Uint8Array((this.extent >> pageBits) + 1).fill(1);
  }
}
