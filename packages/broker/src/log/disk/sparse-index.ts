/* The index files beside a log file: some of its offsets or times, each with where to look. Kafka's formats:
 *
 *   .index       relative offset 4 │ position 4       the last offset of a batch, and where that batch starts
 *   .timeindex   timestamp 8 │ relative offset 4      the largest time so far, and the last offset of the batch that has it
 *
 * Keys rise from entry to entry. An index may miss entries; it never has wrong ones. */

import { statSync } from 'node:fs';
import type { OpenFiles } from './open-files.ts';

export interface IndexEntry {
  readonly key: number;
  readonly value: number;
}
export interface IndexFormat {
  readonly entryBytes: number;
  readonly read: (data: Buffer) => IndexEntry;
  readonly write: (data: Buffer, entry: IndexEntry) => void;
}

export const offsetFormat: IndexFormat = {
  entryBytes: 8,
  read: (data) => ({ key: data.readInt32BE(0), value: data.readInt32BE(4) }),
  write: (data, { key, value }) => {
    data.writeInt32BE(key, 0);
    data.writeInt32BE(value, 4);
  },
};
export const timeFormat: IndexFormat = {
  entryBytes: 12,
  read: (data) => ({ key: Number(data.readBigInt64BE(0)), value: data.readInt32BE(8) }),
  write: (data, { key, value }) => {
    data.writeBigInt64BE(BigInt(key), 0);
    data.writeInt32BE(value, 8);
  },
};

export class SparseIndex {
  path: string;
  readonly #files: OpenFiles;
  readonly #format: IndexFormat;
  readonly #entry: Buffer;
  #count = 0;
  /** Entries that are not written yet, while many come at once. */
  #gathered: Buffer[] | undefined;
  #last: IndexEntry | undefined;

  constructor(files: OpenFiles, path: string, format: IndexFormat) {
    this.#files = files;
    this.path = path;
    this.#format = format;
    this.#entry = Buffer.alloc(format.entryBytes);
  }
  get bytes(): number {
    return this.#count * this.#format.entryBytes;
  }
  get last(): IndexEntry | undefined {
    return this.#last;
  }
  /** Starts anew with an empty file. */
  reset(): void {
    this.#files.create(this.path);
    this.#count = 0;
    this.#last = undefined;
  }
  /** Opens what is there. False when it is missing or no whole number of entries. */
  open(): boolean {
    const size = statSync(this.path, { throwIfNoEntry: false })?.size;
    if (size === undefined || size % this.#format.entryBytes !== 0) return false;
    this.#count = size / this.#format.entryBytes;
    this.#last = this.#count === 0 ? undefined : this.#at(this.#count - 1);
    return true;
  }
  #at(index: number): IndexEntry {
    this.#files.read(this.path, this.#entry, index * this.#format.entryBytes);
    return this.#format.read(this.#entry);
  }
  /** An entry behind the last one. When the disk does not take it there is none: what is looked for is still found. */
  append(entry: IndexEntry): boolean {
    if (this.#last !== undefined && entry.key <= this.#last.key) return true;
    const end = this.#count * this.#format.entryBytes;
    this.#format.write(this.#entry, entry);
    if (this.#gathered !== undefined) this.#gathered.push(Buffer.from(this.#entry));
    else if (!this.#write(this.#entry, end)) return false;
    this.#count++;
    this.#last = entry;
    return true;
  }
  #write(bytes: Buffer, position: number): boolean {
    try {
      this.#files.write(this.path, bytes, position);
      return true;
    } catch {
      this.#files.cut(this.path, position);
      return false;
    }
  }
  /** Starts anew with the entries that `fill` appends, written at once. Nothing is looked up meanwhile. */
  remake(fill: () => void): void {
    this.reset();
    this.#gathered = [];
    fill();
    const bytes = Buffer.concat(this.#gathered);
    this.#gathered = undefined;
    if (!this.#write(bytes, 0)) this.reset();
  }
  /** The last entry whose key is at most `key`. */
  find(key: number): IndexEntry | undefined {
    if (this.#last === undefined || this.#last.key <= key) return this.#last;
    let low = 0;
    let high = this.#count - 1;
    let found: IndexEntry | undefined;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#at(middle);
      if (entry.key <= key) {
        found = entry;
        low = middle + 1;
      } else high = middle;
    }
    return found;
  }
}
