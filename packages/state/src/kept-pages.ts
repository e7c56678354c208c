/* Pages that change before a snapshot has copied them, kept as they were. They are written one behind the other, for memory that
 * nobody has touched costs more than the copy: where they belong they are brought when the snapshot gets to them. */

import { assert } from '#base';
import type { BlockOutput } from './block-output.ts';
import { bringPage, loopWordsMax, newBlockOf, pageBytes, type Piece } from './image-pieces.ts';
import type { SlotArray } from './page-guard.ts';

const chunkBytes = 1 << 20;

/** An array of the table, as words. */
interface Source {
  readonly piece: Piece;
  /** Of a page. */
  readonly bytes: number;
  array: SlotArray;
  words: Int32Array;
}
interface Chunk {
  readonly words: Int32Array<ArrayBuffer>;
  /** Pages in it that are still to be brought. */
  left: number;
}

export class KeptPages {
  readonly #sources: readonly Source[];
  readonly #entryBytes: number;
  readonly #perChunk: number;
  readonly #chunks: (Chunk | undefined)[] = [];
  readonly #pages: number;
  /** By page: its entry and 1, or 0. */
  #entries = new Int32Array(0);
  #count = 0;

  /** `pieces`: arrays by slot of one table of so many pages. */
  constructor(pieces: readonly Piece[], pages: number) {
    this.#sources = pieces.map((piece) => {
      const array = piece.read();
      return { piece, bytes: wholeWords(piece.slotBytes << piece.bits), array, words: wordsOf(array) };
    });
    this.#entryBytes = this.#sources.reduce((bytes, source) => bytes + source.bytes, 0);
    this.#perChunk = Math.max(1, Math.floor(chunkBytes / this.#entryBytes));
    this.#pages = pages;
  }

  keep(page: number): void {
    if (this.#count === 0) this.#entries = new Int32Array(this.#pages);
    const entry = this.#count++;
    this.#entries[page] = entry + 1;
    const { words } = (this.#chunks[Math.floor(entry / this.#perChunk)] ??= {
      words: new Int32Array((this.#perChunk * this.#entryBytes) >> 2),
      left: this.#perChunk,
    });
    let at = ((entry % this.#perChunk) * this.#entryBytes) >> 2;
    for (const source of this.#sources) {
      if (newBlockOf(source.piece, page) >= 0) keepPage(source, page, words, at);
      at += source.bytes >> 2;
    }
  }
  /** Brings those of the pages from `from` to before `end` that are kept to where they belong, `count` at most; returns the page
   *  behind them. */
  bring(
    from: number,
    end: number,
    { output, count }: { readonly output: BlockOutput; readonly count: number },
  ): number {
    if (this.#count === 0) return end;
    let left = count;
    let page = from;
    for (; page < end && left > 0; page++) {
      const entry = this.#entries[page]! - 1;
      if (entry < 0) continue;
      left--;
      const index = Math.floor(entry / this.#perChunk);
      const chunk = this.#chunks[index];
      assert(chunk !== undefined, 'pages are kept until they are brought');
      let at = (entry % this.#perChunk) * this.#entryBytes;
      for (const { piece, bytes } of this.#sources) {
        bringPage(piece, page, chunk.words, at, output);
        at += bytes;
      }
      if (--chunk.left === 0) this.#chunks[index] = undefined;
    }
    return page;
  }
}

const wholeWords = (bytes: number): number => (bytes + 3) & ~3;
function wordsOf({ buffer, byteOffset, byteLength }: SlotArray): Int32Array {
  return byteOffset % 4 === 0 ? new Int32Array(buffer, byteOffset, byteLength >> 2) : new Int32Array(0);
}
function keepPage(source: Source, page: number, to: Int32Array<ArrayBuffer>, at: number): void {
  const { piece } = source;
  const array = piece.read();
  if (array !== source.array) {
    source.array = array;
    source.words = wordsOf(array);
  }
  const start = (page << piece.bits) * piece.slotBytes;
  const bytes = pageBytes(piece, page);
  const words = bytes >> 2;
  const from = start >> 2;
  if (((start | bytes) & 3) === 0 && words <= loopWordsMax && from + words <= source.words.length) {
    const values = source.words;
    for (let i = 0; i < words; i++) to[at + i] = values[from + i]!;
  } else {
    const target = new Uint8Array(to.buffer, at << 2, bytes);
    target.set(new Uint8Array(array.buffer, array.byteOffset + start, bytes));
  }
}
