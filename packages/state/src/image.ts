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
import { MemoryBlocks, type BlockOutput } from './block-output.ts';
import {
  asBefore,
  bytesOfBlock,
  copyKept,
  copyPages,
  findNewBlocks,
  isKept,
  pending,
  pagesOf,
  pieceOf,
  placeOf,
  type ImageLayout,
  type KeptPiece,
  type Piece,
  type TablePlace,
} from './image-pieces.ts';
import { KeptPages } from './kept-pages.ts';
import { stateGrain, type PageGuard, type SlotArray } from './page-guard.ts';
import { blockInOutput, type StatePart } from './part.ts';

/** Pages copied between two looks at the clock. */
const pagesPerLook = 64;

/** A table whose pages are still copied. */
interface WatchedTable {
  readonly guard: PageGuard;
  readonly kept: KeptPages;
  readonly pages: number;
  /** Pages in front of this one are where they belong. */
  nextPage: number;
}
/** Where an image puts its blocks: known once all that is new is. */
interface Destination {
  output: BlockOutput;
}
/** Of an image that is being taken. `waits`: its output has no room for now. */
export type ImageProgress = 'whole' | 'goes on' | 'waits';

export class ImageWriter extends BytesWriter implements StateWriter {
  readonly #base: ImageLayout | undefined;
  readonly #layout = new Map<PageGuard, TablePlace>();
  #guard: PageGuard | undefined;
  /** Of the table that is being written. */
  #arrays: Piece[] = [];
  readonly #pieces: Piece[] = [];
  #pieceBytes = 0;
  #newBytes = 0;
  readonly #tables: WatchedTable[] = [];
  readonly #to: Destination = { output: new MemoryBlocks() };

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
    const piece: KeptPiece = Object.assign(this.#piece(this.#guard, read, length, 1, version), { done: 0 });
    this.#arrays.push(piece);
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
      this.#newBytes += findNewBlocks(piece, isSame ? before : undefined, changed, pages);
    });
    this.#layout.set(guard, { mark: guard.mark(), arrays: arrays.map(placeOf) });
    const bySlot = arrays.filter((piece) => !isKept(piece));
    const kept = new KeptPages(bySlot, count);
    const to = this.#to;
    guard.watch(pages, {
      keep: (page) => {
        kept.keep(page);
      },
      copy: (from, end) => {
        for (const piece of bySlot) copyPages(piece, from, end, to.output);
      },
    });
    this.#tables.push({ guard, kept, pages: count, nextPage: 0 });
  }
  /** What was written; `output` takes its blocks, where they are many. Nothing may be written behind it, nor the state changed
   *  in between. */
  image(output?: BlockOutput): StateImage {
    assert(this.#guard === undefined, 'the last table of an image is closed');
    if (output !== undefined && this.#newBytes >= stateGrain().streamBytes) this.#to.output = output;
    return new StateImage(this.written, { pieces: this.#pieces, tables: this.#tables, to: this.#to });
  }
  /** For a later image, once this one is kept. */
  get layout(): ImageLayout {
    return this.#layout;
  }
}

interface CopiedLater {
  readonly pieces: readonly Piece[];
  readonly tables: readonly WatchedTable[];
  readonly to: Destination;
}
const nothingLater: CopiedLater = { pieces: [], tables: [], to: { output: new MemoryBlocks() } };

export class StateImage {
  readonly #atOnce: Uint8Array;
  readonly #pieces: readonly Piece[];
  readonly #output: BlockOutput;
  #tables: readonly WatchedTable[];
  #kept: readonly KeptPiece[];

  constructor(atOnce: Uint8Array, { pieces, tables, to }: CopiedLater = nothingLater) {
    this.#atOnce = atOnce;
    this.#pieces = pieces;
    this.#output = to.output;
    this.#tables = tables;
    this.#kept = pieces.filter(isKept);
  }
  /** Copies pages until all are, `expired` says that it is enough, or the output has no room. */
  advance(expired: () => boolean): ImageProgress {
    const output = this.#output;
    for (const table of this.#tables)
      while (table.nextPage < table.pages) {
        if (!output.hasRoom) return 'waits';
        passPages(table, output);
        if (expired()) return 'goes on';
      }
    for (const piece of this.#kept)
      for (;;) {
        if (!output.hasRoom) return 'waits';
        if (copyKept(piece, output)) break;
        if (expired()) return 'goes on';
      }
    this.#tables = [];
    this.#kept = [];
    return 'whole';
  }
  /** The whole image. */
  get part(): StatePart {
    assert(this.#tables.length === 0 && this.#kept.length === 0, 'an image is whole when it is read');
    const blocks: number[] = [];
    const chunks: Uint8Array[] = [];
    const inMemory = this.#output instanceof MemoryBlocks ? this.#output.blocks : undefined;
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
      piece.blocks.forEach((number, block) => {
        assert(number !== pending, 'every block of an image is whole');
        const bytes = bytesOfBlock(piece, block);
        if (number === asBefore) return add(bytes, piece.before + block * piece.blockSlots * piece.slotBytes);
        if (inMemory === undefined) return add(bytes, blockInOutput(number));
        chunks.push(inMemory[number]!);
        add(bytes, -1);
      });
    }
    addAtOnce(this.#atOnce.length);
    return { length, blocks: Float64Array.from(blocks), chunks, output: this.#output.id };
  }
}
/** Brings some pages of a table to where they belong. */
function passPages(table: WatchedTable, output: BlockOutput): void {
  const { guard, kept, pages, nextPage } = table;
  const watched = Math.min(pages, guard.nextWatched);
  table.nextPage =
    watched > nextPage
      ? kept.bring(nextPage, watched, { output, count: pagesPerLook })
      : guard.copyNext(pagesPerLook);
}
