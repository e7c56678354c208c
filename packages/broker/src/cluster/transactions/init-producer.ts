/* InitProducerId for a transactional id: which producer id and epoch the client goes on with (KIP-98, KIP-360).
 *
 *   without an identity   a new instance: everybody before it is fenced by the next epoch
 *   with its identity     the same instance after an error: the next epoch, once, however often it asks
 *   in a transaction      that is aborted under an epoch of nobody's; the client asks again */

import type { ErrorName } from '#kafka';
import {
  isDecided,
  isEpochExhausted,
  noProducerEpoch,
  stepped,
  type ProducerIdentity,
  type Transaction,
} from './transaction.ts';

export type InitStep =
  | { readonly kind: 'refused'; readonly error: ErrorName }
  /** The open transaction has to go first. */
  | { readonly kind: 'abort' }
  | { readonly kind: 'ready'; readonly next: Transaction };

interface Asked {
  readonly timeoutMs: number;
  /** What the client says that it is, or undefined for a new instance. */
  readonly known: ProducerIdentity | undefined;
}

export function initStep(
  current: Transaction,
  { timeoutMs, known }: Asked,
  newProducerId: () => number,
  now: number,
): InitStep {
  if (known !== undefined && !mayBe(current, known)) return { kind: 'refused', error: 'PRODUCER_FENCED' };
  if (isDecided(current)) return { kind: 'refused', error: 'CONCURRENT_TRANSACTIONS' };
  if (current.state === 'Ongoing') return { kind: 'abort' };
  const next = nextIdentity(current, known, newProducerId);
  if (next === undefined) return { kind: 'refused', error: 'PRODUCER_FENCED' };
  const step = { ...next, state: 'Empty', timeoutMs, partitions: [], startedAt: -1 } as const;
  return { kind: 'ready', next: stepped(current, step, now) };
}

/** Whether a client with this identity can be the current instance. Its epoch is looked at where it is counted up. */
const mayBe = (current: Transaction, known: ProducerIdentity): boolean =>
  current.producerEpoch === noProducerEpoch ||
  known.producerId === current.producerId ||
  (known.producerId === current.previousProducerId && isEpochExhausted(known.producerEpoch));

type Identity = Pick<Transaction, 'producerId' | 'producerEpoch' | 'lastProducerEpoch'>;

/** Undefined when the client's epoch is an older one. */
function nextIdentity(
  current: Transaction,
  known: ProducerIdentity | undefined,
  newProducerId: () => number,
): Identity | undefined {
  const { producerId, producerEpoch, lastProducerEpoch } = current;
  const isCurrent = known === undefined || known.producerEpoch === producerEpoch;
  if (isEpochExhausted(producerEpoch) && isCurrent)
    return {
      producerId: newProducerId(),
      producerEpoch: 0,
      lastProducerEpoch: known === undefined ? noProducerEpoch : producerEpoch,
    };
  if (known === undefined)
    return { producerId, producerEpoch: producerEpoch + 1, lastProducerEpoch: noProducerEpoch };
  if (producerEpoch === noProducerEpoch || isCurrent)
    return { producerId, producerEpoch: producerEpoch + 1, lastProducerEpoch: producerEpoch };
  // The answer to the bump was lost: the client gets it again. A new instance would have set the last epoch to -1.
  if (known.producerEpoch === lastProducerEpoch) return { producerId, producerEpoch, lastProducerEpoch };
  return undefined;
}
