/* Files that are read and written by path, of which only so many are open at a time: the longest unused one is closed.
 *
 * All calls but `pinned` are done when they return, so a descriptor is never closed under a caller. */

import {
  closeSync,
  constants,
  fdatasync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';

const sync = promisify(fdatasync);
const openFilesMax = 512;

interface OpenFile {
  readonly fd: number;
  /** How many asynchronous calls use it. */
  pins: number;
  /** To be closed when the last of them is done. */
  gone: boolean;
}

export class OpenFiles {
  /** The longest unused one first. */
  readonly #files = new Map<string, OpenFile>();
  readonly #countMax: number;

  constructor(countMax = openFilesMax) {
    this.#countMax = countMax;
  }
  get count(): number {
    return this.#files.size;
  }
  #open(path: string, flags: number = constants.O_RDWR): OpenFile {
    const known = this.#files.get(path);
    if (known !== undefined) {
      this.#files.delete(path);
      this.#files.set(path, known);
      return known;
    }
    const file = { fd: openSync(path, flags, 0o644), pins: 0, gone: false };
    this.#files.set(path, file);
    for (const [other, { pins }] of this.#files) {
      if (this.#files.size <= this.#countMax) break;
      if (pins === 0 && other !== path) this.close(other);
    }
    return file;
  }
  /** Makes the file, or empties it. */
  create(path: string): void {
    this.close(path);
    this.#open(path, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC);
  }
  /** Fills `into` from `position` on; gives the number of bytes that there were. */
  read(path: string, into: Uint8Array, position: number): number {
    const { fd } = this.#open(path);
    let done = 0;
    while (done < into.length) {
      const count = readSync(fd, into, done, into.length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }
  /** Writes all of it, or throws. */
  write(path: string, bytes: Uint8Array, position: number): void {
    const { fd } = this.#open(path);
    for (let done = 0; done < bytes.length; )
      done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
  truncate(path: string, length: number): void {
    ftruncateSync(this.#open(path).fd, length);
  }
  /** Takes back a write that failed. Where that fails too, the next write goes over it or a start cuts it off. */
  cut(path: string, length: number): void {
    try {
      this.truncate(path, length);
    } catch {
      // The failed write is what gets reported.
    }
  }
  /** Resolves when what was written before the call is on the disk. */
  async sync(path: string): Promise<void> {
    const file = this.#open(path);
    file.pins++;
    try {
      await sync(file.fd);
    } finally {
      file.pins--;
      if (file.gone && file.pins === 0) closeSync(file.fd);
    }
  }
  rename(from: string, to: string): void {
    this.close(from);
    this.close(to);
    renameSync(from, to);
  }
  close(path: string): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    this.#files.delete(path);
    if (file.pins > 0) file.gone = true;
    else closeSync(file.fd);
  }
  closeAll(): void {
    for (const path of [...this.#files.keys()]) this.close(path);
  }
}
