/* Rows on their way to the database, as COPY's bytes.
 *
 *   append   each row a line
 *   upsert   each row a line whose last cell is `t` when its key is to be deleted; of a key the last line counts
 */

import { changeKind, type Batch, type Column, type LogicalType } from '#data';
import { ByteWriter } from '#base';
import type { MessageBlock } from '#formats';
import { copyBlock } from './copy-block.ts';
import { rowWriter } from './copy-text.ts';

const newline = 10;
/** Behind a row that is no delete. */
const lineEnd = '\tf\n';

const kindOf = (batch: Batch, row: number): number =>
  batch.kinds === undefined ? changeKind.insert : batch.kinds[row]!;

/** What one write to the database sends. */
export interface Sending {
  readonly lines: Uint8Array;
  readonly rows: number;
  readonly deletes: number;
}

/** How much a buffer takes: the last row may pass the bytes. */
export interface BufferBounds {
  readonly rowsMax: number;
  readonly bytesMax: number;
}

export interface RowBuffer {
  /** Rows that `take` would give. */
  readonly rows: number;
  readonly bytes: number;
  /** Takes rows from `from` on while it is within its bounds; returns the first that it did not take. */
  add(batch: Batch, from: number, bounds: BufferBounds): number;
  /** Everything in it; it is empty then. */
  take(): Sending;
  /** Takes what memory it works in; without it rows go one by one. */
  open(): void;
  release(): void;
}

export class AppendBuffer implements RowBuffer {
  rows = 0;
  readonly #bytes = new ByteWriter();
  readonly #types: readonly LogicalType[];
  readonly #write: ReturnType<typeof rowWriter>;
  #block: MessageBlock | undefined;

  constructor(types: readonly LogicalType[]) {
    this.#types = types;
    this.#write = rowWriter(types);
  }
  get bytes(): number {
    return this.#bytes.size;
  }
  add(batch: Batch, from: number, { rowsMax, bytesMax }: BufferBounds): number {
    let row = from;
    const bytes = this.#bytes;
    const to = Math.min(batch.rows, from + rowsMax - this.rows);
    while (row < to && bytes.size < bytesMax) {
      const next = this.#block?.write(batch.columns, row, to, bytesMax - bytes.size, bytes) ?? row;
      if (next === row) this.#addRow(batch, row++);
      else row = next;
    }
    this.rows += row - from;
    return row;
  }
  #addRow(batch: Batch, row: number): void {
    this.#write(batch.columns, row, this.#bytes);
    this.#bytes.byte(newline);
  }
  open(): void {
    this.#block = copyBlock(this.#types, '\n');
  }
  release(): void {
    this.#block?.release();
    this.#block = undefined;
  }
  take(): Sending {
    const sending = { lines: this.#bytes.finish(), rows: this.rows, deletes: 0 };
    this.#bytes.clear();
    this.rows = 0;
    return sending;
  }
}

export class UpsertBuffer implements RowBuffer {
  readonly #bytes = new ByteWriter();
  readonly #writeRow: ReturnType<typeof rowWriter>;
  readonly #writeKey: ReturnType<typeof rowWriter>;
  readonly #key: readonly number[];
  readonly #types: readonly LogicalType[];
  /** Where each line starts, and after the last where it ends; lines that were overtaken are in `#dead`. */
  #starts: number[] = [0];
  #deletes: boolean[] = [];
  #dead = new Set<number>();
  readonly #lineOfKey = new Map<string, number>();
  readonly #keyBytes = new ByteWriter();
  #keys: MessageBlock | undefined;
  #lines: MessageBlock | undefined;

  /** `key` are indexes into `types`. */
  constructor(types: readonly LogicalType[], key: readonly number[]) {
    this.#writeRow = rowWriter(types);
    this.#writeKey = rowWriter(key.map((i) => types[i]!));
    this.#key = key;
    this.#types = types;
  }
  get rows(): number {
    return this.#lineOfKey.size;
  }
  get bytes(): number {
    return this.#bytes.size;
  }
  add(batch: Batch, from: number, bounds: BufferBounds): number {
    let row = from;
    while (row < batch.rows && this.#hasRoom(bounds)) {
      const next = this.#addBlock(batch, row, bounds);
      if (next === row) this.#addRow(batch, row++);
      else row = next;
    }
    return row;
  }
  #hasRoom({ rowsMax, bytesMax }: BufferBounds): boolean {
    return this.rows < rowsMax && this.bytes < bytesMax;
  }
  /** Rows whose keys and lines the blocks write. Lines of deletes are written, too, and not taken. */
  #addBlock(batch: Batch, from: number, bounds: BufferBounds): number {
    const [keys, lines] = [this.#keys, this.#lines];
    if (keys === undefined || lines === undefined) return from;
    const keysEnd = keys.lay(this.#keyColumns(batch), from, batch.rows, Infinity);
    const end = lines.lay(batch.columns, from, keysEnd, Infinity);
    const bytes = Buffer.from(keys.bytes.buffer);
    for (let row = from; row < end; row++) {
      if (!this.#hasRoom(bounds)) return row;
      const kind = kindOf(batch, row);
      if (kind === changeKind.updateBefore) continue;
      const i = row - from;
      const key = bytes.toString('latin1', keys.start(i), keys.end(i));
      this.#replace(key, kind === changeKind.delete);
      if (kind === changeKind.delete) this.#writeDelete(key);
      else this.#bytes.bytes(lines.bytes, lines.start(i), lines.end(i));
      this.#starts.push(this.#bytes.size);
    }
    return end;
  }
  #addRow(batch: Batch, row: number): void {
    const kind = kindOf(batch, row);
    // The new row of the update comes right behind, under the same key.
    if (kind === changeKind.updateBefore) return;
    const key = this.#keyText(batch, row);
    this.#replace(key, kind === changeKind.delete);
    if (kind === changeKind.delete) this.#writeDelete(key);
    else {
      this.#writeRow(batch.columns, row, this.#bytes);
      this.#bytes.ascii(lineEnd);
    }
    this.#starts.push(this.#bytes.size);
  }
  /** A line begins that takes the place of an earlier one of its key. */
  #replace(key: string, isDelete: boolean): void {
    const overtaken = this.#lineOfKey.get(key);
    if (overtaken !== undefined) this.#dead.add(overtaken);
    this.#lineOfKey.set(key, this.#deletes.length);
    this.#deletes.push(isDelete);
  }
  #keyColumns(batch: Batch): Column[] {
    return this.#key.map((i) => batch.columns[i]!);
  }
  #keyText(batch: Batch, row: number): string {
    this.#keyBytes.clear();
    this.#writeKey(this.#keyColumns(batch), row, this.#keyBytes);
    return this.#keyBytes.data.toString('latin1', 0, this.#keyBytes.size);
  }
  /** The key alone, all else NULL: a delete may carry no more. */
  #writeDelete(key: string): void {
    const cells = key.split('\t');
    const line = this.#types.map((_, i) => {
      const at = this.#key.indexOf(i);
      return at < 0 ? '\\N' : cells[at]!;
    });
    this.#bytes.bytes(Buffer.from(`${line.join('\t')}\tt\n`, 'latin1'));
  }
  open(): void {
    const keyTypes = this.#key.map((i) => this.#types[i]!);
    this.#keys = copyBlock(keyTypes, '');
    this.#lines = copyBlock(this.#types, lineEnd);
  }
  release(): void {
    this.#keys?.release();
    this.#lines?.release();
    this.#keys = undefined;
    this.#lines = undefined;
  }
  take(): Sending {
    const lines = this.#dead.size === 0 ? this.#bytes.finish() : this.#livingLines();
    let deletes = 0;
    for (const line of this.#lineOfKey.values()) if (this.#deletes[line] === true) deletes++;
    const sending = { lines, rows: this.rows, deletes };
    this.#bytes.clear();
    this.#starts = [0];
    this.#deletes = [];
    this.#dead = new Set();
    this.#lineOfKey.clear();
    return sending;
  }
  #livingLines(): Uint8Array {
    const living = new ByteWriter();
    for (let line = 0, from = 0; line <= this.#deletes.length; line++) {
      if (line < this.#deletes.length && !this.#dead.has(line)) continue;
      living.bytes(this.#bytes.data, from, this.#starts[line]!);
      from = this.#starts[line + 1] ?? 0;
    }
    return living.finish();
  }
}
