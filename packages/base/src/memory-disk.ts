/* A disk in memory, for what is not to outlive the process. It never loses anything, so there is nothing to sync. */

import { ExternalError } from './errors.ts';
import type { Disk, DiskFile, DiskLock } from './disk.ts';
import type { DiskMaps } from './disk-map.ts';

export class MemoryDisk implements Disk {
  readonly #files = new Map<string, Uint8Array>();
  readonly #locks = new Set<string>();

  async read(path: string): Promise<Uint8Array | undefined> {
    return this.#files.get(path);
  }
  async write(path: string, parts: readonly Uint8Array[]): Promise<void> {
    const bytes = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    this.#files.set(path, bytes);
  }
  async create(path: string): Promise<DiskFile> {
    this.#files.set(path, new Uint8Array(0));
    return {
      append: (parts) => this.write(path, [this.#files.get(path) ?? new Uint8Array(0), ...parts]),
      sync: () => this.sync(),
      close: async () => {},
    };
  }
  async sync(): Promise<void> {}
  async rename(from: string, to: string): Promise<void> {
    const bytes = this.#files.get(from);
    if (bytes === undefined)
      throw new ExternalError('SYS2001', { message: `cannot rename ${from}: there is no such file` });
    this.#files.delete(from);
    this.#files.set(to, bytes);
  }
  async makeFolder(): Promise<void> {}
  async list(path: string): Promise<readonly string[]> {
    const names = new Set<string>();
    for (const file of this.#files.keys())
      if (file.startsWith(`${path}/`)) names.add(file.slice(path.length + 1).split('/')[0]!);
    return [...names].sort();
  }
  async remove(path: string): Promise<void> {
    for (const file of [...this.#files.keys()])
      if (file === path || file.startsWith(`${path}/`)) this.#files.delete(file);
  }
  async lock(path: string): Promise<DiskLock | { readonly heldBy: string }> {
    if (this.#locks.has(path)) return { heldBy: 'another job' };
    this.#locks.add(path);
    return {
      release: async () => {
        this.#locks.delete(path);
      },
    };
  }
  /** State that does not fit into memory has no place here. */
  async maps(): Promise<DiskMaps> {
    throw new ExternalError('SYS2001', { message: 'a disk in memory has no maps', retryable: false });
  }
}
