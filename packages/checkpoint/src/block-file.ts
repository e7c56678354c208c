/* The blocks of a checkpoint that one share puts out while it takes it: on their way to the disk, one behind the other, and where
 * they lie then.
 *
 *   put ─▶ checksum ─▶ queue ─▶ all that wait, in one call ─▶ file; its memory goes back ─▶ … finish: on the medium
 */

import { crc32 } from 'node:zlib';
import type { Disk, DiskFile } from '#base';
import type { BlockTarget } from '#state';

/** A file takes nothing more once it has so many bytes: it is read whole. */
export const fileBytesMax = 1 << 30;

/** Where a block lies. */
export interface StoredBlock {
  /** Index into the names. */
  readonly file: number;
  readonly offset: number;
  readonly length: number;
  readonly crc: number;
}

/** What a share put out. */
export interface StoredBlocks {
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly blocks: readonly StoredBlock[];
}

export class BlockFile implements BlockTarget {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #stem: string;
  readonly #after: Promise<void>;
  readonly #files: { readonly name: string; bytes: number }[] = [];
  readonly #blocks: StoredBlock[] = [];
  #queue: {
    readonly file: number;
    readonly block: Uint8Array<ArrayBuffer>;
    readonly written: (memory: ArrayBuffer) => void;
  }[] = [];
  #writing: Promise<void> | undefined;
  #open: { readonly file: DiskFile; readonly index: number } | undefined;
  #error: unknown;
  #abandoned = false;

  /** Files are made in `folder`, their names begin with `stem`, and not before `after`. */
  constructor(
    disk: Disk,
    folder: string,
    { stem, after }: { readonly stem: string; readonly after: Promise<void> },
  ) {
    this.#disk = disk;
    this.#folder = folder;
    this.#stem = stem;
    this.#after = after;
  }

  put(block: Uint8Array<ArrayBuffer>, written: (memory: ArrayBuffer) => void): number {
    const { length } = block;
    let file = this.#files.length - 1;
    if (file < 0 || this.#files[file]!.bytes >= fileBytesMax)
      file = this.#files.push({ name: `${this.#stem}-${this.#files.length}`, bytes: 0 }) - 1;
    const into = this.#files[file]!;
    this.#blocks.push({ file, offset: into.bytes, length, crc: crc32(block) });
    into.bytes += length;
    this.#queue.push({ file, block, written });
    this.#writing ??= this.#write();
    return this.#blocks.length - 1;
  }
  async #write(): Promise<void> {
    await this.#after;
    while (this.#queue.length > 0) {
      const { file } = this.#queue[0]!;
      const count = this.#queue.findIndex((q) => q.file !== file);
      const taken = this.#queue.splice(0, count < 0 ? this.#queue.length : count);
      // What is not wanted any more, or cannot be written, goes nowhere: who puts it goes on.
      if (!this.#abandoned && this.#error === undefined) {
        try {
          await (await this.#opened(file)).append(taken.map((t) => t.block));
        } catch (error) {
          this.#error = error;
        }
      }
      for (const { block, written } of taken) written(block.buffer);
    }
    // At once: what is put from here on starts the next one.
    this.#writing = undefined;
  }
  async #opened(index: number): Promise<DiskFile> {
    if (this.#open?.index === index) return this.#open.file;
    await this.#closeOpen();
    if (index === 0) await this.#disk.makeFolder(this.#folder);
    const file = await this.#disk.create(this.#path(index));
    this.#open = { file, index };
    return file;
  }
  #path(index: number): string {
    return `${this.#folder}/${this.#files[index]!.name}`;
  }
  async #closeOpen(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    try {
      if (!this.#abandoned) await open.file.sync();
    } finally {
      await open.file.close();
    }
  }

  /** Resolves when all blocks are on the medium, the names of their files aside. Throws ExternalError. */
  async finish(): Promise<StoredBlocks> {
    await this.#writing;
    if (this.#error !== undefined) throw this.#error;
    await this.#closeOpen();
    return { files: this.#files, blocks: this.#blocks };
  }
  /** Nobody wants it any more. Resolves when nothing of it is written or open; its files may be left. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    await this.#writing;
    await this.#closeOpen().catch(() => {});
  }
}
