/* One segment of a log on disk: batches one behind the other in a .log file, and its two indexes.
 *
 *   append ─▶ 00000000000000000042.log   every `index.interval.bytes` ─▶ .index, .timeindex
 *
 * Promises: a batch that the disk did not take whole is cut off again. */

import { rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordBatch } from '#records';
import type { SegmentFacts } from '../segment-policy.ts';
import { KafkaStorageError } from '../storage-error.ts';
import { scanHeads, scanSound, type PlacedBatch } from './batch-scan.ts';
import type { OpenFiles } from './open-files.ts';
import { offsetFormat, SparseIndex, timeFormat } from './sparse-index.ts';

/** Of segments that are being made, are about to take the place of others, and are going. */
export const cleanedSuffix = '.cleaned';
export const swapSuffix = '.swap';
export const deletedSuffix = '.deleted';

export function segmentPaths(
  folder: string,
  baseOffset: number,
  suffix = '',
): readonly [log: string, offsets: string, times: string] {
  const base = join(folder, `${baseOffset}`.padStart(20, '0'));
  return [`${base}.log${suffix}`, `${base}.index${suffix}`, `${base}.timeindex${suffix}`];
}

export class Segment implements SegmentFacts {
  readonly baseOffset: number;
  bytes = 0;
  /** Behind the last batch. */
  nextOffset: number;
  maxTimestamp = -1;
  firstTimestamp = -1;
  /** The last offset of the first batch with `maxTimestamp`. */
  #maxTimestampOffset = -1;
  #bytesSinceEntry = 0;
  /** Of the log file and the two indexes. */
  #paths: readonly [log: string, offsets: string, times: string];
  readonly #files: OpenFiles;
  readonly #folder: string;
  readonly #offsets: SparseIndex;
  readonly #times: SparseIndex;

  /** `suffix`: behind all file names, while a segment is being made. */
  constructor(files: OpenFiles, folder: string, baseOffset: number, suffix = '') {
    this.#files = files;
    this.#folder = folder;
    this.baseOffset = this.nextOffset = baseOffset;
    this.#paths = segmentPaths(folder, baseOffset, suffix);
    this.#offsets = new SparseIndex(files, this.#paths[1], offsetFormat);
    this.#times = new SparseIndex(files, this.#paths[2], timeFormat);
  }
  get path(): string {
    return this.#paths[0];
  }
  /** Makes empty files. */
  create(): void {
    this.#files.create(this.path);
    this.#offsets.reset();
    this.#times.reset();
  }

  /** Appends the batch, or throws KafkaStorageError and leaves the segment as it was. */
  append(batch: Buffer, head: RecordBatch, indexIntervalBytes: number): void {
    try {
      this.#files.write(this.path, batch, this.bytes);
    } catch (cause) {
      this.#files.cut(this.path, this.bytes);
      throw new KafkaStorageError(`${this.path} could not be written`, cause);
    }
    this.#note(batch.length, head, indexIntervalBytes);
  }
  /** Takes a batch of the file into account; of the indexes too where there is an interval. */
  #note(length: number, head: RecordBatch, indexIntervalBytes: number | undefined): void {
    if (indexIntervalBytes !== undefined && this.#bytesSinceEntry > indexIntervalBytes) {
      const entry = { key: head.lastOffset - this.baseOffset, value: this.bytes };
      if (this.#offsets.append(entry) && this.#indexTime()) this.#bytesSinceEntry = 0;
    }
    this.bytes += length;
    this.#bytesSinceEntry += length;
    this.nextOffset = head.lastOffset + 1;
    if (head.count === 0) return;
    if (this.firstTimestamp < 0) this.firstTimestamp = head.maxTimestamp;
    if (head.maxTimestamp <= this.maxTimestamp) return;
    this.maxTimestamp = head.maxTimestamp;
    this.#maxTimestampOffset = head.lastOffset;
  }
  #indexTime(): boolean {
    if (this.maxTimestamp < 0) return true;
    return this.#times.append({ key: this.maxTimestamp, value: this.#maxTimestampOffset - this.baseOffset });
  }
  /** Nothing more will be appended: the time index gets its last entry. False when the disk does not take it. */
  finish(): boolean {
    return this.#indexTime();
  }

  /** Opens the files that a clean end left. False when the indexes do not fit: then `recover`. */
  open(): boolean {
    const size = statSync(this.path).size;
    if (!this.#offsets.open() || !this.#times.open()) return false;
    const lastEntry = this.#offsets.last;
    const lastTime = this.#times.last;
    if (lastEntry !== undefined && (lastEntry.key < 0 || lastEntry.value >= size)) return false;
    if (lastTime !== undefined) {
      this.maxTimestamp = lastTime.key;
      this.#maxTimestampOffset = this.baseOffset + lastTime.value;
    }
    this.bytes = lastEntry?.value ?? 0;
    const [first] = scanHeads(this.#files, this.path, 0, size);
    if (first !== undefined && first.head.count > 0) this.firstTimestamp = first.head.maxTimestamp;
    if (first !== undefined && first.head.baseOffset < this.baseOffset) return false;
    for (const { head, length } of scanHeads(this.#files, this.path, this.bytes, size))
      this.#note(length, head, undefined);
    return (
      this.bytes === size && (lastEntry === undefined || this.nextOffset > this.baseOffset + lastEntry.key)
    );
  }
  /** Reads every batch, cuts the file behind the last sound one, and makes the indexes anew. Gives the bytes cut off. */
  recover(indexIntervalBytes: number): number {
    const size = statSync(this.path).size;
    this.bytes = 0;
    this.nextOffset = this.baseOffset;
    this.maxTimestamp = this.firstTimestamp = this.#maxTimestampOffset = -1;
    this.#bytesSinceEntry = 0;
    this.#offsets.reset();
    this.#times.reset();
    for (const { head, length } of scanSound(this.#files, this.path, size, this.baseOffset))
      this.#note(length, head, indexIntervalBytes);
    if (this.bytes < size) this.#files.truncate(this.path, this.bytes);
    return size - this.bytes;
  }

  /** All batches, or those from a position on that an index gave. */
  batches(from = 0): Iterable<PlacedBatch> {
    return scanHeads(this.#files, this.path, from, this.bytes);
  }
  /** The batch that holds the offset, or the first behind it. */
  find(offset: number): PlacedBatch | undefined {
    if (offset >= this.nextOffset) return undefined;
    const entry = this.#offsets.find(offset - this.baseOffset);
    for (const batch of this.batches(entry?.value ?? 0)) if (batch.head.lastOffset >= offset) return batch;
    return undefined;
  }
  /** The first batch with this time or later; undefined when there is none. */
  findTime(timestamp: number): PlacedBatch | undefined {
    if (this.maxTimestamp < timestamp) return undefined;
    const entry = this.#times.find(timestamp);
    const from = entry === undefined ? undefined : this.find(this.baseOffset + entry.value);
    for (const batch of this.batches(from?.position ?? 0))
      if (batch.head.count > 0 && batch.head.maxTimestamp >= timestamp) return batch;
    return undefined;
  }
  /** Bytes of the file from `position` on, as many as `into` takes; gives those that there were. */
  read(position: number, into: Buffer): Buffer {
    try {
      return into.subarray(0, this.#files.read(this.path, into, position));
    } catch (cause) {
      throw new KafkaStorageError(`${this.path} could not be read`, cause);
    }
  }
  sync(): Promise<void> {
    return this.#files.sync(this.path);
  }
  /** Gives all its files another suffix, the log file last: it stands for the whole. */
  rename(suffix: string): void {
    const old = this.#paths;
    this.#paths = segmentPaths(this.#folder, this.baseOffset, suffix);
    [, this.#offsets.path, this.#times.path] = this.#paths;
    for (const i of [2, 1, 0] as const) this.#files.rename(old[i], this.#paths[i]);
  }
  /** Takes the segment out of the folder at once; resolves when its files are gone. */
  async remove(): Promise<void> {
    this.rename(deletedSuffix);
    for (const path of this.#paths) await rm(path, { force: true });
  }
  /** Its files are no longer used. */
  close(): void {
    for (const path of this.#paths) this.#files.close(path);
  }
  /** Takes away what `create` made. */
  discard(): void {
    for (const path of this.#paths) {
      this.#files.close(path);
      rmSync(path, { force: true });
    }
  }
}
