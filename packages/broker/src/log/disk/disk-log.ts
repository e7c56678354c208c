/* A partition's batches on disk, in a folder with Kafka's own layout: its tools read it.
 *
 *   append ─▶ active segment ─▶ (full or old) closed segments ─▶ retention, compaction
 *
 * Writes go to the pages of the system, which survive this process; `flush` brings them to the disk, one fdatasync for
 * all who wait. */

import { open, rm } from 'node:fs/promises';
import { renameSync } from 'node:fs';
import type { Timer, World } from '#base';
import { readBatchHead, type RecordBatch } from '#records';
import type { CompactionScope } from '../compaction.ts';
import { compactSegments, type SegmentKeeper } from '../compact-segments.ts';
import type { LogSettings, PartitionLog, StoredBatch, TimedOffset } from '../partition-log.ts';
import { firstRecordAt, largestRecord } from '../record-times.ts';
import { compactable, droppable, mustRoll } from '../segment-policy.ts';
import { KafkaStorageError } from '../storage-error.ts';
import type { PlacedBatch } from './batch-scan.ts';
import type { OpenFiles } from './open-files.ts';
import { openSegments } from './open-segments.ts';
import { cleanedSuffix, Segment, swapSuffix } from './segment.ts';
import { SharedFlush } from './shared-flush.ts';

/** What is known of a log beside its segments; kept by the store. Setting may throw KafkaStorageError. */
export interface LogMarks {
  startOffset: number;
  /** Everything below is on the disk. */
  recoveryPoint: number;
  /** Everything below was compacted. */
  cleanUpTo: number;
  /** The log is gone. */
  forget(): void;
}
export interface DiskLogParts {
  readonly files: OpenFiles;
  readonly folder: string;
  readonly world: World;
  readonly marks: LogMarks;
  /** The last run closed the log. */
  readonly closedCleanly: boolean;
  /** Brings to the disk what says that this log exists. */
  readonly syncStore: () => Promise<void>;
  readonly log: (line: string) => void;
}

export class DiskLog implements PartitionLog {
  startOffset: number;
  readonly #parts: DiskLogParts;
  #settings: LogSettings;
  /** One at least; the last takes the batches. */
  #segments: Segment[];
  #bytes: number;
  /** Everything below is on the disk. */
  #flushedTo: number;
  #folderChanged = true;
  readonly #flushes = new SharedFlush(() => this.#sync());
  #flushTimer: Timer | undefined;
  /** Segments stay where they are meanwhile. */
  #compacting: Promise<boolean> | undefined;
  #retentionMissed = false;
  readonly #removing = new Set<Promise<void>>();
  /** Why nothing more can be appended. */
  #failed: KafkaStorageError | undefined;
  #closed = false;

  /** Opens the folder, or makes it. Throws KafkaStorageError. */
  constructor(parts: DiskLogParts, settings: LogSettings) {
    this.#parts = parts;
    this.#settings = settings;
    const { files, folder, marks, closedCleanly, log } = parts;
    const recoverFrom = closedCleanly ? Infinity : marks.recoveryPoint;
    try {
      this.#segments = openSegments({
        files,
        folder,
        settings,
        startOffset: marks.startOffset,
        recoverFrom,
        log,
      });
    } catch (cause) {
      throw new KafkaStorageError(`${folder} could not be opened`, cause);
    }
    this.startOffset = Math.max(marks.startOffset, this.#segments[0]!.baseOffset);
    this.#bytes = this.#segments.reduce((n, s) => n + s.bytes, 0);
    if (marks.recoveryPoint > this.endOffset) marks.recoveryPoint = this.endOffset;
    if (marks.cleanUpTo > this.endOffset) marks.cleanUpTo = 0;
    this.#flushedTo = closedCleanly ? this.endOffset : marks.recoveryPoint;
  }
  get #active(): Segment {
    return this.#segments.at(-1)!;
  }
  get endOffset(): number {
    return this.#active.nextOffset;
  }
  get bytes(): number {
    return this.#bytes;
  }
  configure(settings: LogSettings): void {
    this.#settings = settings;
  }

  append(batch: Buffer, head: RecordBatch): void {
    if (this.#failed !== undefined) throw this.#failed;
    const settings = this.#settings;
    if (mustRoll(this.#active, batch.length, head, settings)) this.#roll(head.baseOffset);
    this.#active.append(batch, head, settings.indexIntervalBytes);
    this.#bytes += batch.length;
    if (settings.flushMs < Infinity && this.#flushTimer === undefined) this.#flushLater(settings.flushMs);
  }
  #flushLater(delayMs: number): void {
    this.#flushTimer = this.#parts.world.after(delayMs, () => {
      this.#flushTimer = undefined;
      this.#flushAside();
    });
  }
  /** Flushes where nobody waits for it. */
  #flushAside(): void {
    this.flush().catch((error: unknown) => {
      this.#parts.log(String(error));
    });
  }
  /** Closes the active segment and starts the next. */
  #roll(baseOffset: number): void {
    const next = new Segment(this.#parts.files, this.#parts.folder, baseOffset);
    try {
      next.create();
    } catch (cause) {
      next.discard();
      throw new KafkaStorageError(`${next.path} could not be made`, cause);
    }
    this.#active.finish();
    this.#segments.push(next);
    this.#folderChanged = true;
    this.#flushAside();
  }

  /** The segment that the offset belongs to. */
  #segmentOf(offset: number): number {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#segments[middle]!.baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
  read(
    offset: number,
    upTo: number,
    bytesMax: number,
    atLeastOne: boolean,
    memory: (bytes: number) => Buffer = Buffer.allocUnsafe,
  ): readonly Buffer[] {
    const found: Buffer[] = [];
    let left = bytesMax;
    for (let i = this.#segmentOf(offset); i < this.#segments.length; i++) {
      const segment = this.#segments[i]!;
      const first = segment.find(offset);
      if (first === undefined) continue;
      if (first.head.lastOffset >= upTo) break;
      const { position, length } = first;
      if (length > left && !(atLeastOne && found.length === 0)) break;
      const bytes = segment.read(
        position,
        memory(Math.min(Math.max(left, length), segment.bytes - position)),
      );
      const end = wholeBatches(bytes, upTo);
      found.push(bytes.subarray(0, end));
      left -= end;
      if (end < bytes.length || position + end < segment.bytes) break;
    }
    return found;
  }
  bytesBetween(offset: number, upTo: number): number {
    let bytes = 0;
    for (let i = this.#segmentOf(offset); i < this.#segments.length; i++) {
      const segment = this.#segments[i]!;
      if (segment.baseOffset >= upTo) break;
      const from = segment.find(offset)?.position ?? segment.bytes;
      bytes += (segment.find(upTo)?.position ?? segment.bytes) - from;
    }
    return bytes;
  }
  offsetForTime(timestamp: number, upTo: number): TimedOffset | undefined {
    for (const segment of this.#segments) {
      if (segment.baseOffset >= upTo) break;
      const from = segment.findTime(timestamp);
      if (from === undefined) continue;
      for (const batch of segment.batches(from.position)) {
        if (batch.head.lastOffset >= upTo) return undefined;
        if (batch.head.maxTimestamp < timestamp || batch.head.lastOffset < this.startOffset) continue;
        const found = firstRecordAt(batch.bytes, batch.head, timestamp, this.startOffset);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }
  largestTime(upTo: number): TimedOffset | undefined {
    let best: PlacedBatch | undefined;
    for (const segment of this.#segments) {
      if (segment.baseOffset >= upTo) break;
      if (segment.maxTimestamp <= (best?.head.maxTimestamp ?? -1)) continue;
      const whole = segment.nextOffset <= upTo && segment.baseOffset >= this.startOffset;
      const candidates = whole ? [segment.findTime(segment.maxTimestamp)!] : segment.batches();
      for (const batch of candidates) {
        const { head } = batch;
        if (head.lastOffset >= upTo) break;
        if (head.count === 0 || head.lastOffset < this.startOffset) continue;
        if (head.maxTimestamp > (best?.head.maxTimestamp ?? -1)) best = batch;
      }
    }
    return best && largestRecord(best.bytes, best.head);
  }
  *batches(): Iterable<StoredBatch> {
    for (let i = this.#segmentOf(this.startOffset); i < this.#segments.length; i++) {
      const segment = this.#segments[i]!;
      const from = segment.find(this.startOffset);
      if (from !== undefined) yield* segment.batches(from.position);
    }
  }

  startAt(offset: number): void {
    if (offset <= this.startOffset) return;
    this.#parts.marks.startOffset = offset;
    this.startOffset = offset;
  }
  retain(now: number): boolean {
    if (this.#compacting !== undefined) {
      this.#retentionMissed = true;
      return false;
    }
    const count = droppable(this.#segments, this.startOffset, this.endOffset, this.#settings, now);
    if (count === 0) return false;
    if (count === this.#segments.length) this.#roll(this.endOffset);
    this.startOffset = Math.max(this.startOffset, this.#segments[count]!.baseOffset);
    for (const segment of this.#segments.splice(0, count)) this.#remove(segment);
    return true;
  }
  #remove(segment: Segment): void {
    this.#bytes -= segment.bytes;
    this.#folderChanged = true;
    this.#aside(segment.remove());
  }
  /** Work that `close` waits for. */
  #aside(work: Promise<void>): void {
    const done = work
      .catch((error: unknown) => {
        this.#parts.log(String(error));
      })
      .finally(() => this.#removing.delete(done));
    this.#removing.add(done);
  }

  async compact(now: number, scope: CompactionScope): Promise<boolean> {
    if (!this.#settings.compact || this.#compacting !== undefined || this.#closed) return false;
    this.#compacting = this.#compact(now, scope);
    try {
      return await this.#compacting;
    } finally {
      this.#compacting = undefined;
      if (this.#retentionMissed && !this.#closed) this.retain(now);
      this.#retentionMissed = false;
    }
  }
  async #compact(now: number, scope: CompactionScope): Promise<boolean> {
    const { marks } = this.#parts;
    const settings = this.#settings;
    const count = compactable(this.#segments, marks.cleanUpTo, scope.stableOffset, settings, now);
    if (count === 0) return false;
    const taken = this.#segments.slice(0, count);
    const end = this.#segments[count]!.baseOffset;
    const from = marks.cleanUpTo;
    const cleanUpTo = await compactSegments(this.#keeper(), taken, end, from, scope, settings, now);
    if (!this.#closed) marks.cleanUpTo = cleanUpTo;
    return true;
  }
  #keeper(): SegmentKeeper<Segment> {
    const { files, folder } = this.#parts;
    const closed = (): boolean => this.#closed;
    return {
      get closed() {
        return closed();
      },
      batches: (segment) => segment.batches(),
      begin: (first) => {
        const made = new Segment(files, folder, first.baseOffset, cleanedSuffix);
        made.create();
        return made;
      },
      append: (to, bytes, head) => to.append(bytes, head, this.#settings.indexIntervalBytes),
      replace: (group, made) => this.#replace(group, made),
      discard: (made) => made.discard(),
    };
  }
  /** From the rename to `.swap` on a start finishes what is begun here. */
  async #replace(group: readonly Segment[], made: Segment): Promise<void> {
    made.finish();
    await made.sync();
    if (this.#closed) return made.discard();
    made.rename(swapSuffix);
    for (const segment of group) this.#remove(segment);
    made.rename('');
    this.#segments.splice(this.#segments.indexOf(group[0]!), group.length, made);
    this.#bytes += made.bytes;
  }

  get flushDue(): boolean {
    return this.endOffset - this.#flushedTo >= this.#settings.flushMessages;
  }
  flush(): Promise<void> {
    return this.#flushes.run();
  }
  async #sync(): Promise<void> {
    if (this.#failed !== undefined) throw this.#failed;
    const end = this.endOffset;
    const closedTo = this.#active.baseOffset;
    try {
      for (const segment of this.#segments.filter((s) => s.nextOffset > this.#flushedTo))
        await segment.sync().catch((error: unknown) => {
          if (this.#segments.includes(segment)) throw error;
        });
      if (this.#folderChanged) {
        this.#folderChanged = false;
        await syncFolder(this.#parts.folder);
      }
      await this.#parts.syncStore();
    } catch (cause) {
      // What the disk has after a failed fdatasync nobody knows: nothing more is promised until a start looks.
      this.#failed = new KafkaStorageError(`${this.#parts.folder} could not be flushed`, cause);
      throw this.#failed;
    }
    this.#flushedTo = Math.max(this.#flushedTo, end);
    this.#keepRecoveryPoint(closedTo);
  }

  #keepRecoveryPoint(offset: number): void {
    const { marks, log } = this.#parts;
    try {
      if (offset > marks.recoveryPoint) marks.recoveryPoint = offset;
    } catch (error) {
      // A start will read more than it had to.
      log(String(error));
    }
  }

  /** Whether `close` brought everything to the disk: the next start need not look. */
  get intact(): boolean {
    return this.#closed && this.#failed === undefined;
  }
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#flushTimer?.cancel();
    this.#closed = true;
    await this.#compacting?.catch(() => {});
    try {
      if (!this.#active.finish()) this.#failed = new KafkaStorageError(this.#parts.folder, 'no room');
      await this.flush();
    } catch (error) {
      this.#parts.log(String(error));
    }
    await Promise.all(this.#removing);
    for (const segment of this.#segments) segment.close();
  }
  async remove(): Promise<void> {
    this.#flushTimer?.cancel();
    this.#closed = true;
    const { folder, marks, world } = this.#parts;
    for (const segment of this.#segments) segment.close();
    const gone = `${folder}.${world.rng.uint32().toString(16)}${deletedFolderSuffix}`;
    renameSync(folder, gone);
    marks.forget();
    await this.#compacting?.catch(() => {});
    await Promise.all(this.#removing);
    await this.#flushes.idle();
    await rm(gone, { recursive: true, force: true });
  }
}

/** Of folders of deleted partitions that are going. */
export const deletedFolderSuffix = '-delete';

/** Where the last whole batch ends whose offsets are all below `upTo`. */
function wholeBatches(bytes: Buffer, upTo: number): number {
  let at = 0;
  while (at + 61 <= bytes.length) {
    const { end, lastOffset } = readBatchHead(bytes, at);
    if (end > bytes.length || lastOffset >= upTo) break;
    at = end;
  }
  return at;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
