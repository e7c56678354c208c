/* One partition: its log, its producers, and who waits for records.
 *
 *   records of a Produce ─▶ one batch, whole, its checksum right ─▶ producers admit it ─▶ offset written in ─▶ log
 *
 * Promises: what was appended keeps its offset; a repeated batch of an idempotent producer is answered, not appended. */

import { assert } from '#base';
import type { ErrorName } from '#kafka';
import { attributesOffset, batchHeaderBytes, crcOffset, readRecordBatch, type RecordBatch } from '#records';
import { crc32c } from '#wasm';
import { markerBatch, readMarker, type Marker } from './control-batch.ts';
import type { PartitionLog } from './partition-log.ts';
import { Producers } from './producers.ts';

export interface Appended {
  readonly baseOffset: number;
  /** With LogAppendTime the time that the records got, else -1. */
  readonly logAppendTime: number;
}
export interface Refused {
  readonly error: ErrorName;
  readonly message?: string;
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
}

export class Partition {
  readonly topic: string;
  readonly index: number;
  readonly log: PartitionLog;
  readonly producers = new Producers();
  leaderEpoch = 0;
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
    for (const { bytes, head } of log.batches()) this.#account(bytes, head);
  }
  #account(bytes: Buffer, head: RecordBatch): void {
    const marker = head.control ? readMarker(bytes, head) : undefined;
    if (marker === undefined) this.producers.appended(head);
    else this.producers.ended(head, marker.commit, marker.coordinatorEpoch);
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

  /** Appends what a client sent. The bytes are taken over: they are written to and kept. */
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
        return { baseOffset: this.#append(batch, now), logAppendTime: this.rules.appendTime ? now : -1 };
    }
  }
  /** Ends the transaction of a producer here. */
  endTransaction(marker: Marker, now: number): number {
    return this.#append(markerBatch(marker, now), now);
  }

  /** The head of the one batch that `batch` must be (KIP-98: a Produce has one batch a partition). */
  #check(batch: Buffer, now: number): RecordBatch | Refused {
    if (batch.length < batchHeaderBytes) return { error: 'CORRUPT_MESSAGE' };
    if (batch[16] !== 2)
      return { error: 'INVALID_RECORD', message: 'only record batches of version 2 are taken' };
    if (batch.length > this.rules.batchBytesMax) return { error: 'MESSAGE_TOO_LARGE' };
    if (batch.readInt32BE(8) + 12 !== batch.length)
      return { error: 'INVALID_RECORD', message: 'a request has exactly one batch for a partition' };
    if ((batch.readInt16BE(attributesOffset) & 7) > 4) return { error: 'CORRUPT_MESSAGE' };
    if (batch.readUInt32BE(crcOffset) !== crc32c(batch, attributesOffset))
      return { error: 'CORRUPT_MESSAGE' };
    const head = readRecordBatch(batch, 0)!;
    const deltas = head.lastOffset - head.baseOffset + 1;
    if (head.control || head.count <= 0 || deltas !== head.count) return { error: 'INVALID_RECORD' };
    if (head.producerId >= 0 && head.baseSequence < 0) return { error: 'INVALID_RECORD' };
    const { beforeMsMax, afterMsMax, appendTime } = this.rules;
    if (!appendTime && (head.maxTimestamp - now > afterMsMax || now - head.baseTimestamp > beforeMsMax))
      return { error: 'INVALID_TIMESTAMP' };
    return head;
  }
  #append(batch: Buffer, now: number): number {
    const baseOffset = this.log.endOffset;
    batch.writeBigInt64BE(BigInt(baseOffset), 0);
    batch.writeInt32BE(this.leaderEpoch, 12);
    if (this.rules.appendTime) stampAppendTime(batch, now);
    const head = readRecordBatch(batch, 0)!;
    this.log.append(batch, head, now);
    assert(this.log.endOffset === head.lastOffset + 1, 'a log ends behind its last batch');
    this.#account(batch, head);
    this.tell();
    return baseOffset;
  }
  /** What an acknowledgement of everything has to wait for: `flush.messages` records are not on the disk yet. */
  flushDue(): Promise<void> | undefined {
    return this.log.flushDue ? this.log.flush() : undefined;
  }
  /** DeleteRecords and retention move the start. */
  startAt(offset: number): void {
    this.log.startAt(offset);
    this.tell();
  }
}

/** LogAppendTime: the batch's largest time is the broker's, and a bit says that it counts for every record. */
function stampAppendTime(batch: Buffer, now: number): void {
  batch.writeInt16BE(batch.readInt16BE(attributesOffset) | 8, attributesOffset);
  batch.writeBigInt64BE(BigInt(now), 35);
  batch.writeUInt32BE(crc32c(batch, attributesOffset), crcOffset);
}
