/* InitProducerId (22): a producer id of one's own; with a transactional id the next epoch, which fences whoever had the
 * one before (KIP-98). A client that goes on after an error names the identity that it has (KIP-360). */

import { errorCodes, type InitProducerIdRequest } from '#kafka';
import { noProducerEpoch, noProducerId, type ProducerIdentity } from '../cluster/transactions/transaction.ts';
import type { Handler } from './handler.ts';
import { fencedAs } from './transaction-errors.ts';

export const initProducerId: Handler<'InitProducerId'> = (request, { cluster, version }) => {
  const known = identityOf(request);
  const made =
    known === 'half'
      ? ({ error: 'INVALID_REQUEST' } as const)
      : cluster.transactions.initProducer(request.transactionalId, request.transactionTimeoutMs, known);
  if ('error' in made)
    return {
      errorCode: errorCodes[fencedAs(made.error, version >= 4)],
      producerId: noProducerId,
      producerEpoch: noProducerEpoch,
    };
  return { errorCode: 0, producerId: made.producerId, producerEpoch: made.producerEpoch };
};

/** Undefined: a new instance. 'half': an id without an epoch, or the reverse. */
function identityOf({
  producerId,
  producerEpoch,
}: InitProducerIdRequest): ProducerIdentity | 'half' | undefined {
  const none = producerId === noProducerId;
  if (none !== (producerEpoch === noProducerEpoch)) return 'half';
  return none ? undefined : { producerId, producerEpoch };
}
