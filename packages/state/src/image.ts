/* A snapshot that is taken while the state goes on changing: what is small is copied at once, arrays by slot are copied
 * page by page, behind the back of whoever works on them.
 *
 *   barrier ─▶ places for all arrays, pages of the table marked ─▶ rows go on
 *                                     │ a page is about to change: it is copied first
 *                                     └ between two batches: the pages that are left, some at a time ─▶ whole
 *
 * So the flow of rows stands still for the marks alone, whatever the size of the state (copy on write, as in the virtual
 * memory of a process that forked). */

import { assert } from '#base';
import { BytesWriter, type StateWriter } from './bytes.ts';
import { pageBits, type PageGuard, type SlotArray } from './page-guard.ts';

const pageSlots = 1 << pageBits;
/** Pages copied between two looks at the clock. */
const pagesPerLook = 8;
/** Bytes of strings copied at once. */
const keptStep = 1 << 20;

interface Placed {
  readonly read: () => SlotArray;
  /** Where its bytes begin in the image. */
  readonly at: number;
  readonly size: number;
}

interface Kept {
  readonly read: () => Uint8Array<ArrayBuffer>;
  readonly at: number;
  readonly size: number;
  /** Bytes that are copied. */
  done: number;
}

export class ImageWriter extends BytesWriter implements StateWriter {
  #guard: PageGuard | undefined;
  #placed: Placed[] = [];
  readonly #guards: PageGuard[] = [];
  readonly #kept: Kept[] = [];

  /** Arrays by slot that follow belong to this table: its pages are copied later. Undefined: they are copied at once. */
  override behind(guard: PageGuard | undefined): void {
    const placed = this.#placed;
    if (this.#guard !== undefined && placed.length > 0) {
      const { array } = this;
      const size = placed.reduce((most, p) => Math.max(most, p.size), 0);
      this.#guard.watch((size + pageSlots - 1) >> pageBits, (page) => {
        copyPage(placed, page, array());
      });
      this.#guards.push(this.#guard);
    }
    this.#placed = [];
    this.#guard = guard;
  }
  override bySlot(read: () => SlotArray, size: number): void {
    if (this.#guard === undefined) return super.bySlot(read, size);
    const at = this.place(size * read().BYTES_PER_ELEMENT);
    this.#placed.push({ read, at, size });
  }
  override kept(read: () => Uint8Array<ArrayBuffer>, length: number): void {
    if (this.#guard === undefined) return super.kept(read, length);
    this.#kept.push({ read, at: this.place(length), size: length, done: 0 });
  }
  /** What was written. Nothing may be written behind it. */
  image(): StateImage {
    assert(this.#guard === undefined, 'the last table of an image is closed');
    return new StateImage(this.written, this.#guards, this.#kept);
  }
  readonly array = (): Uint8Array => this.all;
}

function copyPage(placed: readonly Placed[], page: number, into: Uint8Array): void {
  const from = page << pageBits;
  for (const { read, at, size } of placed) {
    const end = Math.min(size, from + pageSlots);
    if (end <= from) continue;
    const array = read();
    const width = array.BYTES_PER_ELEMENT;
    into.set(
      new Uint8Array(array.buffer, array.byteOffset + from * width, (end - from) * width),
      at + from * width,
    );
  }
}

export class StateImage {
  readonly #bytes: Uint8Array;
  #guards: readonly PageGuard[];
  #kept: readonly Kept[];

  constructor(bytes: Uint8Array, guards: readonly PageGuard[] = [], kept: readonly Kept[] = []) {
    this.#bytes = bytes;
    this.#guards = guards;
    this.#kept = kept;
  }
  /** Copies pages until all are, or `expired` says that it is enough; true when the image is whole. */
  advance(expired: () => boolean): boolean {
    for (const guard of this.#guards) while (!guard.copyNext(pagesPerLook)) if (expired()) return false;
    for (const part of this.#kept) {
      while (part.done < part.size) {
        const end = Math.min(part.size, part.done + keptStep);
        this.#bytes.set(part.read().subarray(part.done, end), part.at + part.done);
        part.done = end;
        if (part.done < part.size && expired()) return false;
      }
    }
    this.#guards = [];
    this.#kept = [];
    return true;
  }
  /** The whole image. */
  get bytes(): Uint8Array {
    assert(this.#guards.length === 0 && this.#kept.length === 0, 'an image is whole when it is read');
    return this.#bytes;
  }
}
