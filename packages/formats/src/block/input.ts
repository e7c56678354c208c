/* Puts columns where the block's code can read them: those that lie in the thread's memory stay, others are copied
 * behind each other into scratch space.
 *
 *   scratch   arrays: validity, values, starts, lengths │ texts: bytes of strings, and what the reference made */

import { ByteWriter, UserError } from '#base';
import type { BytesColumn, Column } from '#data';
import type { Region, ThreadMemory } from '#wasm';
import { entryWord, type Cell, type CellWriter } from './cell.ts';

type Values = Uint8Array | Int32Array | Float64Array | BigInt64Array;

/** Bytes of arrays that a row of a cell takes at most: validity, values, lengths. */
export const arrayBytes = 1 + 8 + 4;
/** Behind the last text a vector may be read. */
const textSlack = 16;

/** The rows of one call; fewer once some do not fit. */
interface Span {
  readonly from: number;
  rows: number;
}

export class BlockInput {
  readonly #memory: ThreadMemory;
  readonly #arrays: Region;
  readonly #texts: Region;
  /** Of columns without nulls, and of timestamps without nanoseconds. */
  readonly #ones: number;
  readonly #zeros: number;
  readonly #entries: Int32Array;
  readonly #entriesAt: number;
  /** Behind ones and zeros. */
  readonly #start: number;
  readonly #made = new ByteWriter();
  #arrayAt = 0;
  #textAt = 0;

  private constructor(
    memory: ThreadMemory,
    arrays: Region,
    texts: Region,
    rowsMax: number,
    entries: { readonly address: number; readonly words: number },
  ) {
    this.#memory = memory;
    this.#arrays = arrays;
    this.#texts = texts;
    this.#ones = arrays.address;
    this.#zeros = arrays.address + rowsMax;
    this.#entries = new Int32Array(memory.memory.buffer, entries.address, entries.words);
    this.#entriesAt = entries.address;
    memory.bytes.fill(1, this.#ones, this.#zeros);
    memory.bytes.fill(0, this.#zeros, this.#zeros + 4 * rowsMax);
    this.#start = this.#zeros + 4 * rowsMax;
  }

  /** Undefined when the memory has no room. */
  static create(
    memory: ThreadMemory,
    rowsMax: number,
    cells: number,
    textBytes: number,
    entries: { readonly address: number; readonly words: number },
  ): BlockInput | undefined {
    // Each array starts at a multiple of 8.
    const arrays = memory.allocate(rowsMax * (5 + cells * arrayBytes) + (3 * cells + 2) * 8);
    const texts = memory.allocate(textBytes);
    if (arrays !== undefined && texts !== undefined)
      return new BlockInput(memory, arrays, texts, rowsMax, entries);
    for (const region of [arrays, texts]) if (region !== undefined) memory.free(region);
    return undefined;
  }
  release(): void {
    this.#memory.free(this.#arrays);
    this.#memory.free(this.#texts);
  }

  /** Lays out rows [from, from + rows) of the cells' columns; returns how many fit. Rows from one on that the reference
   *  refuses do not. */
  lay(cells: readonly Cell[], columns: readonly Column[], from: number, rows: number): number {
    this.#arrayAt = Math.ceil(this.#start / 8) * 8;
    this.#textAt = this.#texts.address;
    const span = { from, rows };
    this.#layAll(cells, columns, span, []);
    return span.rows;
  }
  /** `outer`: the validity of the rows that the cells lie in; where one is null, what lies in it is arbitrary. */
  #layAll(
    cells: readonly Cell[],
    columns: readonly Column[],
    span: Span,
    outer: readonly Uint8Array[],
  ): void {
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]!;
      const column = columns[i]!;
      const valid = column.valid === undefined ? outer : [...outer, column.valid];
      this.#set(cell, 'valid', column.valid === undefined ? this.#ones : this.#place(column.valid, span));
      if (cell.maker !== undefined) this.#layMade(cell, column, cell.maker, span, valid);
      else if (cell.fields !== undefined && column.layout === 'row')
        this.#layAll(cell.fields, column.fields, span, valid);
      else this.#layValues(cell, column, span, valid);
    }
  }
  #layValues(cell: Cell, column: Column, span: Span, valid: readonly Uint8Array[]): void {
    switch (column.layout) {
      case 'i32':
      case 'exact':
        this.#set(cell, 'values', this.#place(column.values, span));
        break;
      case 'time':
        this.#set(cell, 'values', this.#place(column.millis, span));
        this.#set(cell, 'second', column.nanos === undefined ? this.#zeros : this.#place(column.nanos, span));
        break;
      case 'bytes':
        this.#layBytes(cell, column, span, valid);
        break;
    }
  }
  #set(cell: Cell, word: keyof typeof entryWord, address: number): void {
    this.#entries[(cell.entry - this.#entriesAt) / 4 + entryWord[word]] = address;
  }

  /** The address of the span's first value. */
  #place(array: Values, span: Span): number {
    const width = array.BYTES_PER_ELEMENT;
    const start = array.byteOffset + span.from * width;
    if (array.buffer === this.#memory.memory.buffer) return start;
    const at = this.#take(span.rows * width);
    this.#memory.bytes.set(new Uint8Array(array.buffer, start, span.rows * width), at);
    return at;
  }
  #take(bytes: number): number {
    const at = this.#arrayAt;
    this.#arrayAt = at + Math.ceil(bytes / 8) * 8;
    return at;
  }
  /** A new array of a number a row. */
  #numbers(rows: number): Int32Array {
    return new Int32Array(this.#memory.memory.buffer, this.#take(rows * 4), rows);
  }
  get #textEnd(): number {
    return this.#texts.address + this.#texts.bytes - textSlack;
  }

  #layBytes(cell: Cell, column: BytesColumn, span: Span, valid: readonly Uint8Array[]): void {
    const { data, starts, lengths } = column;
    this.#set(cell, 'second', this.#place(lengths, span));
    if (data.buffer === this.#memory.memory.buffer) {
      this.#set(cell, 'values', this.#place(starts, span));
      this.#set(cell, 'data', data.byteOffset);
      return;
    }
    const reach = reachOf(column, span, valid);
    const room = this.#textEnd - this.#textAt;
    // Bytes between the strings are copied with them, where they are few.
    if (reach.end - reach.start <= Math.min(room, reach.bytes * 2 + 64)) {
      this.#memory.bytes.set(data.subarray(reach.start, reach.end), this.#textAt);
      this.#set(cell, 'values', this.#place(starts, span));
      this.#set(cell, 'data', this.#textAt - reach.start);
      this.#textAt += reach.end - reach.start;
      return;
    }
    const moved = this.#numbers(span.rows);
    for (let i = 0; i < span.rows; i++) {
      const row = span.from + i;
      if (isNull(valid, row)) continue;
      const length = lengths[row]!;
      if (length > this.#textEnd - this.#textAt) {
        span.rows = i;
        break;
      }
      this.#memory.bytes.set(data.subarray(starts[row]!, starts[row]! + length), this.#textAt);
      moved[i] = this.#textAt;
      this.#textAt += length;
    }
    this.#set(cell, 'values', moved.byteOffset);
    this.#set(cell, 'data', 0);
  }

  /** Texts of the cells by the reference. The first that it refuses ends the span. */
  #layMade(cell: Cell, column: Column, write: CellWriter, span: Span, valid: readonly Uint8Array[]): void {
    const made = this.#made;
    made.clear();
    const starts = this.#numbers(span.rows);
    const lengths = this.#numbers(span.rows);
    const room = this.#textEnd - this.#textAt;
    for (let i = 0; i < span.rows; i++) {
      if (isNull(valid, span.from + i)) continue;
      const start = made.size;
      if (!this.#make(write, column, span.from + i) || made.size > room) {
        span.rows = i;
        made.size = start;
        break;
      }
      starts[i] = start;
      lengths[i] = made.size - start;
    }
    this.#memory.bytes.set(made.data.subarray(0, made.size), this.#textAt);
    this.#set(cell, 'values', starts.byteOffset);
    this.#set(cell, 'second', lengths.byteOffset);
    this.#set(cell, 'data', this.#textAt);
    this.#textAt += made.size;
  }
  #make(write: CellWriter, column: Column, row: number): boolean {
    try {
      write(column, row, this.#made);
      return true;
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
  }
}

function isNull(valid: readonly Uint8Array[], row: number): boolean {
  for (let i = 0; i < valid.length; i++) if (valid[i]![row] === 0) return true;
  return false;
}

/** Where the bytes of the rows begin and end, and how many there are. */
function reachOf(
  { starts, lengths }: BytesColumn,
  { from, rows }: Span,
  valid: readonly Uint8Array[],
): { readonly start: number; readonly end: number; readonly bytes: number } {
  let [start, end, bytes] = [0x7fffffff, 0, 0];
  for (let row = from; row < from + rows; row++) {
    if (valid.length > 0 && isNull(valid, row)) continue;
    const length = lengths[row]!;
    bytes += length;
    const at = starts[row]!;
    if (at < start) start = at;
    if (at + length > end) end = at + length;
  }
  return { start: Math.min(start, end), end, bytes };
}
