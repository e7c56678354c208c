/* What a snapshot that is taken while the state changes (image.ts) agrees on with the tables that it copies. */

/** What is copied, and what is referred to, as a whole. */
interface Grain {
  /** A page has 2 to the power of so many slots: rows that fall on all keys by chance make a copy of a page each. */
  readonly pageBits: number;
  /** Bytes of a block of pages. */
  readonly blockBytes: number;
  /** New bytes of an image from which on its blocks go out while it is taken. */
  readonly streamBytes: number;
}
const usual: Grain = { pageBits: 6, blockBytes: 1 << 16, streamBytes: 1 << 20 };
let grain = usual;
export const stateGrain = (): Grain => grain;
/** For tests: with pages and blocks of one slot no change that was reported hides one that was not. Of stores made from now
 *  on, until it is called without a grain. */
export function setStateGrain(to: Partial<Grain> = usual): void {
  grain = { ...usual, ...to };
}

export type SlotArray = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** Where a snapshot takes pages to. */
export interface PageCopies {
  /** The page changes next. */
  keep(page: number): void;
  /** Pages from `from` to before `end`, as they are. */
  copy(from: number, end: number): void;
}

/** The slots of a table in pages: who is about to write one reports it here first. */
export interface PageGuard {
  /** A page has 2 to the power of so many slots. */
  readonly bits: number;
  /** A number by which `changedSince` asks what changed behind this call. */
  mark(): number;
  /** Of the first `count` pages those that changed behind the mark: 1 each. */
  changedSince(mark: number, count: number): Uint8Array<ArrayBuffer>;
  /** Gives each page that is 1 in `pages` to `copies` once, before it changes or when `copyNext` gets to it; takes the place of
   *  a watch that was set before. */
  watch(pages: Uint8Array<ArrayBuffer>, copies: PageCopies): void;
  /** The first page that is still watched; Infinity: none is. */
  readonly nextWatched: number;
  /** Copies those of the pages that are left that lie side by side with the first of them, `count` at most; returns the page behind
   *  them. There is one at least. */
  copyNext(count: number): number;
}
