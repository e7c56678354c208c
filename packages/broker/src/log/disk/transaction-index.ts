/* The aborted transactions whose markers lie in a segment, by rising offset of the marker. Kafka's format (.txnindex):
 *
 *   version 2 │ producer's id 8 │ first offset 8 │ offset of the marker 8 │ up to where all was decided then 8
 *
 * There is no file where there are none. */

import { existsSync, rmSync, statSync } from 'node:fs';
import type { AbortedTransaction } from '../producers.ts';
import type { OpenFiles } from './open-files.ts';

const version = 0;
const entryBytes = 34;

export class TransactionIndex {
  path: string;
  readonly #files: OpenFiles;
  /** Of the file; -1 where there is none, undefined where nobody looked. */
  #bytes: number | undefined;
  #synced = true;

  constructor(files: OpenFiles, path: string) {
    this.#files = files;
    this.path = path;
  }
  get synced(): boolean {
    return this.#synced;
  }
  get #size(): number {
    this.#bytes ??= statSync(this.path, { throwIfNoEntry: false })?.size ?? -1;
    return this.#bytes;
  }
  /** What the file says; undefined when it is torn or no such file. */
  read(): readonly AbortedTransaction[] | undefined {
    const size = this.#size;
    if (size < 0) return [];
    if (size % entryBytes !== 0) return undefined;
    const data = Buffer.alloc(size);
    if (this.#files.read(this.path, data, 0) < size) return undefined;
    const found: AbortedTransaction[] = [];
    for (let at = 0; at < size; at += entryBytes) {
      const entry = readEntry(data, at);
      const rising = entry.lastOffset > (found.at(-1)?.lastOffset ?? -1);
      if (data.readInt16BE(at) !== version || !rising || entry.firstOffset > entry.lastOffset)
        return undefined;
      found.push(entry);
    }
    return found;
  }
  /** Throws when the disk does not take it. */
  append(entry: AbortedTransaction): void {
    const end = Math.max(this.#size, 0);
    if (this.#size < 0) this.#files.create(this.path);
    this.#synced = false;
    try {
      this.#files.write(this.path, writeEntry(entry), end);
    } catch (error) {
      this.#files.cut(this.path, end);
      this.#bytes = undefined;
      throw error;
    }
    this.#bytes = end + entryBytes;
  }
  /** Keeps the first `count` entries. */
  keep(count: number): void {
    if (this.#size <= count * entryBytes) return;
    this.#files.truncate(this.path, count * entryBytes);
    this.#bytes = count * entryBytes;
    this.#synced = false;
  }
  /** Puts the entries into a new file. */
  write(entries: readonly AbortedTransaction[]): void {
    for (const entry of entries) this.append(entry);
  }
  async sync(): Promise<void> {
    if (this.#synced) return;
    this.#synced = true;
    await this.#files.sync(this.path);
  }
  rename(to: string): void {
    if (existsSync(this.path)) this.#files.rename(this.path, to);
    this.path = to;
  }
  discard(): void {
    this.#files.close(this.path);
    rmSync(this.path, { force: true });
    this.#bytes = -1;
    this.#synced = true;
  }
}

function readEntry(data: Buffer, at: number): AbortedTransaction {
  const number = (offset: number): number => Number(data.readBigInt64BE(at + offset));
  return {
    producerId: number(2),
    firstOffset: number(10),
    lastOffset: number(18),
    stableOffset: number(26),
  };
}
function writeEntry(entry: AbortedTransaction): Buffer {
  const data = Buffer.alloc(entryBytes);
  data.writeInt16BE(version, 0);
  data.writeBigInt64BE(BigInt(entry.producerId), 2);
  data.writeBigInt64BE(BigInt(entry.firstOffset), 10);
  data.writeBigInt64BE(BigInt(entry.lastOffset), 18);
  data.writeBigInt64BE(BigInt(entry.stableOffset), 26);
  return data;
}
