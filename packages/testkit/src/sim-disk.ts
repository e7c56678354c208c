/* A disk in memory that can lose what was not synced, as a machine that stops does.
 *
 *   write ─▶ bytes of an inode, sure after sync(file)      name ─▶ an entry of its folder, sure after sync(folder)
 *   crash: of entries not synced each came through or not, in any order; of bytes not synced some beginning, or zeros
 *
 * A rename is one step: it came through or it did not. */

import { ExternalError, type Disk, type DiskFile, type DiskLock, type DiskMaps, type Rng } from '#base';
import { SimMaps } from './sim-maps.ts';

interface Inode {
  bytes: Uint8Array;
  /** What is on the medium for sure; undefined: nothing yet. */
  synced: Uint8Array | undefined;
}
/** A change of names that no sync has made sure yet. */
type Change =
  | { readonly kind: 'link'; readonly path: string; readonly inode: Inode }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string; readonly inode: Inode };

export class SimDisk implements Disk {
  readonly #rng: Rng;
  #names = new Map<string, Inode>();
  #sure = new Map<string, Inode>();
  #changes: Change[] = [];
  readonly #locks = new Set<string>();
  /** Bytes that still fit. */
  room = Infinity;
  /** Called before each step; may throw, as a disk that fails does. */
  before: (step: string, path: string) => void | Promise<void> = () => {};
  /** Calls so far, by kind. */
  readonly calls = new Map<string, number>();
  readonly ordered: SimMaps;

  constructor(rng: Rng) {
    this.#rng = rng;
    this.ordered = new SimMaps(rng);
  }
  async maps(): Promise<DiskMaps> {
    return this.ordered;
  }
  async #step(step: string, path: string): Promise<void> {
    this.calls.set(step, (this.calls.get(step) ?? 0) + 1);
    await this.before(step, path);
  }
  async read(path: string): Promise<Uint8Array | undefined> {
    await this.#step('read', path);
    return this.#names.get(path)?.bytes.slice();
  }
  async write(path: string, parts: readonly Uint8Array[]): Promise<void> {
    await this.#step('write', path);
    this.#writeBehind(path, new Uint8Array(0), parts);
  }
  #writeBehind(path: string, before: Uint8Array, parts: readonly Uint8Array[]): Inode {
    const length = parts.reduce((n, p) => n + p.length, 0);
    if (length > this.room)
      throw new ExternalError('SYS2001', {
        message: `cannot write ${path}: ENOSPC: no space left on device`,
      });
    this.room -= length;
    const bytes = new Uint8Array(before.length + length);
    let at = 0;
    for (const part of [before, ...parts]) {
      bytes.set(part, at);
      at += part.length;
    }
    const known = this.#names.get(path);
    if (known !== undefined) {
      known.bytes = bytes;
      return known;
    }
    const inode: Inode = { bytes, synced: undefined };
    this.#names.set(path, inode);
    this.#changes.push({ kind: 'link', path, inode });
    return inode;
  }
  async create(path: string): Promise<DiskFile> {
    await this.#step('create', path);
    const inode = this.#writeBehind(path, new Uint8Array(0), []);
    // Who removed it, or put another in its place, left this one to whoever has it open.
    const isThere = (): boolean => this.#names.get(path) === inode;
    return {
      append: async (parts) => {
        await this.#step('append', path);
        if (isThere()) this.#writeBehind(path, inode.bytes, parts);
      },
      sync: async () => {
        await this.#step('sync', path);
        inode.synced = inode.bytes.slice();
      },
      close: async () => {},
    };
  }
  async sync(path: string): Promise<void> {
    await this.#step('sync', path);
    const inode = this.#names.get(path);
    if (inode !== undefined) {
      inode.synced = inode.bytes.slice();
      return;
    }
    const left: Change[] = [];
    for (const change of this.#changes) {
      if (folderOf(change.kind === 'rename' ? change.to : change.path) === path) apply(this.#sure, change);
      else left.push(change);
    }
    this.#changes = left;
  }
  async rename(from: string, to: string): Promise<void> {
    await this.#step('rename', from);
    const inode = this.#names.get(from);
    if (inode === undefined)
      throw new ExternalError('SYS2001', { message: `cannot rename ${from}: ENOENT: no such file` });
    this.#names.delete(from);
    this.#names.set(to, inode);
    this.#changes.push({ kind: 'rename', from, to, inode });
  }
  async makeFolder(path: string): Promise<void> {
    await this.#step('makeFolder', path);
  }
  async list(path: string): Promise<readonly string[]> {
    await this.#step('list', path);
    const names = new Set<string>();
    for (const name of this.#names.keys())
      if (name.startsWith(`${path}/`)) names.add(name.slice(path.length + 1).split('/')[0]!);
    return [...names].sort();
  }
  async remove(path: string): Promise<void> {
    await this.#step('remove', path);
    this.ordered.remove(path);
    for (const name of [...this.#names.keys()]) {
      if (name !== path && !name.startsWith(`${path}/`)) continue;
      this.room += this.#names.get(name)!.bytes.length;
      this.#names.delete(name);
      this.#changes.push({ kind: 'unlink', path: name });
    }
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

  /** The machine stops: afterwards the disk is what a machine finds that starts again. */
  crash(): void {
    const rng = this.#rng;
    this.#locks.clear();
    this.ordered.crash();
    for (const change of this.#changes) if (rng.below(2) === 0) apply(this.#sure, change);
    this.#changes = [];
    const seen = new Set(this.#sure.values());
    for (const inode of seen) {
      inode.bytes = this.#torn(inode);
      inode.synced = inode.bytes;
    }
    this.#names = new Map(this.#sure);
    this.#sure = new Map(this.#names);
  }
  #torn({ bytes, synced }: Inode): Uint8Array {
    const isSure = synced !== undefined && Buffer.compare(synced, bytes) === 0;
    if (isSure) return bytes;
    switch (this.#rng.below(4)) {
      case 0:
        return synced ?? new Uint8Array(0);
      case 1:
        return bytes;
      case 2:
        return bytes.slice(0, this.#rng.below(bytes.length + 1));
      default: {
        // The length came through before the bytes did.
        const torn = bytes.slice();
        torn.fill(0, this.#rng.below(bytes.length + 1));
        return torn;
      }
    }
  }
  /** Flips one byte of a file: a medium that forgets. Throws where there is no such file. */
  corrupt(path: string): void {
    const inode = this.#names.get(path)!;
    inode.bytes = inode.bytes.slice();
    inode.bytes[this.#rng.below(inode.bytes.length)]! ^= 0x40;
    inode.synced = inode.bytes;
  }
  /** Names of all files. */
  get files(): readonly string[] {
    return [...this.#names.keys()].sort();
  }
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

function apply(names: Map<string, Inode>, change: Change): void {
  switch (change.kind) {
    case 'link':
      names.set(change.path, change.inode);
      return;
    case 'unlink':
      names.delete(change.path);
      return;
    case 'rename':
      names.delete(change.from);
      names.set(change.to, change.inode);
  }
}
