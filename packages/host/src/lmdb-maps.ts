/* Ordered maps on this machine's disk, by LMDB (a B+tree that is never changed in place: H. Chu, "MDB: A memory-mapped
 * database", 2011). A transaction is on the medium when it returns. */

import { mkdirSync } from 'node:fs';
import { open, type RootDatabase } from 'lmdb';
import { ExternalError, type DiskMap, type DiskMapEntry, type DiskMaps, type DiskMapWriter } from '#base';

export const lmdbMaps: DiskMaps = {
  open: (folder) =>
    attempt(`open the state in ${folder}`, () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return new LmdbMap(
        folder,
        open<Uint8Array, Buffer>({ path: folder, encoding: 'binary', keyEncoding: 'binary', cache: false }),
      );
    }),
};

class LmdbMap implements DiskMap, DiskMapWriter {
  readonly #folder: string;
  readonly #map: RootDatabase<Uint8Array, Buffer>;

  constructor(folder: string, map: RootDatabase<Uint8Array, Buffer>) {
    this.#folder = folder;
    this.#map = map;
  }
  get(key: Uint8Array): Uint8Array | undefined {
    const found = this.#map.getBinaryFast(key as Buffer);
    // It lies in a larger buffer, whose `length` alone was changed.
    return found && new Uint8Array(found.buffer, found.byteOffset, found.length);
  }
  transact(work: (to: DiskMapWriter) => void): void {
    attempt(`write the state in ${this.#folder}`, () => {
      this.#map.transactionSync(() => {
        work(this);
      });
    });
  }
  async write(work: (to: DiskMapWriter) => void): Promise<void> {
    try {
      await this.#map.batch(() => {
        work(this.#behind);
      });
    } catch (thrown) {
      throw refused(`write the state in ${this.#folder}`, thrown);
    }
  }
  /** Each part of a batch resolves as the batch does. */
  readonly #behind: DiskMapWriter = {
    put: (key, value) => {
      void this.#map.put(key as Buffer, value as Buffer);
    },
    remove: (key) => {
      void this.#map.remove(key as Buffer);
    },
  };
  put(key: Uint8Array, value: Uint8Array): void {
    this.#map.putSync(key as Buffer, value as Buffer);
  }
  remove(key: Uint8Array): void {
    this.#map.removeSync(key as Buffer);
  }
  range(from: Uint8Array, to: Uint8Array, limit: number, backwards = false): readonly DiskMapEntry[] {
    const within = backwards
      ? { start: to, end: from, exclusiveStart: true, inclusiveEnd: true, reverse: true }
      : { start: from, end: to };
    return [...this.#map.getRange({ ...within, limit })];
  }
  keys(from: Uint8Array, to: Uint8Array, limit: number): readonly Uint8Array[] {
    return [...this.#map.getKeys({ start: from, end: to, limit })];
  }
  clear(): void {
    attempt(`clear the state in ${this.#folder}`, () => {
      this.#map.clearSync();
    });
  }
  async flush(): Promise<void> {
    // A transaction at once was synced before it returned; those beside are when this resolves.
    await this.#map.flushed;
  }
  async close(): Promise<void> {
    await this.#map.close();
  }
}

function attempt<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw refused(what, thrown);
  }
}
const refused = (what: string, thrown: unknown): ExternalError =>
  new ExternalError('SYS2001', { message: `cannot ${what}: ${(thrown as Error).message}`, cause: thrown });
