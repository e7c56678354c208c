/* Ordered maps from bytes to bytes on disk, for state that does not fit into memory. Reached through the Disk, so that a seed
 * can tear them; between two flushes a machine that stops may lose the last transactions, never a part of one. */

export interface DiskMaps {
  /** The map in this folder, made where there is none. Throws ExternalError. */
  open(folder: string): DiskMap;
}

/** Calls are synchronous: whoever misses a key in memory goes on with what comes from here. */
export interface DiskMap {
  /** Undefined where there is none. The bytes are good until the next call. */
  get(key: Uint8Array): Uint8Array | undefined;
  /** All that `work` writes, or nothing of it; at once, while nothing written by `write` is under way. */
  transact(work: (to: DiskMapWriter) => void): void;
  /** The same, beside whoever asks: resolves once `get` sees it. What was written first is seen first. Bytes that are given
   *  stay what they are until then. Rejects with ExternalError. */
  write(work: (to: DiskMapWriter) => void): Promise<void>;
  /** Entries from `from` to before `to`, by the order of their keys' bytes, `limit` of them at most. Copies. */
  range(from: Uint8Array, to: Uint8Array, limit: number, backwards?: boolean): readonly DiskMapEntry[];
  /** The keys of such entries alone. */
  keys(from: Uint8Array, to: Uint8Array, limit: number): readonly Uint8Array[];
  /** Removes everything. */
  clear(): void;
  /** Resolves when all transactions so far are on the medium. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
export interface DiskMapWriter {
  put(key: Uint8Array, value: Uint8Array): void;
  remove(key: Uint8Array): void;
}
export interface DiskMapEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}
