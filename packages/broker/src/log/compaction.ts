/* Compaction: of records with one key the last one stays; a tombstone stays until `delete.retention.ms` passed.
 *
 *   k1 a, k2 b, k1 c, k3 d, k2 null   ─▶   k1 c, k3 d, k2 null   ─▶ later   k1 c, k3 d
 *
 *   new batches ─▶ LatestOffsets ─┐
 *   all batches below ────────────┴▶ Compactor ─▶ the batch, a smaller one, or none
 *
 * Offsets never change: a batch that loses records keeps its base and last offset. Aborted records go; a transaction's
 * marker goes a `delete.retention.ms` after its last record. A producer's last batch stays, if only as a head, so that its
 * sequence is known after a start. Records without a key go. Kafka: LogCleaner, KIP-534. */

import { Buffer } from 'node:buffer';
import { rewriteBatch, type RecordBatch, type Rewritten } from '#records';
import type { AbortedTransaction } from './producers.ts';
import { recordsOf } from './record-body.ts';

/** What compaction must know of the partition. */
export interface CompactionScope {
  /** Nothing from here on is decided. */
  readonly stableOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Whether the batch is the last that is known of its producer. */
  isLastOfProducer(head: RecordBatch): boolean;
  /** No record is left of the transaction that ends with the marker at this offset. */
  emptied(markerOffset: number): void;
  /** Lets others run. */
  breathe(): Promise<void>;
}

/** What an entry takes beside its key, about. */
const entryBytes = 80;
const latestBytesMax = 64 << 20;

const keyText = (data: Uint8Array, start: number, end: number): string =>
  Buffer.from(data.buffer, data.byteOffset + start, end - start).toString('latin1');

/** By key the offset of its last record, for a bounded number of keys: what comes after that waits for the next time. */
export class LatestOffsets {
  /** Everything below was taken in. */
  upTo: number;
  readonly #offsets = new Map<string, number>();
  readonly #isAborted: (head: RecordBatch) => boolean;
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(from: number, aborted: readonly AbortedTransaction[], bytesMax = latestBytesMax) {
    this.upTo = from;
    this.#isAborted = abortedLookup(aborted);
    this.#bytesMax = bytesMax;
  }
  /** False: full, the batch was not taken in. */
  add(bytes: Buffer, head: RecordBatch): boolean {
    if (this.#bytes >= this.#bytesMax) return false;
    if (head.lastOffset < this.upTo) return true;
    this.upTo = head.lastOffset + 1;
    if (head.control || this.#isAborted(head)) return true;
    const index = recordsOf(bytes, head);
    for (let i = 0; i < index.count; i++) {
      const start = index.keyStarts[i]!;
      if (start < 0) continue;
      const key = keyText(index.data, start, index.keyEnds[i]!);
      if (!this.#offsets.has(key)) this.#bytes += entryBytes + key.length;
      this.#offsets.set(key, index.offsets[i]!);
    }
    return true;
  }
  /** Whether a later record with this key was seen. */
  replaced(data: Uint8Array, start: number, end: number, offset: number): boolean {
    return (this.#offsets.get(keyText(data, start, end)) ?? -1) > offset;
  }
}

/** Whether a batch belongs to an aborted transaction. */
function abortedLookup(aborted: readonly AbortedTransaction[]): (head: RecordBatch) => boolean {
  const byProducer = Map.groupBy(aborted, (a) => a.producerId);
  return ({ transactional, producerId, baseOffset }) =>
    transactional &&
    byProducer.get(producerId)?.some((a) => a.firstOffset <= baseOffset && baseOffset < a.lastOffset) ===
      true;
}

/** Takes all batches of the closed segments, in order, and says what is left of each. */
export class Compactor {
  readonly #latest: LatestOffsets;
  readonly #scope: CompactionScope;
  readonly #isAborted: (head: RecordBatch) => boolean;
  readonly #now: number;
  readonly #deleteRetentionMs: number;
  /** Producers with records of the transaction that the next marker ends. */
  readonly #open = new Set<number>();

  constructor(latest: LatestOffsets, scope: CompactionScope, deleteRetentionMs: number, now: number) {
    this.#latest = latest;
    this.#scope = scope;
    this.#isAborted = abortedLookup(scope.aborted);
    this.#now = now;
    this.#deleteRetentionMs = deleteRetentionMs;
  }
  /** What is left of the batch: itself when all is, undefined when nothing is. */
  reduce(bytes: Buffer, head: RecordBatch): Rewritten | undefined {
    if (head.control) return this.#marker(bytes, head);
    if (head.transactional) this.#open.add(head.producerId);
    if (head.count === 0) return this.#left(bytes, head, [], head.deleteHorizon);
    const index = recordsOf(bytes, head);
    const keep: number[] = [];
    let tombstones = false;
    if (!this.#isAborted(head)) {
      const droppable = head.deleteHorizon >= 0 && head.deleteHorizon <= this.#now;
      for (let i = 0; i < index.count; i++) {
        const offset = index.offsets[i]!;
        const start = index.keyStarts[i]!;
        const tombstone = index.valueStarts[i]! < 0;
        const decided = offset < this.#latest.upTo;
        if (decided && (start < 0 || (tombstone && droppable))) continue;
        if (decided && this.#latest.replaced(index.data, start, index.keyEnds[i]!, offset)) continue;
        if (tombstone) tombstones = true;
        keep.push(i);
      }
    }
    const newHorizon = tombstones && head.deleteHorizon < 0;
    if (keep.length === index.count && !newHorizon) return { bytes, head };
    if (keep.length === 0) return this.#left(bytes, head, keep, head.deleteHorizon);
    return rewriteBatch(bytes, head, index, keep, newHorizon ? this.#horizon : head.deleteHorizon);
  }
  get #horizon(): number {
    return this.#now + this.#deleteRetentionMs;
  }
  /** A batch without records, where its producer needs it. */
  #left(bytes: Buffer, head: RecordBatch, keep: readonly number[], horizon: number): Rewritten | undefined {
    if (head.producerId < 0 || !this.#scope.isLastOfProducer(head)) return undefined;
    return head.count === 0
      ? { bytes, head }
      : rewriteBatch(bytes, head, recordsOf(bytes, head), keep, horizon);
  }
  #marker(bytes: Buffer, head: RecordBatch): Rewritten | undefined {
    const needed = this.#open.delete(head.producerId) || head.count === 0;
    if (head.count === 0) return this.#left(bytes, head, [], head.deleteHorizon);
    if (needed) return { bytes, head };
    this.#scope.emptied(head.baseOffset);
    if (head.deleteHorizon < 0) {
      const index = recordsOf(bytes, head);
      return rewriteBatch(bytes, head, index, [0], this.#horizon);
    }
    if (head.deleteHorizon > this.#now) return { bytes, head };
    return this.#left(bytes, head, [], head.deleteHorizon);
  }
}
