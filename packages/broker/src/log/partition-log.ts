/* Where a partition's record batches lie, as they came (compressed), with only base offset and leader epoch written in.
 *
 *   append(batch) ─▶ [batch][batch][batch] … ─▶ read(offset): whole batches, from the one that holds the offset
 *
 * The log knows offsets, times and bytes. Producers, transactions and waiting readers belong to the Partition. All calls
 * but `flush` and `close` are synchronous: what `append` took survives the process, in the files' pages or in the
 * snapshot; what `flush` resolved for survives the machine. */

import type { RecordBatch } from '#records';
import type { CompactionScope } from './compaction.ts';

export interface TimedOffset {
  readonly offset: number;
  readonly timestamp: number;
}

/** What cleaning may look at: the topic's configs, parsed. */
export interface LogSettings {
  /** `segment.bytes`. */
  readonly segmentBytes: number;
  /** `segment.ms`: a segment whose first record is older than that is closed at the next append. */
  readonly segmentMs: number;
  /** `index.interval.bytes`. */
  readonly indexIntervalBytes: number;
  /** `retention.ms`, or Infinity. */
  readonly retentionMs: number;
  /** `retention.bytes`, or Infinity. */
  readonly retentionBytes: number;
  /** `cleanup.policy`. */
  readonly delete: boolean;
  readonly compact: boolean;
  /** `delete.retention.ms`: how long a tombstone stays after compaction. */
  readonly deleteRetentionMs: number;
  /** `min.compaction.lag.ms` and `max.compaction.lag.ms`. */
  readonly compactionLagMs: number;
  readonly compactionLagMsMax: number;
  /** `min.cleanable.dirty.ratio`. */
  readonly dirtyRatio: number;
  /** `flush.messages` and `flush.ms`, or Infinity. */
  readonly flushMessages: number;
  readonly flushMs: number;
}

export interface StoredBatch {
  readonly head: RecordBatch;
  /** Read when asked for. */
  readonly bytes: Buffer;
}

export interface PartitionLog {
  /** The first offset that can be read; the offset that the next record gets; bytes of all batches. */
  readonly startOffset: number;
  readonly endOffset: number;
  readonly bytes: number;
  /** Appends one batch whose head is `head` and whose base offset is at least `endOffset`. The bytes are not
   *  kept. Throws KafkaStorageError when the disk does not take them. */
  append(batch: Buffer, head: RecordBatch, now: number): void;
  /** Whole batches from the one that holds `offset` on, all below `upTo`, together at most `bytesMax` bytes, but one at
   *  least when there is one and `atLeastOne`. The bytes are not to be written to. `offset` is within start and end.
   *  `memory` is where bytes go that have to be read from a disk; of the collector by default. */
  read(
    offset: number,
    upTo: number,
    bytesMax: number,
    atLeastOne: boolean,
    memory?: (bytes: number) => Buffer,
  ): readonly Buffer[];
  /** How many bytes `read` would give without a bound, about: what a waiting reader looks at. */
  bytesBetween(offset: number, upTo: number): number;
  /** The first record with this time or later among those below `upTo`: its offset and own timestamp. */
  offsetForTime(timestamp: number, upTo: number): TimedOffset | undefined;
  /** The record with the largest timestamp below `upTo` (the first of several). */
  largestTime(upTo: number): TimedOffset | undefined;
  /** DeleteRecords: what lies below `offset` is no longer read. `offset` is within start and end. Throws
   *  KafkaStorageError when that cannot be kept. */
  startAt(offset: number): void;
  /** Retention by time and size, as `settings` say: whole segments. True when something went. */
  retain(now: number): boolean;
  /** Compaction of closed segments, where `settings` ask for it and enough is new. True when something was done. One at
   *  a time; all other calls may come between. */
  compact(now: number, scope: CompactionScope): Promise<boolean>;
  configure(settings: LogSettings): void;
  /** Every batch from `startOffset` on: for producer state after a start, and for snapshots. */
  batches(): Iterable<StoredBatch>;
  /** `flush.messages` records were appended since the last flush: an acknowledgement waits for `flush`. */
  readonly flushDue: boolean;
  /** Resolves when everything appended so far is on the disk. Rejects with KafkaStorageError. */
  flush(): Promise<void>;
  /** Flushed and closed. */
  close(): Promise<void>;
  /** Closed and gone, with its files. */
  remove(): Promise<void>;
}
