/* When a segment is closed, when it goes, and when it is worth compacting: one answer for memory and disk.
 *
 *   [closed][closed][closed][active]      batches go to the active one; retention drops whole segments from the front,
 *                                         compaction rewrites closed ones
 *
 * Kafka: LogSegment.shouldRoll, UnifiedLog.deleteOldSegments, LogCleanerManager.cleanableOffsets. */

import type { RecordBatch } from '#records';
import type { LogSettings } from './partition-log.ts';

/** What the policy looks at. */
export interface SegmentFacts {
  /** Every offset of the segment is this or more, and less than the next one's. */
  readonly baseOffset: number;
  readonly bytes: number;
  /** The largest time of its records; -1 without any. */
  readonly maxTimestamp: number;
  /** The largest time of its first batch, from which its age counts; -1 without any. */
  readonly firstTimestamp: number;
  /** Of its indexes; 0 where it needs none. */
  readonly offsetIndexBytes: number;
  readonly timeIndexBytes: number;
  /** By how much its end by age comes earlier. */
  readonly jitterMs: number;
}

const relativeOffsetMax = 0x7fff_ffff;
const offsetEntryBytes = 8;
const timeEntryBytes = 12;

/** Whether the batch must go to a new segment. */
export function mustRoll(
  active: SegmentFacts,
  batchBytes: number,
  head: RecordBatch,
  settings: LogSettings,
): boolean {
  if (active.bytes === 0) return false;
  return (
    active.bytes + batchBytes > settings.segmentBytes ||
    (active.firstTimestamp >= 0 &&
      head.maxTimestamp - active.firstTimestamp > settings.segmentMs - active.jitterMs) ||
    // The end of a segment takes an entry of the time index.
    active.offsetIndexBytes + offsetEntryBytes > settings.segmentIndexBytes ||
    active.timeIndexBytes + 2 * timeEntryBytes > settings.segmentIndexBytes ||
    head.lastOffset - active.baseOffset > relativeOffsetMax
  );
}

/** How many segments at the front retention drops, the active one included; an empty active one never. */
export function droppable(
  segments: readonly SegmentFacts[],
  startOffset: number,
  endOffset: number,
  settings: LogSettings,
  now: number,
): number {
  let count = 0;
  const next = (): SegmentFacts | undefined => {
    const segment = segments[count];
    return count === segments.length - 1 && segment?.bytes === 0 ? undefined : segment;
  };
  if (settings.delete) {
    for (let s = next(); s !== undefined && now - s.maxTimestamp > settings.retentionMs; s = next()) count++;
    let over = segments.slice(count).reduce((n, s) => n + s.bytes, 0) - settings.retentionBytes;
    for (let s = next(); s !== undefined && over - s.bytes >= 0; s = next()) {
      over -= s.bytes;
      count++;
    }
  }
  while (next() !== undefined && (segments[count + 1]?.baseOffset ?? endOffset) <= startOffset) count++;
  return count;
}

/** How many segments at the front a compaction takes; 0 when too little is new. Offsets below `cleanUpTo` were compacted;
 *  those from `stableOffset` on are undecided. The active segment is never taken. */
export function compactable(
  segments: readonly SegmentFacts[],
  cleanUpTo: number,
  stableOffset: number,
  settings: LogSettings,
  now: number,
): number {
  let count = 0;
  let cleanBytes = 0;
  let dirtyBytes = 0;
  let oldest = Infinity;
  for (const [i, segment] of segments.slice(0, -1).entries()) {
    const end = segments[i + 1]!.baseOffset;
    if (end > stableOffset) break;
    if (end <= cleanUpTo) cleanBytes += segment.bytes;
    else {
      const young = settings.compactionLagMs > 0 && segment.maxTimestamp > now - settings.compactionLagMs;
      if (young) break;
      dirtyBytes += segment.bytes;
      if (segment.firstTimestamp >= 0) oldest = Math.min(oldest, segment.firstTimestamp);
    }
    count++;
  }
  if (dirtyBytes === 0) return 0;
  const overdue = now - oldest > settings.compactionLagMsMax;
  return overdue || dirtyBytes / (cleanBytes + dirtyBytes) > settings.dirtyRatio ? count : 0;
}

/** Neighbours that fit into one segment together: where each group ends. */
export function* groups(
  segments: readonly SegmentFacts[],
  endOffset: number,
  settings: LogSettings,
): Iterable<readonly [from: number, to: number]> {
  for (let from = 0; from < segments.length; ) {
    let to = from + 1;
    let { bytes, offsetIndexBytes, timeIndexBytes } = segments[from]!;
    for (; to < segments.length; to++) {
      const end = segments[to + 1]?.baseOffset ?? endOffset;
      if (end - segments[from]!.baseOffset > relativeOffsetMax) break;
      const next = segments[to]!;
      bytes += next.bytes;
      offsetIndexBytes += next.offsetIndexBytes;
      timeIndexBytes += next.timeIndexBytes;
      if (bytes > settings.segmentBytes) break;
      if (Math.max(offsetIndexBytes, timeIndexBytes) > settings.segmentIndexBytes) break;
    }
    yield [from, to];
    from = to;
  }
}
