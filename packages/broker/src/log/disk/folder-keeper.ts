/* What a log's folder keeps of its partition's state, in Kafka's files:
 *
 *   <offset>.snapshot         producers below that offset: at each end of a segment, and of the log when it was closed
 *   <segment>.txnindex        aborted transactions, by the segment of their marker
 *   leader-epoch-checkpoint   who led from which offset on
 *
 *   start:  latest sound snapshot ─▶ aborted transactions and epochs below it ─▶ batches behind it, one by one
 *
 * After a crash snapshots count only up to where the log was brought to the disk: what lies behind is read anyway.
 * Promises: the state is the one that reading every batch since the log began had given. What is missing or torn makes a
 * start read more, and is no error. */

import { join } from 'node:path';
import type { LeaderEpoch, LeaderEpochs } from '../leader-epochs.ts';
import type { AbortedTransaction } from '../producers.ts';
import { segmentOf } from '../segment-of.ts';
import type { KeptState, StateKeeper } from '../state-keeper.ts';
import type { StoredBatch } from '../stored-batch.ts';
import { EpochCheckpoint } from './epoch-checkpoint.ts';
import { ProducerSnapshots } from './producer-snapshots.ts';
import type { Segment } from './segment.ts';

/** The log, as it is when it is asked. */
export interface KeptLog {
  readonly segments: readonly Segment[];
  readonly startOffset: number;
  readonly endOffset: number;
}
export interface FolderKeeperParts {
  readonly folder: string;
  /** What lies there. */
  readonly names: readonly string[];
  readonly of: KeptLog;
  /** The disk has everything below. */
  readonly soundUpTo: number;
  readonly log: (line: string) => void;
}

export class FolderKeeper implements StateKeeper {
  readonly #parts: FolderKeeperParts;
  readonly #snapshots: ProducerSnapshots;
  readonly #epochs: EpochCheckpoint;
  /** Once it is restored. */
  #state: KeptState | undefined;
  /** Something could not be written: the snapshots that there are still hold, and no later one would. */
  #incomplete = false;

  constructor(parts: FolderKeeperParts) {
    this.#parts = parts;
    this.#snapshots = new ProducerSnapshots(parts.folder, parts.names, parts.log);
    this.#epochs = new EpochCheckpoint(join(parts.folder, 'leader-epoch-checkpoint'));
  }

  restore(state: KeptState, account: (batch: StoredBatch) => void): void {
    this.#state = state;
    const from = this.#load(state);
    const { segments } = this.#parts.of;
    for (const segment of segments.slice(segmentOf(segments, from))) {
      if (segment.baseOffset > from) this.take(segment.baseOffset);
      const first = segment.find(from);
      if (first !== undefined) for (const batch of segment.batches(first.position)) account(batch);
    }
  }
  /** Fills in what was kept; gives the offset up to which that is all. */
  #load({ producers, epochs }: KeptState): number {
    const { segments, startOffset, endOffset } = this.#parts.of;
    const kept = this.#epochs.read();
    const indexes = this.#readIndexes();
    if (kept === undefined && this.#snapshots.count > 0)
      this.#parts.log(`${this.#epochs.path} cannot be read: every batch is`);
    const upTo = kept === undefined ? -1 : indexes.soundUpTo;
    const { baseOffset } = segments[0]!;
    const snapshot = this.#snapshots.latest(baseOffset, upTo, endOffset);
    // What was deleted by request still counts, as long as it is there.
    const offset = snapshot?.offset ?? baseOffset;
    const bases = new Set(segments.map((s) => s.baseOffset));
    this.#snapshots.dropAllBut((at) => at === snapshot?.offset || (at < offset && bases.has(at)));
    for (const [i, entries] of indexes.entries.entries())
      segments[i]!.transactions.keep(entries.filter((a) => a.lastOffset < offset).length);
    const aborted = indexes.entries.flat();
    producers.restore(
      snapshot?.states ?? new Map(),
      aborted.filter((a) => a.lastOffset < offset && a.lastOffset >= startOffset),
    );
    this.#restoreEpochs(epochs, kept ?? [], endOffset);
    return offset;
  }
  /** An epoch that began behind the log's end is no more: it would count again once the log is longer. */
  #restoreEpochs(epochs: LeaderEpochs, kept: readonly LeaderEpoch[], endOffset: number): void {
    epochs.restore(kept.filter((e) => e.startOffset <= endOffset));
    if (epochs.entries.length < kept.length) this.epochsChanged();
  }
  /** The aborted transactions by segment; a torn index makes everything from its segment on to be read. */
  #readIndexes(): { readonly entries: (readonly AbortedTransaction[])[]; readonly soundUpTo: number } {
    let { soundUpTo } = this.#parts;
    const entries = this.#parts.of.segments.map(({ baseOffset, transactions }) => {
      const found = transactions.read();
      if (found !== undefined) return found;
      this.#parts.log(`${transactions.path} is torn and made anew`);
      soundUpTo = Math.min(soundUpTo, baseOffset);
      return [];
    });
    return { entries, soundUpTo };
  }

  aborted(transaction: AbortedTransaction): void {
    const { segments } = this.#parts.of;
    const segment = segments[segmentOf(segments, transaction.lastOffset)]!;
    this.#keep(() => segment.transactions.append(transaction));
  }
  epochsChanged(): void {
    const entries = this.#state?.epochs.entries;
    if (entries !== undefined) this.#keep(() => this.#epochs.write(entries));
  }
  #keep(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#incomplete = true;
      this.#parts.log(String(error));
    }
  }
  /** Keeps the producers as they are, after all below `offset`. */
  take(offset: number): void {
    if (this.#state === undefined || this.#incomplete || offset === 0) return;
    this.#snapshots.take(offset, this.#state.producers.states);
  }
  /** A segment went, and no other begins where it did. */
  drop(baseOffset: number): void {
    this.#snapshots.drop(baseOffset);
  }
  /** `made` is about to take the place of segments up to `upTo`. Behind an older snapshot a transaction's end may be
   *  missing then. */
  compacting(made: Segment, upTo: number): void {
    this.#snapshots.dropBelow(upTo);
    made.transactions.write(this.#state?.producers.abortedEndingIn(made.baseOffset, upTo) ?? []);
  }
  async sync(): Promise<void> {
    await this.#snapshots.sync();
    await this.#epochs.sync();
  }
}
