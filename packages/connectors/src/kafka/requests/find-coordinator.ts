/* FindCoordinator: the broker that keeps what is known of a group or a transactional id. */

import { request, type KafkaRequest } from './request.ts';

const version = 2;
const kinds = { group: 0, transaction: 1 } as const;

export type CoordinatorKind = keyof typeof kinds;
export interface Coordinator {
  readonly error: number;
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** `key`: the group, or the transactional id. */
export const findCoordinatorRequest = (kind: CoordinatorKind, key: string): KafkaRequest<Coordinator> =>
  request('FindCoordinator', version, { key, keyType: kinds[kind] }, ({ errorCode, nodeId, host, port }) => ({
    error: errorCode,
    id: nodeId,
    host,
    port,
  }));
