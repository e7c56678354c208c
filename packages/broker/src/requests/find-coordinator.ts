/* FindCoordinator (10): who looks after a group (key type 0) or a transactional id (1): here always this broker. */

import { errorCodes, type ErrorName, type Messages, type Sparse } from '#kafka';
import type { Handler, RequestContext } from './handler.ts';
import { brokersFor } from './metadata.ts';

type Coordinator = Messages['FindCoordinator']['response']['coordinators'][number];

const kinds = [
  { resource: 'group', forbidden: 'GROUP_AUTHORIZATION_FAILED' },
  { resource: 'transactionalId', forbidden: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED' },
] as const;

export const findCoordinator: Handler<'FindCoordinator'> = (request, context) => {
  const keys = context.version >= 4 ? request.coordinatorKeys : [request.key];
  const coordinators = keys.map((key) => find(key, request.keyType, context));
  return context.version >= 4 ? { coordinators } : coordinators[0];
};

function find(key: string, keyType: number, context: RequestContext): Sparse<Coordinator> {
  const kind = kinds[keyType];
  if (kind === undefined)
    return failed(key, 'INVALID_REQUEST', `There is no coordinator of type ${keyType}.`);
  if (!context.may('describe', kind.resource, key)) return failed(key, kind.forbidden, null);
  const [broker] = brokersFor(context);
  if (broker === undefined) return failed(key, 'COORDINATOR_NOT_AVAILABLE', null);
  return { key, nodeId: broker.nodeId, host: broker.host, port: broker.port, errorCode: 0, errorMessage: '' };
}

const failed = (key: string, error: ErrorName, errorMessage: string | null): Sparse<Coordinator> => ({
  key,
  nodeId: -1,
  host: '',
  port: -1,
  errorCode: errorCodes[error],
  errorMessage,
});
