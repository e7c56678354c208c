/* The arrays of an image: which blocks of each are not as they were in an earlier image, and how their pages get there. */

import { stateGrain, type PageGuard, type SlotArray } from './page-guard.ts';

/** Where an array lies in an image. */
export interface ArrayPlace {
  /** Its first byte in the image. */
  readonly at: number;
  /** Slots, or bytes of what is kept. */
  readonly size: number;
  readonly slotBytes: number;
  readonly version: number;
}
export interface TablePlace {
  /** Pages that changed later are not what they are in the image. */
  readonly mark: number;
  /** In the order in which they were written. */
  readonly arrays: readonly ArrayPlace[];
}
/** Where the arrays of an image lie, by the guard of their table: for a later image that refers to it. */
export type ImageLayout = ReadonlyMap<PageGuard, TablePlace>;

/** Bytes of an array between those that were written at once. */
export interface Piece extends ArrayPlace {
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
  /** The same memory, as far as it is whole words. */
  copiedWords: Int32Array;
  /** Where it lies in the earlier image. */
  before: number;
}
/** Bytes that are only ever added. */
export interface KeptPiece extends Piece {
  /** Bytes that are copied, those of the earlier image included. */
  done: number;
}
export const isKept = (piece: Piece): piece is KeptPiece => 'done' in piece;

const noPlaces = new Float64Array(0);
const noBytes = new Uint8Array(0);
const noWords = new Int32Array(0);

/** An array of `size` slots behind so many bytes written at once and, in the image, `at`. */
export function pieceOf(
  array: {
    readonly read: () => SlotArray;
    readonly size: number;
    readonly slotBytes: number;
    readonly version: number;
  },
  place: { readonly behind: number; readonly at: number; readonly bits: number },
): Piece {
  const blockSlots = Math.max(1 << place.bits, Math.floor(stateGrain().blockBytes / array.slotBytes));
  return {
    ...array,
    ...place,
    blockSlots,
    places: noPlaces,
    copied: noBytes,
    copiedWords: noWords,
    before: 0,
  };
}

export const placeOf = ({ at, size, slotBytes, version }: Piece): ArrayPlace => ({
  at,
  size,
  slotBytes,
  version,
});
export const pagesOf = (piece: Piece): number => (isKept(piece) ? 0 : pagesUpTo(piece.size, piece.bits));
const pagesUpTo = (slots: number, bits: number): number => (slots + (1 << bits) - 1) >> bits;

/** Finds the blocks of an array that are not as they were in `before`, makes room for them, and marks their pages. `changed`: 1
 *  for each page that changed since then. */
export function placeBlocks(
  piece: Piece,
  before: ArrayPlace | undefined,
  changed: Uint8Array,
  pages: Uint8Array<ArrayBuffer>,
): void {
  const { size, slotBytes, blockSlots, bits } = piece;
  piece.places = new Float64Array(Math.ceil(size / blockSlots));
  piece.before = before?.at ?? 0;
  let copied = 0;
  /** The first changed page from where it was last looked for. */
  let nextChanged = -1;
  for (let block = 0; block < piece.places.length; block++) {
    const from = block * blockSlots;
    const end = Math.min(size, from + blockSlots);
    const firstPage = from >> bits;
    const endPage = pagesUpTo(end, bits);
    if (before !== undefined && end === Math.min(before.size, from + blockSlots)) {
      if (!isKept(piece) && nextChanged < firstPage) {
        const found = changed.indexOf(1, firstPage);
        nextChanged = found < 0 ? Infinity : found;
      }
      if (isKept(piece) || nextChanged >= endPage) {
        piece.places[block] = -1;
        continue;
      }
    }
    piece.places[block] = copied;
    copied += (end - from) * slotBytes;
    if (!isKept(piece)) pages.fill(1, firstPage, endPage);
  }
  piece.copied = new Uint8Array(copied);
  piece.copiedWords = new Int32Array(piece.copied.buffer, 0, copied >> 2);
  // New bytes of what is kept lie at its end.
  if (isKept(piece)) piece.done = size - copied;
}

/** Where the first slot of a page goes in `copied`; -1 where the page is as in the earlier image, or behind the last slot. */
export function placeOfPage({ bits, size, slotBytes, blockSlots, places }: Piece, page: number): number {
  const from = page << bits;
  if (from >= size) return -1;
  const block = Math.floor(from / blockSlots);
  const place = places[block]!;
  return place < 0 ? -1 : place + (from - block * blockSlots) * slotBytes;
}
/** Bytes of a page of the array; the last one may have fewer than others. */
export const pageBytes = ({ bits, size, slotBytes }: Piece, page: number): number =>
  (Math.min(size, (page + 1) << bits) - (page << bits)) * slotBytes;

/** Copies pages from `from` to before `end`, as they are in the array. */
export function copyPages(piece: Piece, from: number, end: number): void {
  const { read, bits, slotBytes, copied } = piece;
  const { buffer, byteOffset } = read();
  for (let page = from; page < end; ) {
    const place = placeOfPage(piece, page);
    const first = page;
    let bytes = 0;
    // As many as lie one behind the other there too.
    while (page < end && place >= 0 && placeOfPage(piece, page) === place + bytes)
      bytes += pageBytes(piece, page++);
    if (bytes === 0) page++;
    else copied.set(new Uint8Array(buffer, byteOffset + (first << bits) * slotBytes, bytes), place);
  }
}
