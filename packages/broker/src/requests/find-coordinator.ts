/* FindCoordinator (10): who looks after a group (key type 0) or a transactional id (1): here always this broker. */

import { errorCodes, type Messages, type Sparse } from '#kafka';
import type { Handler, RequestContext } from './handler.ts';
import { brokersFor } from './metadata.ts';

type Coordinator = Messages['FindCoordinator']['response']['coordinators'][number];

const groupKey = 0;
const transactionKey = 1;

export const findCoordinator: Handler<'FindCoordinator'> = (request, context) => {
  const keys = context.version >= 4 ? request.coordinatorKeys : [request.key];
  const coordinators = keys.map((key) => find(key, request.keyType, context));
  return context.version >= 4 ? { coordinators } : coordinators[0];
};

function find(key: string, keyType: number, context: RequestContext): Sparse<Coordinator> {
  const [broker] = brokersFor(context);
  if ((keyType !== groupKey && keyType !== transactionKey) || broker === undefined)
    return { key, nodeId: -1, host: '', port: -1, errorCode: errorCodes.INVALID_REQUEST };
  return { key, nodeId: broker.nodeId, host: broker.host, port: broker.port, errorCode: 0, errorMessage: '' };
}
