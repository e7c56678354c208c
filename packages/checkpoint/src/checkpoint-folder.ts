/* The checkpoints of one job on disk.
 *
 *   <folder>/chk-6/…
 *            chk-7/blocks, _metadata     see shared-files.ts
 *            shared/…
 *
 * Promises: a checkpoint is there whole or not at all, whenever the machine stops; an older one goes only when a newer
 * one is there, and a shared file when no checkpoint refers to it. (Names as Flink's: docs, "Checkpoint directory
 * structure".) */

import { assert, ExternalError, toMillraceError, type Disk, type MillraceError } from '#base';
import type { BlockTarget } from '#state';
import { BlockFile, type StoredBlocks } from './block-file.ts';
import type { Checkpoint, CheckpointInfo } from './checkpoint.ts';
import { damagedCode, type Manifest } from './manifest.ts';
import { manifestOf, removeManifest } from './manifest-file.ts';
import { readCheckpoint } from './read-checkpoint.ts';
import { fileStem, sharedName, writeShared, type Written } from './shared-files.ts';

/** What a start finds. */
export interface Found {
  /** The newest checkpoint that is whole; undefined: there is none. */
  readonly checkpoint: Checkpoint | undefined;
  /** Newer ones that cannot be used, the newest first. */
  readonly broken: readonly MillraceError[];
}

/** Shared files may take so many times what is in them that counts, and this much beside, before all is written anew. */
const storedTimes = 2;
const storedSpare = 16 << 20;
/** And so many files. */
const filesMax = 64;

/** For blocks that nobody wants: their memory goes back at once. */
const nowhere: BlockTarget = {
  put: ({ buffer }, written) => {
    written(buffer);
    return 0;
  },
};

export class CheckpointFolder {
  readonly #disk: Disk;
  readonly path: string;
  readonly #retained: number;
  readonly #breathe: () => Promise<void>;
  /** The last that was written here. */
  #last: (Written & { readonly epoch: number }) | undefined;
  /** Of the checkpoint that is being taken, by share. */
  #blocks: { readonly epoch: number; readonly files: Map<number, BlockFile> } | undefined;
  /** Resolves when nothing is written of those that were given up. */
  #abandoned = Promise.resolve();

  /** `retained`: how many are kept, at least 1. `breathe` lets others have their turn in the midst of much work. */
  constructor(disk: Disk, path: string, retained: number, breathe: () => Promise<void> = async () => {}) {
    assert(retained >= 1, 'a checkpoint at least is kept');
    this.#disk = disk;
    this.path = path;
    this.#retained = retained;
    this.#breathe = breathe;
  }

  /** The epoch that the next checkpoint's parts may refer to; undefined: they are to be whole. */
  get base(): number | undefined {
    if (this.#last === undefined) return undefined;
    const { epoch, parts, files } = this.#last;
    const counting = [...parts.values()].reduce((sum, p) => sum + p.bytes, 0);
    const stored = files.reduce((sum, [, bytes]) => sum + bytes, 0);
    return stored <= counting * storedTimes + storedSpare && files.length <= filesMax ? epoch : undefined;
  }
  /** Takes blocks of the state of a share while checkpoint `epoch` is taken. What came for an earlier one is given up, and so is
   *  what a share still puts out for it. */
  blocks(epoch: number, incarnation: string, share: number): BlockTarget {
    if (this.#blocks !== undefined && epoch < this.#blocks.epoch) return nowhere;
    if (this.#blocks?.epoch !== epoch) {
      void this.abandonBlocks();
      this.#blocks = { epoch, files: new Map() };
    }
    const { files } = this.#blocks!;
    const known = files.get(share);
    if (known !== undefined) return known;
    const file = new BlockFile(this.#disk, `${this.path}/${sharedName}`, {
      stem: `${fileStem(epoch, incarnation)}-s${share}`,
      after: this.#abandoned,
    });
    files.set(share, file);
    return file;
  }
  /** Gives up the blocks of a checkpoint that will not be written. Resolves when none is under way. */
  async abandonBlocks(): Promise<void> {
    const files = [...(this.#blocks?.files.values() ?? [])];
    this.#blocks = undefined;
    const before = this.#abandoned;
    this.#abandoned = Promise.all(files.map((file) => file.abandon())).then(() => before);
    await this.#abandoned;
  }
  /** Resolves when the checkpoint is on the medium; returns how many bytes went there. Its parts are whole, or refer to
   *  `base` as it was when it was taken, or to blocks that were taken since. Throws ExternalError. */
  async write(checkpoint: Checkpoint): Promise<number> {
    const { epoch } = checkpoint;
    const written = await writeShared(this.#disk, {
      job: this.path,
      folder: this.#folder(epoch),
      checkpoint,
      base: this.#last,
      blocks: await this.#finishBlocks(epoch),
      breathe: this.#breathe,
    });
    await this.#disk.sync(this.path);
    this.#last = { ...written, epoch };
    await this.#removeOlder(epoch);
    return written.bytes;
  }
  /** By share; what they hold is on the medium. */
  async #finishBlocks(epoch: number): Promise<ReadonlyMap<number, StoredBlocks>> {
    const stored = new Map<number, StoredBlocks>();
    if (this.#blocks?.epoch !== epoch) return stored;
    try {
      for (const [share, file] of this.#blocks.files) stored.set(share, await file.finish());
    } finally {
      await this.abandonBlocks();
    }
    return stored;
  }
  #folder(epoch: number): string {
    return `${this.path}/chk-${epoch}`;
  }
  async #removeOlder(newest: number): Promise<void> {
    const epochs = (await this.#epochs()).filter((e) => e <= newest);
    const older = epochs.slice(0, -this.#retained);
    if (older.length === 0) return;
    for (const epoch of older) await this.#disk.remove(this.#folder(epoch));
    // A folder must not come back where its files do not.
    await this.#disk.sync(this.path);
    const used = new Set<string>();
    for (const epoch of epochs.slice(-this.#retained)) {
      const manifest = await this.#readableManifest(epoch);
      if (manifest?.version === 3) for (const [name] of manifest.files) used.add(name);
    }
    const folder = `${this.path}/${sharedName}`;
    for (const name of await this.#disk.list(folder))
      if (!used.has(name)) await this.#disk.remove(`${folder}/${name}`);
  }
  /** Undefined where there is none, or one that nobody can use. A disk that cannot be read is another matter. */
  async #readableManifest(epoch: number): Promise<Manifest | undefined> {
    try {
      return await manifestOf(this.#disk, this.#folder(epoch));
    } catch (error) {
      if (error instanceof ExternalError && error.code === damagedCode) return undefined;
      throw error;
    }
  }
  /** Ascending. */
  async #epochs(): Promise<number[]> {
    const names = await this.#disk.list(this.path);
    return names
      .flatMap((name) => {
        const found = /^chk-(\d+)$/.exec(name);
        return found === null ? [] : [Number(found[1])];
      })
      .sort((a, b) => a - b);
  }

  /** What the newest manifest tells, without its state; undefined where there is none that can be read. */
  async info(): Promise<CheckpointInfo | undefined> {
    for (const epoch of (await this.#epochs()).reverse()) {
      const manifest = await manifestOf(this.#disk, this.#folder(epoch)).catch(() => undefined);
      if (manifest !== undefined) return manifest;
    }
    return undefined;
  }
  async newest(): Promise<Found> {
    const broken: MillraceError[] = [];
    for (const epoch of (await this.#epochs()).reverse()) {
      try {
        const checkpoint = await readCheckpoint(this.#disk, this.#folder(epoch));
        if (checkpoint !== undefined) return { checkpoint, broken };
      } catch (thrown) {
        broken.push(toMillraceError(thrown));
      }
    }
    return { checkpoint: undefined, broken };
  }
  /** Forgets everything. Whenever it is stopped, the newest checkpoint is there, whole, or none is. */
  async clear(): Promise<void> {
    for (const epoch of await this.#epochs()) {
      // Without its manifest it is none.
      await removeManifest(this.#disk, this.#folder(epoch)).catch(async (error: unknown) => {
        // Who wrote it may be removing it as well, and was through first.
        if ((await this.#epochs()).includes(epoch)) throw error;
      });
      await this.#disk.remove(this.#folder(epoch));
    }
    await this.#disk.remove(this.path);
  }
}
