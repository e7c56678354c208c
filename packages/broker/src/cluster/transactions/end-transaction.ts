/* EndTxn: whether a transaction may end as its producer asks, and what comes of it (KIP-98, KIP-890).
 *
 *               Ongoing    Empty            CompleteCommit              CompleteAbort
 *   protocol 1  it ends    no               commit: again               abort: again
 *   protocol 2  it ends    abort: it ends   abort: it ends              abort: it ends        by the current identity
 *               fenced     fenced           commit: again               abort: again          by the one before
 *
 * By protocol 1 a producer that asks again, because the answer was lost, has the identity that it had. By protocol 2 it
 * has the one before the last end; with the current one it means the next transaction, which may have nothing in it: an
 * abort of that is an end, with an epoch of its own, and a commit is none. */

import type { ErrorName } from '#kafka';
import {
  decided,
  decidedWithNextEpoch,
  isDecided,
  isEpochExhausted,
  type Outcome,
  type ProducerIdentity,
  type Transaction,
} from './transaction.ts';

export type EndStep =
  | { readonly kind: 'refused'; readonly error: ErrorName }
  /** It ended so before: the producer may have missed the answer. */
  | { readonly kind: 'again' }
  | { readonly kind: 'decided'; readonly next: Transaction };

/** The protocol that the request's version belongs to. */
export type Protocol = 1 | 2;

interface Asked {
  readonly producer: ProducerIdentity;
  readonly outcome: Outcome;
  readonly protocol: Protocol;
}

export function endStep(
  current: Transaction,
  asked: Asked,
  newProducerId: () => number,
  now: number,
): EndStep {
  return asked.protocol === 1 ? endStep1(current, asked, now) : endStep2(current, asked, newProducerId, now);
}

const refused = (error: ErrorName): EndStep => ({ kind: 'refused', error });

/** Whether the transaction before ended so. */
const endedSo = ({ state }: Transaction, outcome: Outcome): boolean =>
  state === (outcome === 'commit' ? 'CompleteCommit' : 'CompleteAbort');

function endStep1(current: Transaction, { producer, outcome }: Asked, now: number): EndStep {
  if (producer.producerId !== current.producerId) return refused('INVALID_PRODUCER_ID_MAPPING');
  if (producer.producerEpoch !== current.producerEpoch) return refused('PRODUCER_FENCED');
  if (isDecided(current)) return refused('CONCURRENT_TRANSACTIONS');
  if (current.state === 'Ongoing') return { kind: 'decided', next: decided(current, outcome, now) };
  return endedSo(current, outcome) ? { kind: 'again' } : refused('INVALID_TXN_STATE');
}

function endStep2(
  current: Transaction,
  { producer, outcome }: Asked,
  newProducerId: () => number,
  now: number,
): EndStep {
  // First of all: until it is complete, a producer that had its last epoch may be known under the new id or the old one.
  if (isDecided(current)) return refused('CONCURRENT_TRANSACTIONS');
  const { state, producerId, producerEpoch, previousProducerId, lastProducerEpoch } = current;
  const gotNewId =
    producer.producerId === previousProducerId &&
    isEpochExhausted(producer.producerEpoch) &&
    producer.producerEpoch === lastProducerEpoch &&
    producerEpoch === 0;
  const wasBefore = producerEpoch === producer.producerEpoch + 1;
  if (producer.producerId !== producerId && !gotNewId) return refused('INVALID_PRODUCER_ID_MAPPING');
  const isComplete = state === 'CompleteCommit' || state === 'CompleteAbort';
  if (isComplete && (gotNewId || wasBefore))
    return endedSo(current, outcome) ? { kind: 'again' } : refused('INVALID_TXN_STATE');
  if (producer.producerEpoch !== producerEpoch) return refused('PRODUCER_FENCED');
  if (state !== 'Ongoing' && outcome === 'commit') return refused('INVALID_TXN_STATE');
  return { kind: 'decided', next: decidedWithNextEpoch(current, outcome, newProducerId, now) };
}
