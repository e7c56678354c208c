/* A partition's batches in memory: one entry a batch, found by binary search. */

import type { RecordBatch } from '#records';
import { compacted } from './compact.ts';
import type { LogSettings, PartitionLog, TimedOffset } from './partition-log.ts';
import { firstRecordAt, largestRecord } from './record-times.ts';

interface Entry {
  readonly bytes: Buffer;
  readonly head: RecordBatch;
}

/** What a batch takes beside its bytes, about. */
const entryBytes = 200;

export class MemoryLog implements PartitionLog {
  startOffset = 0;
  endOffset = 0;
  bytes = 0;
  readonly flushDue = false;
  #entries: Entry[] = [];
  #settings: LogSettings;
  /** Offsets below were compacted. */
  #cleanUpTo = 0;

  constructor(settings: LogSettings) {
    this.#settings = settings;
  }
  configure(settings: LogSettings): void {
    this.#settings = settings;
  }
  append(batch: Buffer, head: RecordBatch): void {
    this.#entries.push({ bytes: batch, head });
    this.bytes += batch.length;
    this.endOffset = head.lastOffset + 1;
  }
  /** Index of the batch that holds the offset, or of the first behind it. */
  #find(offset: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#entries[middle]!.head.lastOffset < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  read(offset: number, upTo: number, bytesMax: number, atLeastOne: boolean): readonly Buffer[] {
    const found: Buffer[] = [];
    let left = bytesMax;
    for (let at = this.#find(offset); at < this.#entries.length; at++) {
      const { bytes, head } = this.#entries[at]!;
      if (head.lastOffset >= upTo) break;
      if (bytes.length > left && !(found.length === 0 && atLeastOne)) break;
      found.push(bytes);
      left -= bytes.length;
    }
    return found;
  }
  offsetForTime(timestamp: number, upTo: number): TimedOffset | undefined {
    for (const { bytes, head } of this.#entries) {
      if (head.lastOffset >= upTo) break;
      if (head.maxTimestamp < timestamp || head.lastOffset < this.startOffset) continue;
      const found = firstRecordAt(bytes, head, timestamp, this.startOffset);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  largestTime(upTo: number): TimedOffset | undefined {
    let best: Entry | undefined;
    for (const entry of this.#entries) {
      if (entry.head.lastOffset >= upTo) break;
      if (best === undefined || entry.head.maxTimestamp > best.head.maxTimestamp) best = entry;
    }
    return best && largestRecord(best.bytes, best.head);
  }
  startAt(offset: number): void {
    this.startOffset = Math.max(this.startOffset, offset);
    const keepFrom = this.#find(this.startOffset);
    for (const gone of this.#entries.splice(0, keepFrom)) this.bytes -= gone.bytes.length;
    this.endOffset = Math.max(this.endOffset, this.startOffset);
  }
  clean(now: number): boolean {
    const before = this.bytes;
    const { retentionMs, retentionBytes, compact } = this.#settings;
    if (this.#settings.delete) {
      let drop = 0;
      let left = this.bytes;
      for (const { bytes, head } of this.#entries) {
        if (!(head.maxTimestamp < now - retentionMs) && !(left - bytes.length >= retentionBytes)) break;
        left -= bytes.length;
        drop++;
      }
      if (drop > 0) this.startAt(this.#entries[drop - 1]!.head.lastOffset + 1);
    }
    if (compact) this.#compact(now);
    return this.bytes !== before;
  }
  #compact(now: number): void {
    if (this.#cleanUpTo >= this.endOffset) return;
    this.#entries = compacted(this.#entries, this.#settings, now);
    this.bytes = this.#entries.reduce((n, e) => n + e.bytes.length, 0);
    this.#cleanUpTo = this.endOffset;
  }
  *batches(): Iterable<Entry> {
    yield* this.#entries;
  }
  /** Memory held, for the broker's bound. */
  get heldBytes(): number {
    return this.bytes + this.#entries.length * entryBytes;
  }
  async flush(): Promise<void> {}
  async close(): Promise<void> {}
  async remove(): Promise<void> {
    this.#entries = [];
    this.bytes = 0;
  }
}
