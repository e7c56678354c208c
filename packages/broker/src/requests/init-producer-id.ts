/* InitProducerId (22): a producer id of one's own; with a transactional id the next epoch, which fences whoever had the
 * one before (KIP-98). A client that goes on after an error names the identity that it has (KIP-360). */

import { errorCodes, type ErrorName, type InitProducerIdRequest } from '#kafka';
import { noProducerEpoch, noProducerId, type ProducerIdentity } from '../cluster/transactions/transaction.ts';
import { clusterName } from '../security/acls.ts';
import type { Handler, RequestContext } from './handler.ts';
import { fencedAs } from './transaction-errors.ts';

export const initProducerId: Handler<'InitProducerId'> = (request, context) => {
  const { cluster, version } = context;
  const known = identityOf(request);
  const forbidden = accessError(request.transactionalId, context);
  const made =
    forbidden !== undefined
      ? { error: forbidden }
      : known === 'half'
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

function accessError(
  transactionalId: string | null,
  { cluster, may }: RequestContext,
): ErrorName | undefined {
  if (transactionalId !== null)
    return may('write', 'transactionalId', transactionalId)
      ? undefined
      : 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED';
  const writes =
    may('idempotentWrite', 'cluster', clusterName) ||
    [...cluster.topics.all()].some(({ name }) => may('write', 'topic', name));
  return writes ? undefined : 'CLUSTER_AUTHORIZATION_FAILED';
}

/** Undefined: a new instance. 'half': an id without an epoch, or the reverse. */
function identityOf({
  producerId,
  producerEpoch,
}: InitProducerIdRequest): ProducerIdentity | 'half' | undefined {
  const none = producerId === noProducerId;
  if (none !== (producerEpoch === noProducerEpoch)) return 'half';
  return none ? undefined : { producerId, producerEpoch };
}
