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
import { stateGrain, type PageGuard, type SlotArray } from './page-guard.ts';
import type { StatePart } from './part.ts';

/** Pages copied between two looks at the clock. */
const pagesPerLook = 8;
/** Bytes of strings copied at once. */
const keptStep = 1 << 20;

/** Where an array lies in an image. */
interface ArrayPlace {
  /** Its first byte in the image. */
  readonly at: number;
  /** Slots, or bytes of what is kept. */
  readonly size: number;
  readonly slotBytes: number;
  readonly version: number;
}
interface TablePlace {
  /** Pages that changed later are not what they are in the image. */
  readonly mark: number;
  /** In the order in which they were written. */
  readonly arrays: readonly ArrayPlace[];
}
/** Where the arrays of an image lie, by the guard of their table: for a later image that refers to it. */
export type ImageLayout = ReadonlyMap<PageGuard, TablePlace>;

/** Bytes of an array between those that were written at once. */
interface Piece extends ArrayPlace {
  /** Behind so many bytes of those that were written at once. */
  readonly behind: number;
  readonly read: () => SlotArray;
  /** Of its table's pages. */
  readonly bits: number;
  /** Slots of a block. */
  readonly blockSlots: number;
  /** By block: where its bytes go in `copied`, or -1 where they are as in the earlier image. */
  places: Float64Array;
  copied: Uint8Array;
  /** Where it lies in the earlier image. */
  before: number;
}
/** Bytes that are only ever added. */
interface KeptPiece extends Piece {
  /** Bytes that are copied, those of the earlier image included. */
  done: number;
}

const isKept = (piece: Piece): piece is KeptPiece => 'done' in piece;

export class ImageWriter extends BytesWriter implements StateWriter {
  readonly #base: ImageLayout | undefined;
  readonly #layout = new Map<PageGuard, TablePlace>();
  #guard: PageGuard | undefined;
  /** Of the table that is being written. */
  #arrays: Piece[] = [];
  readonly #pieces: Piece[] = [];
  #pieceBytes = 0;
  readonly #guards: PageGuard[] = [];

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
    const piece: Piece = {
      behind,
      at: behind + this.#pieceBytes,
      read,
      size,
      slotBytes,
      version,
      bits,
      blockSlots: Math.max(1 << bits, stateGrain().blockBytes / slotBytes),
      places: noPlaces,
      copied: noBytes,
      before: 0,
    };
    this.#pieceBytes += length;
    this.#pieces.push(piece);
    return piece;
  }
  /** All arrays of the table are known: which blocks of them are new is decided. */
  #close(guard: PageGuard, arrays: readonly Piece[]): void {
    const known = this.#base?.get(guard);
    // Arrays only ever join those of a table: as many as before are the same ones.
    const base = known?.arrays.length === arrays.length ? known : undefined;
    const pages = new Uint8Array(Math.max(0, ...arrays.map(pagesOf)));
    arrays.forEach((piece, i) => {
      const before = base?.arrays[i];
      const isSame = before?.version === piece.version && before.slotBytes === piece.slotBytes;
      placeBlocks(piece, isSame ? before : undefined, (page) => guard.changedSince(page, base!.mark), pages);
    });
    this.#layout.set(guard, { mark: guard.mark(), arrays: arrays.map(placeOf) });
    guard.watch(pages, (page) => {
      for (const piece of arrays) if (!isKept(piece)) copyPage(piece, page);
    });
    this.#guards.push(guard);
  }
  /** What was written. Nothing may be written behind it. */
  image(): StateImage {
    assert(this.#guard === undefined, 'the last table of an image is closed');
    return new StateImage(this.written, this.#pieces, this.#guards);
  }
  /** For a later image, once this one is kept. */
  get layout(): ImageLayout {
    return this.#layout;
  }
}
const noPlaces = new Float64Array(0);
const noBytes = new Uint8Array(0);
const placeOf = ({ at, size, slotBytes, version }: Piece): ArrayPlace => ({ at, size, slotBytes, version });
const pagesOf = (piece: Piece): number => (isKept(piece) ? 0 : pagesUpTo(piece.size, piece.bits));
const pagesUpTo = (slots: number, bits: number): number => (slots + (1 << bits) - 1) >> bits;

/** Finds the blocks of an array that are not as they were in `before`, makes room for them, and marks their pages. */
function placeBlocks(
  piece: Piece,
  before: ArrayPlace | undefined,
  changed: (page: number) => boolean,
  pages: Uint8Array<ArrayBuffer>,
): void {
  const { size, slotBytes, blockSlots, bits } = piece;
  piece.places = new Float64Array(Math.ceil(size / blockSlots));
  piece.before = before?.at ?? 0;
  let copied = 0;
  for (let block = 0; block < piece.places.length; block++) {
    const from = block * blockSlots;
    const end = Math.min(size, from + blockSlots);
    const firstPage = from >> bits;
    const endPage = pagesUpTo(end, bits);
    const isSameBlock = before !== undefined && end === Math.min(before.size, from + blockSlots);
    if (isSameBlock && (isKept(piece) || !anyPage(firstPage, endPage, changed))) {
      piece.places[block] = -1;
      continue;
    }
    piece.places[block] = copied;
    copied += (end - from) * slotBytes;
    if (!isKept(piece)) pages.fill(1, firstPage, endPage);
  }
  piece.copied = new Uint8Array(copied);
  // New bytes of what is kept lie at its end.
  if (isKept(piece)) piece.done = size - copied;
}
function anyPage(from: number, end: number, is: (page: number) => boolean): boolean {
  for (let page = from; page < end; page++) if (is(page)) return true;
  return false;
}
function copyPage(piece: Piece, page: number): void {
  const { read, size, slotBytes, bits, blockSlots, places, copied } = piece;
  const from = page << bits;
  if (from >= size) return;
  const block = Math.floor(from / blockSlots);
  const place = places[block]!;
  if (place < 0) return;
  const { buffer, byteOffset } = read();
  const bytes = (Math.min(size, from + (1 << bits)) - from) * slotBytes;
  copied.set(
    new Uint8Array(buffer, byteOffset + from * slotBytes, bytes),
    place + (from - block * blockSlots) * slotBytes,
  );
}

export class StateImage {
  readonly #atOnce: Uint8Array;
  readonly #pieces: readonly Piece[];
  #guards: readonly PageGuard[];
  #kept: readonly KeptPiece[];

  constructor(atOnce: Uint8Array, pieces: readonly Piece[] = [], guards: readonly PageGuard[] = []) {
    this.#atOnce = atOnce;
    this.#pieces = pieces;
    this.#guards = guards;
    this.#kept = pieces.filter(isKept);
  }
  /** Copies pages until all are, or `expired` says that it is enough; true when the image is whole. */
  advance(expired: () => boolean): boolean {
    for (const guard of this.#guards) while (!guard.copyNext(pagesPerLook)) if (expired()) return false;
    for (const piece of this.#kept) {
      const skipped = piece.size - piece.copied.length;
      while (piece.done < piece.size) {
        const end = Math.min(piece.size, piece.done + keptStep);
        piece.copied.set(piece.read().subarray(piece.done, end), piece.done - skipped);
        piece.done = end;
        if (piece.done < piece.size && expired()) return false;
      }
    }
    this.#guards = [];
    this.#kept = [];
    return true;
  }
  /** The whole image. */
  get part(): StatePart {
    assert(this.#guards.length === 0 && this.#kept.length === 0, 'an image is whole when it is read');
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
