/* One partition: its log, its producers, and who waits for records.
 *
 *   records of a Produce ─▶ one batch, whole, its checksum right ─▶ producers admit it ─▶ offset written in ─▶ log
 *
 *   (a codec of the topic's own: compressed anew)
 *
 * Promises: what was appended keeps its offset; a repeated batch of an idempotent producer is answered, not appended. */

import { assert } from '#base';
import type { ErrorName } from '#kafka';
import { attributesOffset, batchHeaderBytes, crcOffset, readRecordBatch, type RecordBatch } from '#records';
import { crc32c } from '#wasm';
import {
  inCodec,
  recordsOutOfTime,
  recordsWithoutKey,
  refusal,
  type RecordError,
  type TargetCodec,
} from './check-records.ts';
import { markerBatch, readMarker, type Marker } from './control-batch.ts';
import { LeaderEpochs } from './leader-epochs.ts';
import type { PartitionLog } from './partition-log.ts';
import type { StoredBatch } from './stored-batch.ts';
import { Producers } from './producers.ts';
import { countFits, CorruptRecords } from './record-body.ts';
import { KafkaStorageError } from './storage-error.ts';

export interface Appended {
  readonly baseOffset: number;
  /** With LogAppendTime the time that the records got, else -1. */
  readonly logAppendTime: number;
}
export interface Refused {
  readonly error: ErrorName;
  readonly message?: string;
  /** Which records were the reason. */
  readonly records?: readonly RecordError[];
}
export type AppendResult = Appended | Refused;

/** What the topic's configs say about taking records. */
export interface AppendRules {
  /** `max.message.bytes`: of one batch. */
  readonly batchBytesMax: number;
  /** `message.timestamp.type` = LogAppendTime. */
  readonly appendTime: boolean;
  /** `message.timestamp.before.max.ms` and `message.timestamp.after.max.ms`. */
  readonly beforeMsMax: number;
  readonly afterMsMax: number;
  /** `cleanup.policy` has compact: a record without a key is refused. */
  readonly keyed: boolean;
  /** `cleanup.policy` has delete: records may be deleted by request. */
  readonly deletable: boolean;
  /** `segment.bytes`: of one batch, too. */
  readonly segmentBytes: number;
  /** `compression.type`; undefined where the producer's counts. */
  readonly codec: TargetCodec | undefined;
}

export class Partition {
  readonly topic: string;
  readonly index: number;
  readonly log: PartitionLog;
  readonly producers = new Producers();
  readonly epochs = new LeaderEpochs();
  #leaderEpoch = 0;
  /** The node that answers for it. */
  leader = 1;
  /** Set while a test holds it back: nothing new is seen, and what is written waits. */
  paused: Promise<void> | undefined;
  rules: AppendRules;
  /** Called after every append and whenever the stable offset moves. */
  readonly #watchers = new Set<() => void>();

  constructor(topic: string, index: number, log: PartitionLog, rules: AppendRules) {
    this.topic = topic;
    this.index = index;
    this.log = log;
    this.rules = rules;
    this.#restore();
    this.#leaderEpoch = this.epochs.latest;
  }
  #restore(): void {
    const { keeper } = this.log;
    if (keeper !== undefined) keeper.restore(this, (batch) => this.#account(batch));
    else for (const batch of this.log.batches()) this.#account(batch);
    this.#epochsStart();
  }
  /** Reads the batch's bytes only where its head does not say enough. */
  #account(batch: StoredBatch): void {
    const { head } = batch;
    this.#epochBegan(head.leaderEpoch, head.baseOffset);
    const marker = head.control ? readMarker(batch.bytes, head) : undefined;
    if (marker === undefined) return this.producers.appended(head);
    const aborted = this.producers.ended(head, marker.commit, marker.coordinatorEpoch);
    if (aborted !== undefined) this.log.keeper?.aborted(aborted);
  }
  #epochBegan(epoch: number, startOffset: number): void {
    if (this.epochs.began(epoch, startOffset)) this.log.keeper?.epochsChanged();
  }
  #epochsStart(): void {
    if (this.epochs.startAt(this.log.startOffset)) this.log.keeper?.epochsChanged();
  }
  get leaderEpoch(): number {
    return this.#leaderEpoch;
  }
  /** A new leader, of a larger epoch, writes from here on. */
  set leaderEpoch(epoch: number) {
    this.#leaderEpoch = epoch;
    this.#epochBegan(epoch, this.log.endOffset);
  }
  /** Behind the last record that a reader of committed records may see. */
  get stableOffset(): number {
    return Math.max(this.log.startOffset, this.producers.stableUpTo(this.log.endOffset));
  }
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
  /** Wakes who waits: something about the partition is new. */
  tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Appends what a client sent. The bytes are written to, and not kept. */
  append(records: Uint8Array, now: number): AppendResult {
    const batch = Buffer.from(records.buffer, records.byteOffset, records.length);
    const head = this.#check(batch, now);
    if ('error' in head) return head;
    const admission = this.producers.admit(head);
    switch (admission.kind) {
      case 'refused':
        return { error: admission.error };
      case 'repeat':
        return {
          baseOffset: admission.baseOffset,
          logAppendTime: this.rules.appendTime ? admission.timestamp : -1,
        };
      case 'new':
        return this.#appendRecords(batch, head, now);
    }
  }
  #appendRecords(batch: Buffer, head: RecordBatch, now: number): AppendResult {
    const kept = this.#inCodec(batch, head);
    if ('error' in kept) return kept;
    try {
      return { baseOffset: this.#append(kept, now), logAppendTime: this.rules.appendTime ? now : -1 };
    } catch (error) {
      if (error instanceof KafkaStorageError) return { error: 'KAFKA_STORAGE_ERROR', message: error.message };
      throw error;
    }
  }
  /** The batch as the topic wants it. */
  #inCodec(batch: Buffer, head: RecordBatch): Buffer | Refused {
    const { batchBytesMax, segmentBytes, codec } = this.rules;
    let kept = batch;
    try {
      if (codec !== undefined) kept = inCodec(batch, head, codec);
    } catch (error) {
      if (error instanceof CorruptRecords) return { error: 'CORRUPT_MESSAGE' };
      throw error;
    }
    if (kept.length > batchBytesMax) return { error: 'MESSAGE_TOO_LARGE' };
    return kept.length > segmentBytes ? { error: 'RECORD_LIST_TOO_LARGE' } : kept;
  }
  /** Ends the transaction of a producer here. */
  endTransaction(marker: Marker, now: number): number {
    return this.#append(markerBatch(marker, now), now);
  }

  /** The head of the one batch that `batch` must be (KIP-98: a Produce has one batch a partition). */
  #check(batch: Buffer, now: number): RecordBatch | Refused {
    if (batch.length < batchHeaderBytes) return { error: 'CORRUPT_MESSAGE' };
    if (batch[16] !== 2) return { error: 'INVALID_RECORD' };
    if (batch.length > this.rules.batchBytesMax) return { error: 'MESSAGE_TOO_LARGE' };
    if (batch.readInt32BE(8) + 12 !== batch.length) return { error: 'INVALID_RECORD' };
    if ((batch.readInt16BE(attributesOffset) & 7) > 4) return { error: 'CORRUPT_MESSAGE' };
    if (batch.readUInt32BE(crcOffset) !== crc32c(batch, attributesOffset))
      return { error: 'CORRUPT_MESSAGE' };
    const head = readRecordBatch(batch, 0)!;
    if (!countFits(head)) return { error: 'INVALID_RECORD' };
    // A time that no log can keep exactly is no time.
    const times = [head.baseTimestamp, head.maxTimestamp];
    if (!times.every(Number.isSafeInteger)) return { error: 'INVALID_TIMESTAMP' };
    const deltas = head.lastOffset - head.baseOffset + 1;
    if (head.control || head.count <= 0 || deltas !== head.count) return { error: 'INVALID_RECORD' };
    if (head.producerId >= 0 && head.baseSequence < 0) return { error: 'INVALID_RECORD' };
    return this.#checkRecords(batch, head, now) ?? head;
  }
  /** What the rules say of single records. */
  #checkRecords(batch: Buffer, head: RecordBatch, now: number): Refused | undefined {
    const { beforeMsMax, afterMsMax, appendTime, keyed } = this.rules;
    try {
      if (keyed) {
        const records = recordsWithoutKey(batch, head, `${this.topic}-${this.index}`);
        if (records.length > 0) return { error: 'INVALID_RECORD', message: refusal(records), records };
      }
      // The head knows the newest record, but not the oldest.
      const maybeOut = head.maxTimestamp - now > afterMsMax || beforeMsMax < now;
      if (!appendTime && maybeOut) {
        const records = recordsOutOfTime(batch, head, now, beforeMsMax, afterMsMax);
        const message = 'One or more records have been rejected due to invalid timestamp';
        if (records.length > 0) return { error: 'INVALID_TIMESTAMP', message, records };
      }
    } catch (error) {
      if (error instanceof CorruptRecords) return { error: 'CORRUPT_MESSAGE' };
      throw error;
    }
    return undefined;
  }
  #append(batch: Buffer, now: number): number {
    const baseOffset = this.log.endOffset;
    batch.writeBigInt64BE(BigInt(baseOffset), 0);
    batch.writeInt32BE(this.leaderEpoch, 12);
    if (this.rules.appendTime) stampAppendTime(batch, now);
    const head = readRecordBatch(batch, 0)!;
    this.log.append(batch, head, now);
    assert(this.log.endOffset === head.lastOffset + 1, 'a log ends behind its last batch');
    this.#account({ bytes: batch, head });
    this.tell();
    return baseOffset;
  }
  /** What an acknowledgement of everything has to wait for: `flush.messages` records are not on the disk yet. */
  flushDue(): Promise<void> | undefined {
    return this.log.flushDue ? this.log.flush() : undefined;
  }
  /** DeleteRecords moves the start. Throws KafkaStorageError. */
  startAt(offset: number): void {
    this.log.startAt(offset);
    this.#epochsStart();
    this.tell();
  }
  /** Retention; and forgets producers that wrote nothing since `producersBefore`. */
  retain(now: number, producersBefore: number): void {
    const dropped = this.log.retain(now);
    this.producers.forget(this.log.startOffset, producersBefore);
    if (!dropped) return;
    this.#epochsStart();
    this.tell();
  }
  /** Compaction, where the topic has it. */
  compact(now: number, breathe: () => Promise<void>): Promise<boolean> {
    return this.log.compact(now, {
      stableOffset: this.stableOffset,
      aborted: this.producers.abortedIn(0, Infinity),
      isLastOfProducer: (head) => this.#isLastOfProducer(head),
      emptied: (markerOffset) => this.producers.forgetAborted(markerOffset),
      breathe,
    });
  }
  #isLastOfProducer(head: RecordBatch): boolean {
    const state = this.producers.states.get(head.producerId);
    if (state === undefined) return false;
    const last = state.recent.at(-1);
    if (last !== undefined) return last.baseOffset === head.baseOffset;
    return head.control && head.producerEpoch === state.epoch;
  }
}

/** LogAppendTime: the batch's largest time is the broker's, and a bit says that it counts for every record. */
function stampAppendTime(batch: Buffer, now: number): void {
  batch.writeInt16BE(batch.readInt16BE(attributesOffset) | 8, attributesOffset);
  batch.writeBigInt64BE(BigInt(now), 35);
  batch.writeUInt32BE(crc32c(batch, attributesOffset), crcOffset);
}
