/* What a partition knows of its idempotent and transactional producers (KIP-98).
 *
 *   batch of producer p ─▶ epoch and sequence follow? ─▶ appended · seen before: its old offset · else an error
 *
 * Keeps: per producer its epoch and its last five batches, for repeats; the first offset of its open transaction; the
 * transactions that were aborted. All of it follows from the log's batches, so it is not stored.
 * Sequences go on from one transaction to the next, and begin again at 0 with a new epoch. Of a producer that is not
 * known, because it is new or its records are gone, any sequence is taken. */

import type { ErrorName } from '#kafka';
import type { RecordBatch } from '#records';

/** How many batches of a producer are recognised when they come again: what a client has in flight at most. */
const recentBatches = 5;
const sequenceMax = 0x7fff_ffff;
/** Producers that may be announced at a time; the oldest gives way, as nobody vouches for any of them. */
const announcedMax = 1000;

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
/** Before the first batch of an epoch the last sequence is -1. */
const follows = (last: number, next: number): boolean =>
  next === last + 1 || (next === 0 && last === sequenceMax);

/** The first batch of a transaction that a partition saw and has not taken yet (KIP-890). */
interface Announced {
  epoch: number;
  lowestSequence: number;
  /** By protocol 2, whose every transaction has an epoch of its own: its first batch here has sequence 0. */
  readonly beginsAtZero: boolean;
}

export class Producers {
  readonly states = new Map<number, ProducerState>();
  /** By rising end. */
  #aborted: AbortedTransaction[] = [];
  /** First offsets of open transactions by producer; rising, as offsets are. */
  readonly #open = new Map<number, number>();
  readonly #announced = new Map<number, Announced>();

  /** Whether this producer has records here of which nobody knows yet whether they count; in this epoch, if given. */
  isOpen(producerId: number, epoch?: number): boolean {
    return (
      this.#open.has(producerId) && (epoch === undefined || this.states.get(producerId)?.epoch === epoch)
    );
  }
  /** Whether a newer epoch of this producer has been here. */
  isFenced(producerId: number, epoch: number): boolean {
    const state = this.states.get(producerId);
    return state !== undefined && epoch < state.epoch;
  }
  /** A producer wants to begin here what the coordinator may not know of. A later batch in flight must not overtake an
   *  earlier one that was turned away. `beginsAtZero`: nor may it be the first that is known of the producer. */
  announce(producerId: number, epoch: number, sequence: number, beginsAtZero: boolean): void {
    const known = this.#announced.get(producerId);
    if (known === undefined)
      this.#announced.set(producerId, { epoch, lowestSequence: sequence, beginsAtZero });
    else if (epoch >= known.epoch) {
      known.lowestSequence = epoch > known.epoch ? sequence : Math.min(known.lowestSequence, sequence);
      known.epoch = epoch;
    }
    if (this.#announced.size <= announcedMax) return;
    for (const oldest of this.#announced.keys()) {
      this.#announced.delete(oldest);
      break;
    }
  }

  /** Whether a batch from a client may be appended. */
  admit(head: RecordBatch): Admission {
    if (head.producerId < 0) return { kind: 'new' };
    const announced = this.#announced.get(head.producerId);
    const state = this.states.get(head.producerId);
    const isFirst = state === undefined || state.recent.length === 0;
    const overtakes =
      announced !== undefined &&
      (head.baseSequence > announced.lowestSequence ||
        (announced.beginsAtZero && isFirst && head.baseSequence !== 0));
    if (state === undefined)
      return overtakes ? { kind: 'refused', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' } : { kind: 'new' };
    if (this.isFenced(head.producerId, head.producerEpoch))
      return { kind: 'refused', error: 'INVALID_PRODUCER_EPOCH' };
    const lastSequence = lastSequenceOf(head.baseSequence, head.count);
    if (head.producerEpoch === state.epoch) {
      const repeat = state.recent.find(
        (b) => b.firstSequence === head.baseSequence && b.lastSequence === lastSequence,
      );
      if (repeat !== undefined)
        return { kind: 'repeat', baseOffset: repeat.baseOffset, timestamp: repeat.timestamp };
      if (overtakes || !follows(state.recent.at(-1)?.lastSequence ?? -1, head.baseSequence))
        return { kind: 'refused', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' };
    } else if (head.baseSequence !== 0) return { kind: 'refused', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' };
    if (state.firstOffset >= 0 && !head.transactional) return { kind: 'refused', error: 'INVALID_TXN_STATE' };
    return { kind: 'new' };
  }

  /** Why a marker that does not come from the coordinator may not end a producer's transaction here. */
  refusesMarker(producerId: number, epoch: number, coordinatorEpoch: number): ErrorName | undefined {
    if (this.isFenced(producerId, epoch)) return 'INVALID_PRODUCER_EPOCH';
    const known = this.states.get(producerId)?.coordinatorEpoch ?? -1;
    return coordinatorEpoch < known ? 'TRANSACTION_COORDINATOR_FENCED' : undefined;
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
    if (!head.transactional || state.firstOffset >= 0) return;
    state.firstOffset = head.baseOffset;
    this.#open.set(head.producerId, head.baseOffset);
    this.#announced.delete(head.producerId);
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
    this.#open.delete(head.producerId);
    const announced = this.#announced.get(head.producerId);
    // The marker has the epoch of the next transaction already: one that wants to begin here is another.
    const isNext = announced?.beginsAtZero === true && announced.epoch === head.producerEpoch;
    if (!isNext) this.#announced.delete(head.producerId);
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
    for (const firstOffset of this.#open.values()) return firstOffset;
    return endOffset;
  }
  /** Aborted transactions that touch [from, upTo), by first offset. */
  abortedIn(from: number, upTo: number): readonly AbortedTransaction[] {
    return this.#aborted
      .slice(this.#firstAbortedAt(from))
      .filter((a) => a.firstOffset < upTo)
      .sort((a, b) => a.firstOffset - b.firstOffset);
  }
  /** The first of the aborted that end at `offset` or behind it. */
  #firstAbortedAt(offset: number): number {
    let low = 0;
    let high = this.#aborted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#aborted[middle]!.lastOffset < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  /** Forgets aborted transactions below the log's start, and producers that wrote nothing since `before`. */
  forget(startOffset: number, before: number): void {
    this.#aborted = this.#aborted.filter((a) => a.lastOffset >= startOffset);
    for (const [id, state] of this.states)
      if (state.firstOffset < 0 && state.lastTimestamp < before) this.states.delete(id);
  }
}
