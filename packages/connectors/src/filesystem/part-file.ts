/* One file being written: hidden while it grows, under its name once it is whole.
 *
 *   .part-<writer>-<n>.inprogress ── finish ──▶ closed, synced ── publish ──▶ part-<writer>-<n>
 *
 * The two steps are apart so that publishing can wait for a checkpoint's commit. */

import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { ByteWriter } from '#base';
import type { ColumnFileWriter } from '#formats';
import { fileError } from './files.ts';
import { makeFolder } from './make-folder.ts';
import { hiddenPath, visiblePath } from './prepared-files.ts';

export class PartFile {
  readonly folder: string;
  /** Rows that are not yet given to the operating system. */
  readonly buffer = new ByteWriter();
  readonly openedMs: number;
  lastRowMs: number;
  /** Bytes of all rows. */
  size = 0;
  /** Rows in `buffer`, and what ends the blocks of this file: of formats that have blocks. */
  rows = 0;
  mark: Uint8Array = new Uint8Array(0);
  /** Of formats whose files hold columns: takes the rows instead of `buffer`. */
  columns: ColumnFileWriter | undefined;
  readonly name: string;
  #handle: FileHandle | undefined;

  constructor(folder: string, name: string, nowMs: number) {
    this.folder = folder;
    this.name = name;
    this.openedMs = nowMs;
    this.lastRowMs = nowMs;
  }
  get #hidden(): string {
    return hiddenPath(this);
  }
  async append(bytes: Uint8Array): Promise<void> {
    try {
      if (this.#handle === undefined) {
        await makeFolder(this.folder);
        this.#handle = await open(this.#hidden, 'wx');
      }
      for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at)).bytesWritten;
    } catch (cause) {
      throw fileError('write', this.#hidden, cause);
    }
  }
  async finish(): Promise<void> {
    try {
      await this.#handle?.sync();
      await this.#handle?.close();
      this.#handle = undefined;
    } catch (cause) {
      throw fileError('write', this.#hidden, cause);
    }
  }
  /** What was appended is on the medium. */
  async sync(): Promise<void> {
    try {
      await this.#handle?.sync();
    } catch (cause) {
      throw fileError('write', this.#hidden, cause);
    }
  }
  async publish(): Promise<void> {
    try {
      await rename(this.#hidden, visiblePath(this));
    } catch (cause) {
      throw fileError('rename', this.#hidden, cause);
    }
  }
  /** Closes it as it is. Never throws. */
  async leave(): Promise<void> {
    await this.#handle?.close().catch(() => {});
    this.#handle = undefined;
  }
  /** Removes what was not published. Never throws: it runs when a job is torn down. */
  async discard(): Promise<void> {
    await this.#handle?.close().catch(() => {});
    this.#handle = undefined;
    await rm(this.#hidden, { force: true }).catch(() => {});
  }
}
