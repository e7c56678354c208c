/* What a partition knows of its idempotent and transactional producers (KIP-98).
 *
 *   batch of producer p ─▶ epoch and sequence follow? ─▶ appended · seen before: its old offset · else an error
 *
 * Keeps: per producer its epoch and its last five batches, for repeats; the first offset of its open transaction; the
 * transactions that were aborted. All of it follows from the log's batches, so it is not stored. */

import type { ErrorName } from '#kafka';
import type { RecordBatch } from '#records';

/** How many batches of a producer are recognised when they come again: what a client has in flight at most. */
const recentBatches = 5;
const sequenceMax = 0x7fff_ffff;

interface RecentBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  readonly timestamp: number;
}
export interface ProducerState {
  epoch: number;
  recent: RecentBatch[];
  lastTimestamp: number;
  coordinatorEpoch: number;
  /** The first offset of its open transaction, or -1. */
  firstOffset: number;
}
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** That of the marker. */
  readonly lastOffset: number;
}

export type Admission =
  | { readonly kind: 'new' }
  | { readonly kind: 'repeat'; readonly baseOffset: number; readonly timestamp: number }
  | { readonly kind: 'refused'; readonly error: ErrorName };

const lastSequenceOf = (first: number, count: number): number => {
  const last = first + count - 1;
  return last > sequenceMax ? last - sequenceMax - 1 : last;
};
const follows = (last: number, next: number): boolean =>
  next === last + 1 || (next === 0 && last === sequenceMax);

export class Producers {
  readonly states = new Map<number, ProducerState>();
  #aborted: AbortedTransaction[] = [];

  /** Whether a batch from a client may be appended. */
  admit(head: RecordBatch): Admission {
    if (head.producerId < 0) return { kind: 'new' };
    const state = this.states.get(head.producerId);
    if (state === undefined) return { kind: 'new' };
    if (head.producerEpoch < state.epoch) return { kind: 'refused', error: 'INVALID_PRODUCER_EPOCH' };
    const lastSequence = lastSequenceOf(head.baseSequence, head.count);
    if (head.producerEpoch === state.epoch) {
      const repeat = state.recent.find(
        (b) => b.firstSequence === head.baseSequence && b.lastSequence === lastSequence,
      );
      if (repeat !== undefined)
        return { kind: 'repeat', baseOffset: repeat.baseOffset, timestamp: repeat.timestamp };
      const last = state.recent.at(-1);
      if (last !== undefined && !follows(last.lastSequence, head.baseSequence))
        return { kind: 'refused', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' };
    } else if (head.baseSequence !== 0) return { kind: 'refused', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' };
    if (state.firstOffset >= 0 && !head.transactional) return { kind: 'refused', error: 'INVALID_TXN_STATE' };
    return { kind: 'new' };
  }

  /** Takes a data batch that was appended (or found in the log) into account. */
  appended(head: RecordBatch): void {
    if (head.producerId < 0 || head.control) return;
    const state = this.#stateOf(head.producerId, head.producerEpoch);
    state.recent.push({
      firstSequence: head.baseSequence,
      lastSequence: lastSequenceOf(head.baseSequence, head.lastOffset - head.baseOffset + 1),
      baseOffset: head.baseOffset,
      timestamp: head.maxTimestamp,
    });
    if (state.recent.length > recentBatches) state.recent.shift();
    state.lastTimestamp = head.maxTimestamp;
    if (head.transactional && state.firstOffset < 0) state.firstOffset = head.baseOffset;
  }
  /** Takes a transaction's end marker into account. */
  ended(head: RecordBatch, commit: boolean, coordinatorEpoch: number): void {
    const state = this.#stateOf(head.producerId, head.producerEpoch);
    if (state.firstOffset >= 0 && !commit)
      this.#aborted.push({
        producerId: head.producerId,
        firstOffset: state.firstOffset,
        lastOffset: head.baseOffset,
      });
    state.firstOffset = -1;
    state.lastTimestamp = head.maxTimestamp;
    state.coordinatorEpoch = coordinatorEpoch;
  }
  #stateOf(producerId: number, epoch: number): ProducerState {
    let state = this.states.get(producerId);
    if (state === undefined) {
      state = { epoch, recent: [], lastTimestamp: -1, coordinatorEpoch: -1, firstOffset: -1 };
      this.states.set(producerId, state);
    }
    if (epoch > state.epoch) {
      state.epoch = epoch;
      state.recent = [];
    }
    return state;
  }

  /** The first offset of any open transaction, or `endOffset`: nothing from there on is decided. */
  stableUpTo(endOffset: number): number {
    let stable = endOffset;
    for (const { firstOffset } of this.states.values())
      if (firstOffset >= 0 && firstOffset < stable) stable = firstOffset;
    return stable;
  }
  /** Aborted transactions that touch [from, upTo), by first offset. */
  abortedIn(from: number, upTo: number): readonly AbortedTransaction[] {
    return this.#aborted
      .filter((a) => a.lastOffset >= from && a.firstOffset < upTo)
      .sort((a, b) => a.firstOffset - b.firstOffset);
  }
  /** Forgets aborted transactions below the log's start, and producers that wrote nothing since `before`. */
  forget(startOffset: number, before: number): void {
    this.#aborted = this.#aborted.filter((a) => a.lastOffset >= startOffset);
    for (const [id, state] of this.states)
      if (state.firstOffset < 0 && state.lastTimestamp < before) this.states.delete(id);
  }
}
