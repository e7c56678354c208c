/* FindCoordinator (10): of groups and of transactions; there is one broker, and it is that. */

import { errorCodes } from '#kafka';
import type { Handler } from './handler.ts';
import { brokersFor } from './metadata.ts';

const groupKey = 0;
const transactionKey = 1;

export const findCoordinator: Handler<'FindCoordinator'> = (request, context) => {
  const { keyType, coordinatorKeys, key } = request;
  const [broker] = brokersFor(context);
  const known = keyType === groupKey || keyType === transactionKey;
  const found =
    known && broker !== undefined
      ? broker
      : {
          errorCode: errorCodes[known ? 'COORDINATOR_NOT_AVAILABLE' : 'INVALID_REQUEST'],
          errorMessage: known ? null : `There is no coordinator of type ${keyType}.`,
          nodeId: -1,
          host: '',
          port: -1,
        };
  const keys = context.version >= 4 ? coordinatorKeys : [key];
  return { ...found, coordinators: keys.map((each) => ({ key: each, ...found })) };
};
