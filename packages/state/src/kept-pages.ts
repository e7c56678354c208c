/* Pages that change before a snapshot has copied them, kept as they were. They are written one behind the other, for memory that
 * nobody has touched costs more than the copy: where they belong they are brought later, between two batches. */

import { assert } from '#base';
import { pageBytes, placeOfPage, type Piece } from './image-pieces.ts';
import type { SlotArray } from './page-guard.ts';

const chunkBytes = 1 << 20;
/** Words up to which a loop is faster than a call. */
const loopWordsMax = 256;

/** An array of the table, as words. */
interface Source {
  readonly piece: Piece;
  /** Of a page. */
  readonly bytes: number;
  array: SlotArray;
  words: Int32Array;
}

export class KeptPages {
  readonly #sources: readonly Source[];
  readonly #entryBytes: number;
  readonly #perChunk: number;
  readonly #chunks: (Int32Array<ArrayBuffer> | undefined)[] = [];
  /** By entry. */
  readonly #pages: number[] = [];
  #brought = 0;

  /** `pieces`: arrays by slot of one table. */
  constructor(pieces: readonly Piece[]) {
    this.#sources = pieces.map((piece) => {
      const array = piece.read();
      return { piece, bytes: wholeWords(piece.slotBytes << piece.bits), array, words: wordsOf(array) };
    });
    this.#entryBytes = this.#sources.reduce((bytes, source) => bytes + source.bytes, 0);
    this.#perChunk = Math.max(1, Math.floor(chunkBytes / this.#entryBytes));
  }

  keep(page: number): void {
    const entry = this.#pages.push(page) - 1;
    const chunk = (this.#chunks[Math.floor(entry / this.#perChunk)] ??= new Int32Array(
      (this.#perChunk * this.#entryBytes) >> 2,
    ));
    let at = ((entry % this.#perChunk) * this.#entryBytes) >> 2;
    for (const source of this.#sources) {
      if (placeOfPage(source.piece, page) >= 0) keepPage(source, page, chunk, at);
      at += source.bytes >> 2;
    }
  }
  /** Brings some of the pages to where they belong; true when all are there. */
  bring(count: number): boolean {
    const end = Math.min(this.#pages.length, this.#brought + count);
    for (; this.#brought < end; this.#brought++) {
      const index = Math.floor(this.#brought / this.#perChunk);
      const chunk = this.#chunks[index];
      assert(chunk !== undefined, 'pages are kept until they are brought');
      const nth = this.#brought % this.#perChunk;
      let at = nth * this.#entryBytes;
      const page = this.#pages[this.#brought]!;
      for (const { piece, bytes } of this.#sources) {
        const place = placeOfPage(piece, page);
        if (place >= 0) bringPage(piece, place, chunk, at, pageBytes(piece, page));
        at += bytes;
      }
      if (nth === this.#perChunk - 1) this.#chunks[index] = undefined;
    }
    return end === this.#pages.length;
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
function bringPage(
  piece: Piece,
  place: number,
  from: Int32Array<ArrayBuffer>,
  at: number,
  bytes: number,
): void {
  const words = bytes >> 2;
  if (((place | bytes) & 3) === 0 && words <= loopWordsMax) {
    const to = piece.copiedWords;
    const [first, start] = [place >> 2, at >> 2];
    for (let i = 0; i < words; i++) to[first + i] = from[start + i]!;
  } else piece.copied.set(new Uint8Array(from.buffer, at, bytes), place);
}
