/* What a snapshot that is taken while the state changes (image.ts) agrees on with the tables that it copies. */

/** Slots of a page: 512, 4 KiB of the widest cells. */
export const pageBits = 9;

export type SlotArray = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** The slots of a table in pages: who is about to write one reports it here first. */
export interface PageGuard {
  /** Calls `copy` for each page below `pages` once, before it changes or when `copyNext` gets to it; takes the place of one
   *  that was set before. */
  watch(pages: number, copy: (page: number) => void): void;
  /** Copies some of the pages that are left; true when none is. */
  copyNext(count: number): boolean;
}
