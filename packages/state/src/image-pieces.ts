/* The arrays of an image: which blocks of each are not as they were in an earlier image, and how their pages get into them. */

import { assert, present } from '#base';
import type { BlockOutput } from './block-output.ts';
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

/** Memory of a block that is not whole yet. */
interface OpenBlock {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same memory, as far as it is whole words. */
  readonly words: Int32Array<ArrayBuffer>;
  pagesLeft: number;
}

/** Bytes of an array between those that were written at once. */
export interface Piece extends ArrayPlace {
  /** Behind so many bytes of those that were written at once. */
  readonly behind: number;
  readonly read: () => SlotArray;
  /** Of its table's pages. */
  readonly bits: number;
  /** Slots of a block, in whole pages. */
  readonly blockSlots: number;
  /** By block: its number in the output once it is whole, `pending` before, and `asBefore` where it is as in the earlier image. */
  blocks: Float64Array;
  readonly open: Map<number, OpenBlock>;
  /** Where it lies in the earlier image. */
  before: number;
}
export const pending = -1;
export const asBefore = -2;

/** Bytes that are only ever added. */
export interface KeptPiece extends Piece {
  /** Blocks that are looked at. */
  done: number;
}
export const isKept = (piece: Piece): piece is KeptPiece => 'done' in piece;

const noBlocks = new Float64Array(0);

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
  const pageBytes = array.slotBytes << place.bits;
  const pages = Math.max(1, Math.floor(stateGrain().blockBytes / pageBytes));
  return {
    ...array,
    ...place,
    blockSlots: pages << place.bits,
    blocks: noBlocks,
    open: new Map(),
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

/** The slots of a block. */
const slotsOf = ({ size, blockSlots }: Piece, block: number): number =>
  Math.min(size - block * blockSlots, blockSlots);
export const bytesOfBlock = (piece: Piece, block: number): number => slotsOf(piece, block) * piece.slotBytes;

/** Finds the blocks of an array that are not as they were in `before`, and marks their pages. `changed`: 1 for each page that
 *  changed since then. Returns the bytes of those blocks. */
export function findNewBlocks(
  piece: Piece,
  before: ArrayPlace | undefined,
  changed: Uint8Array,
  pages: Uint8Array<ArrayBuffer>,
): number {
  const { size, blockSlots, bits } = piece;
  piece.blocks = new Float64Array(Math.ceil(size / blockSlots)).fill(pending);
  piece.before = before?.at ?? 0;
  let bytes = 0;
  /** The first changed page from where it was last looked for. */
  let nextChanged = -1;
  for (let block = 0; block < piece.blocks.length; block++) {
    const from = block * blockSlots;
    const end = from + slotsOf(piece, block);
    const firstPage = from >> bits;
    const endPage = pagesUpTo(end, bits);
    if (before !== undefined && end === Math.min(before.size, from + blockSlots)) {
      if (!isKept(piece) && nextChanged < firstPage) {
        const found = changed.indexOf(1, firstPage);
        nextChanged = found < 0 ? Infinity : found;
      }
      if (isKept(piece) || nextChanged >= endPage) {
        piece.blocks[block] = asBefore;
        continue;
      }
    }
    bytes += bytesOfBlock(piece, block);
    if (!isKept(piece)) pages.fill(1, firstPage, endPage);
  }
  return bytes;
}

/** The block that a page of the array lies in, where it is new; -1 where it is as in the earlier image, or behind the last slot. */
export function newBlockOf({ bits, size, blockSlots, blocks }: Piece, page: number): number {
  const from = page << bits;
  if (from >= size) return -1;
  const block = Math.floor(from / blockSlots);
  return blocks[block] === asBefore ? -1 : block;
}
/** Bytes of a page of the array; the last one may have fewer than others. */
export const pageBytes = ({ bits, size, slotBytes }: Piece, page: number): number =>
  (Math.min(size, (page + 1) << bits) - (page << bits)) * slotBytes;

function openBlock(piece: Piece, block: number, output: BlockOutput): OpenBlock {
  const known = piece.open.get(block);
  if (known !== undefined) return known;
  assert(piece.blocks[block] === pending, 'a block is put together once');
  const bytes = output.room(bytesOfBlock(piece, block));
  const opened: OpenBlock = {
    bytes,
    words: new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2),
    pagesLeft: pagesUpTo(slotsOf(piece, block), piece.bits),
  };
  piece.open.set(block, opened);
  return opened;
}
function filled(piece: Piece, block: number, pages: number, output: BlockOutput): void {
  const open = present(piece.open.get(block), 'a block is open until it is whole');
  open.pagesLeft -= pages;
  if (open.pagesLeft > 0) return;
  piece.open.delete(block);
  piece.blocks[block] = output.put(open.bytes);
}

/** Copies pages from `from` to before `end`, as they are in the array, into the blocks that are new. */
export function copyPages(piece: Piece, from: number, end: number, output: BlockOutput): void {
  const { read, bits, size, slotBytes, blockSlots } = piece;
  const { buffer, byteOffset } = read();
  const pagesEnd = Math.min(end, pagesUpTo(size, bits));
  for (let page = from; page < pagesEnd; ) {
    const slot = page << bits;
    const block = Math.floor(slot / blockSlots);
    const start = block * blockSlots;
    const stop = Math.min(pagesEnd, (start + blockSlots) >> bits);
    if (piece.blocks[block] !== asBefore) {
      const bytes = (Math.min(size, stop << bits) - slot) * slotBytes;
      const values = new Uint8Array(buffer, byteOffset + slot * slotBytes, bytes);
      openBlock(piece, block, output).bytes.set(values, (slot - start) * slotBytes);
      filled(piece, block, stop - page, output);
    }
    page = stop;
  }
}

/** Words up to which a loop is faster than a call. */
export const loopWordsMax = 256;

/** Brings a page that lies in `from`, byte `at`, into its block. */
export function bringPage(
  piece: Piece,
  page: number,
  from: Int32Array<ArrayBuffer>,
  at: number,
  output: BlockOutput,
): void {
  const block = newBlockOf(piece, page);
  if (block < 0) return;
  const { bytes: target, words: to } = openBlock(piece, block, output);
  const place = ((page << piece.bits) - block * piece.blockSlots) * piece.slotBytes;
  const bytes = pageBytes(piece, page);
  const words = bytes >> 2;
  if (((place | bytes) & 3) === 0 && words <= loopWordsMax) {
    const [first, start] = [place >> 2, at >> 2];
    for (let i = 0; i < words; i++) to[first + i] = from[start + i]!;
  } else target.set(new Uint8Array(from.buffer, at, bytes), place);
  filled(piece, block, 1, output);
}

/** Copies the next block of what is only ever added, where it is new; true when there is none left. */
export function copyKept(piece: KeptPiece, output: BlockOutput): boolean {
  const { blocks, blockSlots } = piece;
  while (blocks[piece.done] === asBefore) piece.done++;
  if (piece.done === blocks.length) return true;
  const block = piece.done++;
  const bytes = output.room(bytesOfBlock(piece, block));
  const from = block * blockSlots;
  bytes.set(piece.read().subarray(from, from + bytes.length));
  blocks[block] = output.put(bytes);
  return piece.done === blocks.length;
}
