/* Files of the engine's own (checkpoints, savepoints), reached through World, so that a seed can tear them. What is not
 * synced may be lost, whole or in part, when the machine stops; names are synced with the folder that they stand in. */

import type { DiskMaps } from './disk-map.ts';

export interface Disk {
  /** The whole file; undefined where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Makes a file, or replaces one, of these parts one after the other. */
  write(path: string, parts: readonly Uint8Array[]): Promise<void>;
  /** Makes a file, or replaces one, that is then written from its beginning to its end. */
  create(path: string): Promise<DiskFile>;
  /** Resolves when the file's bytes, or the folder's names, are on the medium. */
  sync(path: string): Promise<void>;
  /** One step: afterwards `to` is what `from` was, a file of that name before or not. */
  rename(from: string, to: string): Promise<void>;
  /** Makes the folder and those above it; nothing where it is there. Only its owner may look into it. */
  makeFolder(path: string): Promise<void>;
  /** Names in a folder, sorted; none where there is no folder. */
  list(path: string): Promise<readonly string[]>;
  /** Removes a file, or a folder with all in it; nothing where it is not there. */
  remove(path: string): Promise<void>;
  /** Makes the file as a lock of this process, which goes with it however it ends. `heldBy`: who has it instead. */
  lock(path: string): Promise<DiskLock | { readonly heldBy: string }>;
  /** Loads what opens maps on this disk. */
  maps(): Promise<DiskMaps>;
}

/** A file that is open: one call at a time. */
export interface DiskFile {
  /** Writes these parts, one after the other, behind what was written. */
  append(parts: readonly Uint8Array[]): Promise<void>;
  /** Resolves when its bytes are on the medium. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
export interface DiskLock {
  release(): Promise<void>;
}
