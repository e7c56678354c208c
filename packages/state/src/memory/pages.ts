/* Pages of arrays by slot: since when each is what it is, and which of them the snapshot under way has still to copy. */

import { roomy } from '../growable.ts';
import { stateGrain, type PageCopies, type PageGuard } from '../page-guard.ts';

const noCopies: PageCopies = { keep: () => {}, copy: () => {} };

export class Pages implements PageGuard {
  readonly bits = stateGrain().pageBits;
  /** By page: the mark that was the next one when it last changed. */
  #changed = new Int32Array(16);
  #nextMark = 1;
  /** Pages that the snapshot under way has still to copy: 1 each. */
  #watched = new Uint8Array(0);
  #left = 0;
  #nextPage = 0;
  #copies: PageCopies = noCopies;

  /** Room for the pages of so many slots. */
  ensure(slots: number): void {
    this.#changed = roomy(this.#changed, (slots >> this.bits) + 1);
  }
  /** The slot is about to change. */
  touch(slot: number): void {
    const page = slot >> this.bits;
    if (this.#left > 0) this.#keep(page);
    this.#changed[page] = this.#nextMark;
  }
  touchSlots(slots: Int32Array, count: number): void {
    const changed = this.#changed;
    const mark = this.#nextMark;
    const { bits } = this;
    if (this.#left > 0) for (let i = 0; i < count; i++) this.#keep(slots[i]! >> bits);
    for (let i = 0; i < count; i++) changed[slots[i]! >> bits] = mark;
  }
  /** All slots are about to change. */
  touchAll(): void {
    while (this.#left > 0) this.copyNext(this.#left);
    this.#changed.fill(this.#nextMark);
  }

  mark(): number {
    return this.#nextMark++;
  }
  changedSince(mark: number, count: number): Uint8Array<ArrayBuffer> {
    const changed = this.#changed;
    const since = new Uint8Array(count);
    for (let page = 0; page < count; page++) if (changed[page]! > mark) since[page] = 1;
    return since;
  }
  watch(pages: Uint8Array<ArrayBuffer>, copies: PageCopies): void {
    this.#watched = pages;
    this.#left = 0;
    for (let page = 0; page < pages.length; page++) this.#left += pages[page]!;
    this.#nextPage = 0;
    this.#copies = copies;
  }
  #keep(page: number): void {
    if (this.#watched[page] !== 1) return;
    this.#watched[page] = 0;
    this.#left--;
    this.#copies.keep(page);
  }
  get nextWatched(): number {
    if (this.#left === 0) return Infinity;
    return (this.#nextPage = this.#watched.indexOf(1, this.#nextPage));
  }
  copyNext(count: number): number {
    const from = this.nextWatched;
    const watched = this.#watched;
    let end = from + 1;
    while (end - from < count && watched[end] === 1) end++;
    watched.fill(0, from, end);
    this.#left -= end - from;
    this.#nextPage = end;
    this.#copies.copy(from, end);
    return end;
  }
  /** A snapshot still has to copy some of them. */
  get isWatched(): boolean {
    return this.#left > 0;
  }
  get bytes(): number {
    return this.#changed.byteLength;
  }
}
