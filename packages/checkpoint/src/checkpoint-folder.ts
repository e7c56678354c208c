/* The checkpoints of one job on disk.
 *
 *   <folder>/chk-7/state       the parts, one behind the other
 *                 _metadata    the manifest: written beside, synced, renamed; with it the checkpoint is there
 *
 * Promises: a checkpoint is there whole or not at all, whenever the machine stops; an older one goes only when a newer
 * one is there. (Names as Flink's: docs, "Checkpoint directory structure".) */

import { crc32 } from 'node:zlib';
import { assert, toMillraceError, type Disk, type MillraceError } from '#base';
import type { Checkpoint, CheckpointInfo } from './checkpoint.ts';
import { damaged, readManifest, writeManifest, type Manifest } from './manifest.ts';

/** What a start finds. */
export interface Found {
  /** The newest checkpoint that is whole; undefined: there is none. */
  readonly checkpoint: Checkpoint | undefined;
  /** Newer ones that cannot be used, the newest first. */
  readonly broken: readonly MillraceError[];
}

const manifestName = '_metadata';
const stateName = 'state';

export class CheckpointFolder {
  readonly #disk: Disk;
  readonly path: string;
  readonly #retained: number;

  /** `retained`: how many are kept, at least 1. */
  constructor(disk: Disk, path: string, retained: number) {
    assert(retained >= 1, 'a checkpoint at least is kept');
    this.#disk = disk;
    this.path = path;
    this.#retained = retained;
  }

  /** Resolves when the checkpoint is on the medium; returns its size in bytes. Throws ExternalError. */
  async write({ parts, ...info }: Checkpoint): Promise<number> {
    const disk = this.#disk;
    const folder = `${this.path}/chk-${info.epoch}`;
    await disk.remove(folder);
    await disk.makeFolder(folder);
    const bodies = [...parts.values()];
    await disk.write(`${folder}/${stateName}`, bodies);
    await disk.sync(`${folder}/${stateName}`);
    const manifest = writeManifest({
      ...info,
      parts: [...parts].map(([id, bytes]) => ({ id, bytes: bytes.length, crc: crc32(bytes) })),
    });
    await disk.write(`${folder}/${manifestName}.part`, [manifest]);
    await disk.sync(`${folder}/${manifestName}.part`);
    // The manifest's name must not come through where the state's did not.
    await disk.sync(folder);
    await disk.rename(`${folder}/${manifestName}.part`, `${folder}/${manifestName}`);
    await disk.sync(folder);
    await disk.sync(this.path);
    await this.#removeOlder(info.epoch);
    return bodies.reduce((n, b) => n + b.length, manifest.length);
  }
  async #removeOlder(newest: number): Promise<void> {
    const epochs = (await this.#epochs()).filter((e) => e <= newest);
    for (const epoch of epochs.slice(0, -this.#retained))
      await this.#disk.remove(`${this.path}/chk-${epoch}`);
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
      const manifest = await this.#manifest(epoch).catch(() => undefined);
      if (manifest !== undefined) return manifest;
    }
    return undefined;
  }
  async newest(): Promise<Found> {
    const broken: MillraceError[] = [];
    for (const epoch of (await this.#epochs()).reverse()) {
      try {
        const checkpoint = await this.#read(epoch);
        if (checkpoint !== undefined) return { checkpoint, broken };
      } catch (thrown) {
        broken.push(toMillraceError(thrown));
      }
    }
    return { checkpoint: undefined, broken };
  }
  /** Undefined where no manifest was written: the process ended in the middle. */
  async #manifest(epoch: number): Promise<Manifest | undefined> {
    const path = `${this.path}/chk-${epoch}/${manifestName}`;
    const bytes = await this.#disk.read(path);
    return bytes && readManifest(bytes, path);
  }
  async #read(epoch: number): Promise<Checkpoint | undefined> {
    const manifest = await this.#manifest(epoch);
    if (manifest === undefined) return undefined;
    const path = `${this.path}/chk-${epoch}/${stateName}`;
    const state = await this.#disk.read(path);
    if (state === undefined) throw damaged(path, 'it is not there');
    const { parts: entries, ...info } = manifest;
    const parts = new Map<string, Uint8Array>();
    let at = 0;
    for (const { id, bytes, crc } of entries) {
      const part = state.subarray(at, at + bytes);
      if (part.length < bytes) throw damaged(path, `it ends at byte ${state.length}, within "${id}"`);
      if (crc32(part) !== crc) throw damaged(path, `the checksum of "${id}" does not fit its bytes`);
      parts.set(id, part);
      at += bytes;
    }
    return { ...info, parts };
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    await this.#disk.remove(this.path);
  }
}
