/* The checkpoints of one job on disk.
 *
 *   <folder>/chk-6/…
 *            chk-7/state, _metadata      see checkpoint-files.ts
 *
 * Promises: a checkpoint is there whole or not at all, whenever the machine stops; an older one goes only when a newer
 * one is there. (Names as Flink's: docs, "Checkpoint directory structure".) */

import { assert, toMillraceError, type Disk, type MillraceError } from '#base';
import type { Checkpoint, CheckpointInfo } from './checkpoint.ts';
import { manifestOf, readCheckpoint, writeCheckpoint } from './checkpoint-files.ts';

/** What a start finds. */
export interface Found {
  /** The newest checkpoint that is whole; undefined: there is none. */
  readonly checkpoint: Checkpoint | undefined;
  /** Newer ones that cannot be used, the newest first. */
  readonly broken: readonly MillraceError[];
}

export class CheckpointFolder {
  readonly #disk: Disk;
  readonly path: string;
  readonly #retained: number;
  readonly #breathe: () => Promise<void>;

  /** `retained`: how many are kept, at least 1. `breathe` lets others have their turn in the midst of much work. */
  constructor(disk: Disk, path: string, retained: number, breathe: () => Promise<void> = async () => {}) {
    assert(retained >= 1, 'a checkpoint at least is kept');
    this.#disk = disk;
    this.path = path;
    this.#retained = retained;
    this.#breathe = breathe;
  }

  /** Resolves when the checkpoint is on the medium; returns its size in bytes. Throws ExternalError. */
  async write(checkpoint: Checkpoint): Promise<number> {
    const bytes = await writeCheckpoint(
      this.#disk,
      this.#folder(checkpoint.epoch),
      checkpoint,
      this.#breathe,
    );
    await this.#disk.sync(this.path);
    await this.#removeOlder(checkpoint.epoch);
    return bytes;
  }
  #folder(epoch: number): string {
    return `${this.path}/chk-${epoch}`;
  }
  async #removeOlder(newest: number): Promise<void> {
    const epochs = (await this.#epochs()).filter((e) => e <= newest);
    for (const epoch of epochs.slice(0, -this.#retained)) await this.#disk.remove(this.#folder(epoch));
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
  /** Forgets everything. */
  async clear(): Promise<void> {
    await this.#disk.remove(this.path);
  }
}
