/* A snapshot that is taken while the state goes on changing: what is small is copied at once, arrays by slot are copied
 * page by page, behind the back of whoever works on them, and only where they changed since an earlier image.
 *
 *   barrier ─▶ blocks of all arrays: as in the earlier image, or new; pages of the new ones marked ─▶ rows go on
 *                                     │ a marked page is about to change: it is copied first
 *                                     └ between two batches: the pages that are left, some at a time ─▶ whole
 *
 * So the flow of rows stands still for the marks alone, whatever the size of the state (copy on write, as in the virtual
 * memory of a process that forked), and what does not change is neither copied nor written again. */

import { assert } from '#base';
import { BytesWriter, type StateWriter } from './bytes.ts';
import {
  copyPages,
  isKept,
  pagesOf,
  pieceOf,
  placeBlocks,
  placeOf,
  type ImageLayout,
  type KeptPiece,
  type Piece,
  type TablePlace,
} from './image-pieces.ts';
import { KeptPages } from './kept-pages.ts';
import type { PageGuard, SlotArray } from './page-guard.ts';
import type { StatePart } from './part.ts';

/** Pages copied between two looks at the clock. */
const pagesPerLook = 64;
/** Bytes of strings copied at once. */
const keptStep = 1 << 20;

/** A table whose pages are still copied. */
interface WatchedTable {
  readonly guard: PageGuard;
  readonly kept: KeptPages;
}

export class ImageWriter extends BytesWriter implements StateWriter {
  readonly #base: ImageLayout | undefined;
  readonly #layout = new Map<PageGuard, TablePlace>();
  #guard: PageGuard | undefined;
  /** Of the table that is being written. */
  #arrays: Piece[] = [];
  readonly #pieces: Piece[] = [];
  #pieceBytes = 0;
  readonly #tables: WatchedTable[] = [];

  /** `base`: the layout of an earlier image of the same store, to which this one refers. */
  constructor(expected?: number, base?: ImageLayout) {
    super(expected);
    this.#base = base;
  }

  /** Arrays by slot that follow belong to this table: its pages are copied later. Undefined: they are copied at once. */
  override behind(guard: PageGuard | undefined): void {
    if (this.#guard !== undefined) this.#close(this.#guard, this.#arrays);
    this.#arrays = [];
    this.#guard = guard;
  }
  override bySlot(read: () => SlotArray, size: number, perSlot = 1, version = 0): void {
    if (this.#guard === undefined) return super.bySlot(read, size, perSlot);
    const slotBytes = read().BYTES_PER_ELEMENT * perSlot;
    this.#arrays.push(this.#piece(this.#guard, read, size, slotBytes, version));
  }
  override kept(read: () => Uint8Array<ArrayBuffer>, length: number, version = 0): void {
    if (this.#guard === undefined) return super.kept(read, length);
    this.#arrays.push(Object.assign(this.#piece(this.#guard, read, length, 1, version), { done: 0 }));
  }
  #piece(
    { bits }: PageGuard,
    read: () => SlotArray,
    size: number,
    slotBytes: number,
    version: number,
  ): Piece {
    const length = size * slotBytes;
    this.i32(length);
    const behind = this.used;
    const piece = pieceOf(
      { read, size, slotBytes, version },
      { behind, at: behind + this.#pieceBytes, bits },
    );
    this.#pieceBytes += length;
    this.#pieces.push(piece);
    return piece;
  }
  /** All arrays of the table are known: which blocks of them are new is decided. */
  #close(guard: PageGuard, arrays: readonly Piece[]): void {
    const known = this.#base?.get(guard);
    // Arrays only ever join those of a table: as many as before are the same ones.
    const base = known?.arrays.length === arrays.length ? known : undefined;
    const count = Math.max(0, ...arrays.map(pagesOf));
    const pages = new Uint8Array(count);
    const changed = base === undefined ? pages : guard.changedSince(base.mark, count);
    arrays.forEach((piece, i) => {
      const before = base?.arrays[i];
      const isSame = before?.version === piece.version && before.slotBytes === piece.slotBytes;
      placeBlocks(piece, isSame ? before : undefined, changed, pages);
    });
    this.#layout.set(guard, { mark: guard.mark(), arrays: arrays.map(placeOf) });
    const bySlot = arrays.filter((piece) => !isKept(piece));
    const kept = new KeptPages(bySlot);
    guard.watch(pages, {
      keep: (page) => {
        kept.keep(page);
      },
      copy: (from, end) => {
        for (const piece of bySlot) copyPages(piece, from, end);
      },
    });
    this.#tables.push({ guard, kept });
  }
  /** What was written. Nothing may be written behind it. */
  image(): StateImage {
    assert(this.#guard === undefined, 'the last table of an image is closed');
    return new StateImage(this.written, this.#pieces, this.#tables);
  }
  /** For a later image, once this one is kept. */
  get layout(): ImageLayout {
    return this.#layout;
  }
}
export class StateImage {
  readonly #atOnce: Uint8Array;
  readonly #pieces: readonly Piece[];
  #tables: readonly WatchedTable[];
  #kept: readonly KeptPiece[];

  constructor(atOnce: Uint8Array, pieces: readonly Piece[] = [], tables: readonly WatchedTable[] = []) {
    this.#atOnce = atOnce;
    this.#pieces = pieces;
    this.#tables = tables;
    this.#kept = pieces.filter(isKept);
  }
  /** Copies pages until all are, or `expired` says that it is enough; true when the image is whole. */
  advance(expired: () => boolean): boolean {
    for (const { guard, kept } of this.#tables)
      while (!(kept.bring(pagesPerLook) && guard.copyNext(pagesPerLook))) if (expired()) return false;
    for (const piece of this.#kept) {
      const skipped = piece.size - piece.copied.length;
      while (piece.done < piece.size) {
        const end = Math.min(piece.size, piece.done + keptStep);
        piece.copied.set(piece.read().subarray(piece.done, end), piece.done - skipped);
        piece.done = end;
        if (piece.done < piece.size && expired()) return false;
      }
    }
    this.#tables = [];
    this.#kept = [];
    return true;
  }
  /** The whole image. */
  get part(): StatePart {
    assert(this.#tables.length === 0 && this.#kept.length === 0, 'an image is whole when it is read');
    const blocks: number[] = [];
    const chunks: Uint8Array[] = [];
    let length = 0;
    const add = (size: number, from: number): void => {
      if (size > 0) blocks.push(size, from);
      length += size;
    };
    let at = 0;
    const addAtOnce = (end: number): void => {
      add(end - at, -1);
      if (end > at) chunks.push(this.#atOnce.subarray(at, end));
      at = end;
    };
    for (const piece of this.#pieces) {
      addAtOnce(piece.behind);
      const { places, blockSlots, slotBytes, size, before, copied } = piece;
      for (let block = 0; block < places.length; block++) {
        const from = block * blockSlots;
        const bytes = (Math.min(size, from + blockSlots) - from) * slotBytes;
        add(bytes, places[block]! < 0 ? before + from * slotBytes : -1);
      }
      if (copied.length > 0) chunks.push(copied);
    }
    addAtOnce(this.#atOnce.length);
    return { length, blocks: Float64Array.from(blocks), chunks };
  }
}
