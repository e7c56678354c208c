/* A disk whose changes stay in memory, over one that is only read: what would be done can be looked at, and nothing is. */

import type { Disk, DiskFile, DiskLock } from './disk.ts';
import type { DiskMaps } from './disk-map.ts';
import { MemoryDisk } from './memory-disk.ts';
import type { World } from './world.ts';

export class DraftDisk implements Disk {
  readonly #under: Disk;
  readonly #over = new MemoryDisk();
  /** Files and folders of the disk below that count as gone. */
  readonly #gone = new Set<string>();

  constructor(under: Disk) {
    this.#under = under;
  }
  #isGone(path: string): boolean {
    return [...this.#gone].some((gone) => path === gone || path.startsWith(`${gone}/`));
  }
  async read(path: string): Promise<Uint8Array | undefined> {
    const written = await this.#over.read(path);
    return written ?? (this.#isGone(path) ? undefined : await this.#under.read(path));
  }
  async write(path: string, parts: readonly Uint8Array[]): Promise<void> {
    await this.#over.write(path, parts);
  }
  async create(path: string): Promise<DiskFile> {
    return await this.#over.create(path);
  }
  async sync(): Promise<void> {}
  async rename(from: string, to: string): Promise<void> {
    const bytes = await this.read(from);
    if (bytes === undefined) return await this.#over.rename(from, to);
    await this.#over.write(to, [bytes]);
    await this.remove(from);
  }
  async makeFolder(): Promise<void> {}
  async list(path: string): Promise<readonly string[]> {
    const below = this.#isGone(path) ? [] : await this.#under.list(path);
    const names = below.filter((name) => !this.#isGone(`${path}/${name}`));
    return [...new Set([...names, ...(await this.#over.list(path))])].sort();
  }
  async remove(path: string): Promise<void> {
    this.#gone.add(path);
    await this.#over.remove(path);
  }
  async lock(path: string): Promise<DiskLock | { readonly heldBy: string }> {
    return await this.#over.lock(path);
  }
  async maps(): Promise<DiskMaps> {
    return await this.#over.maps();
  }
}

/** The world with another disk. */
export const worldOn = (world: World, disk: Disk): World => ({
  now: () => world.now(),
  monotonic: () => world.monotonic(),
  after: (delayMs, callback) => world.after(delayMs, callback),
  breathe: () => world.breathe(),
  rng: world.rng,
  disk,
});
