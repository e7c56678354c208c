/* A partition's batches in memory: segments of batches, found by binary search. Nothing but the ends of segments is
 * different from a log on disk: rolling, retention and compaction go by the same rules. */

import type { RecordBatch } from '#records';
import type { CompactionScope } from './compaction.ts';
import { compactSegments, type SegmentKeeper } from './compact-segments.ts';
import { MemoryRoom } from './memory-room.ts';
import type { LogSettings, PartitionLog, TimedOffset } from './partition-log.ts';
import type { StoredBatch } from './stored-batch.ts';
import { firstRecordAt, largestRecord } from './record-times.ts';
import { segmentOf } from './segment-of.ts';
import { Slabs } from './slabs.ts';
import { compactable, droppable, mustRoll, type SegmentFacts } from './segment-policy.ts';

/** What a batch takes beside its bytes, about. */
const entryBytes = 400;

class MemorySegment implements SegmentFacts {
  readonly baseOffset: number;
  entries: StoredBatch[] = [];
  bytes = 0;
  maxTimestamp = -1;
  firstTimestamp = -1;
  readonly offsetIndexBytes = 0;
  readonly timeIndexBytes = 0;
  readonly jitterMs = 0;
  readonly #slabs = new Slabs();

  constructor(baseOffset: number) {
    this.baseOffset = baseOffset;
  }
  append(bytes: Buffer, head: RecordBatch): void {
    this.entries.push({ bytes: this.#slabs.keep(bytes), head });
    this.bytes += bytes.length;
    if (head.count === 0) return;
    if (this.firstTimestamp < 0) this.firstTimestamp = head.maxTimestamp;
    this.maxTimestamp = Math.max(this.maxTimestamp, head.maxTimestamp);
  }
  /** Index of the batch that holds the offset, or of the first behind it. */
  find(offset: number): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.entries[middle]!.head.lastOffset < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const heldBytes = (segments: readonly MemorySegment[]): number =>
  segments.reduce((n, s) => n + s.bytes + s.entries.length * entryBytes, 0);

export class MemoryLog implements PartitionLog {
  startOffset: number;
  endOffset: number;
  readonly flushDue = false;
  /** One at least; the last takes the batches. */
  #segments: MemorySegment[];
  #settings: LogSettings;
  /** Offsets below were compacted. */
  #cleanUpTo = 0;
  #closed = false;
  readonly #room: MemoryRoom;

  /** Empty, between two offsets that are 0 but in a restored log. */
  constructor(settings: LogSettings, room = new MemoryRoom(), startOffset = 0, endOffset = startOffset) {
    this.#room = room;
    this.#settings = settings;
    this.startOffset = startOffset;
    this.endOffset = endOffset;
    this.#segments = [new MemorySegment(startOffset)];
  }
  get bytes(): number {
    return this.#segments.reduce((n, s) => n + s.bytes, 0);
  }
  configure(settings: LogSettings): void {
    this.#settings = settings;
  }
  append(batch: Buffer, head: RecordBatch): void {
    const held = batch.length + entryBytes;
    // The end of a transaction that began is taken in any case.
    if (head.control) this.#room.change(held);
    else this.#room.take(held);
    let active = this.#segments.at(-1)!;
    if (mustRoll(active, batch.length, head, this.#settings)) {
      active = new MemorySegment(head.baseOffset);
      this.#segments.push(active);
    }
    active.append(batch, head);
    this.endOffset = head.lastOffset + 1;
  }
  read(offset: number, upTo: number, bytesMax: number, atLeastOne: boolean): readonly Buffer[] {
    const found: Buffer[] = [];
    let left = bytesMax;
    for (let i = segmentOf(this.#segments, offset); i < this.#segments.length; i++) {
      const segment = this.#segments[i]!;
      for (let at = segment.find(offset); at < segment.entries.length; at++) {
        const { bytes, head } = segment.entries[at]!;
        if (head.lastOffset >= upTo) return found;
        if (bytes.length > left && !(found.length === 0 && atLeastOne)) return found;
        found.push(bytes);
        left -= bytes.length;
      }
    }
    return found;
  }
  bytesBetween(offset: number, upTo: number): number {
    let bytes = 0;
    for (let i = segmentOf(this.#segments, offset); i < this.#segments.length; i++) {
      const segment = this.#segments[i]!;
      if (segment.baseOffset >= upTo) break;
      if (segment.baseOffset >= offset && (this.#segments[i + 1]?.baseOffset ?? this.endOffset) <= upTo)
        bytes += segment.bytes;
      else
        for (let at = segment.find(offset); at < segment.entries.length; at++) {
          const entry = segment.entries[at]!;
          if (entry.head.lastOffset >= upTo) break;
          bytes += entry.bytes.length;
        }
    }
    return bytes;
  }
  offsetForTime(timestamp: number, upTo: number): TimedOffset | undefined {
    for (const segment of this.#segments) {
      if (segment.baseOffset >= upTo) break;
      if (segment.maxTimestamp < timestamp) continue;
      for (const { bytes, head } of segment.entries) {
        if (head.lastOffset >= upTo) break;
        if (head.maxTimestamp < timestamp) continue;
        const found = firstRecordAt(bytes, head, timestamp, this.startOffset);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }
  largestTime(upTo: number): TimedOffset | undefined {
    let best: StoredBatch | undefined;
    for (const entry of this.batches()) {
      if (entry.head.lastOffset >= upTo) break;
      if (entry.head.count === 0) continue;
      if (best === undefined || entry.head.maxTimestamp > best.head.maxTimestamp) best = entry;
    }
    return best && largestRecord(best.bytes, best.head);
  }
  startAt(offset: number): void {
    this.startOffset = Math.max(this.startOffset, offset);
    this.#trim();
  }
  /** Frees what lies below the start. */
  #trim(): void {
    const from = segmentOf(this.#segments, this.startOffset);
    this.#free(this.#segments.splice(0, from));
    const [first] = this.#segments;
    for (const { bytes } of first!.entries.splice(0, first!.find(this.startOffset))) {
      first!.bytes -= bytes.length;
      this.#room.change(-bytes.length - entryBytes);
    }
  }
  retain(now: number): boolean {
    const segments = this.#segments;
    const count = droppable(segments, this.startOffset, this.endOffset, this.#settings, now);
    if (count === 0) return false;
    if (count === segments.length) segments.push(new MemorySegment(this.endOffset));
    this.#free(segments.splice(0, count));
    this.startOffset = Math.max(this.startOffset, segments[0]!.baseOffset);
    return true;
  }
  async compact(now: number, scope: CompactionScope): Promise<boolean> {
    const settings = this.#settings;
    if (!settings.compact) return false;
    const count = compactable(this.#segments, this.#cleanUpTo, scope.stableOffset, settings, now);
    if (count === 0) return false;
    const taken = this.#segments.slice(0, count);
    const end = this.#segments[count]!.baseOffset;
    const keeper = this.#keeper();
    this.#cleanUpTo = await compactSegments(keeper, taken, end, this.#cleanUpTo, scope, settings, now);
    return true;
  }
  #keeper(): SegmentKeeper<MemorySegment> {
    const closed = (): boolean => this.#closed;
    return {
      get closed() {
        return closed();
      },
      batches: (segment) => [...segment.entries],
      begin: (first) => new MemorySegment(first.baseOffset),
      append: (to, bytes, head) => to.append(bytes, head),
      replace: async (group, made) => {
        const at = this.#segments.indexOf(group[0]!);
        if (at < 0) return;
        this.#room.change(heldBytes([made]));
        this.#free(this.#segments.splice(at, group.length, made));
        this.#trim();
      },
      discard: () => {},
    };
  }
  *batches(): Iterable<StoredBatch> {
    for (const segment of this.#segments)
      for (const entry of segment.entries) if (entry.head.lastOffset >= this.startOffset) yield entry;
  }
  #free(segments: readonly MemorySegment[]): void {
    this.#room.change(-heldBytes(segments));
  }
  async flush(): Promise<void> {}
  async close(): Promise<void> {
    this.#closed = true;
  }
  async remove(): Promise<void> {
    this.#closed = true;
    this.#free(this.#segments);
    this.#segments = [new MemorySegment(this.endOffset)];
  }
}
