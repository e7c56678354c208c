/* What a client may do to a resource, as the bit field that answers carry where the client asked for it: bit n for the
 * operation of code n. */

import { operations, type Operation, type ResourceKind } from './acls.ts';

/** In place of the field where nobody asked. */
export const notAsked = -2147483648;

/** Kafka: AclEntry.supportedOperations. */
const supported = {
  topic: ['read', 'write', 'create', 'describe', 'delete', 'alter', 'describeConfigs', 'alterConfigs'],
  group: ['read', 'describe', 'delete', 'describeConfigs', 'alterConfigs'],
  cluster: [
    'create',
    'clusterAction',
    'describeConfigs',
    'alterConfigs',
    'idempotentWrite',
    'alter',
    'describe',
  ],
} as const satisfies Partial<Record<ResourceKind, readonly Operation[]>>;

export function authorizedOperations(
  may: (operation: Operation, kind: ResourceKind, name: string) => boolean,
  kind: keyof typeof supported,
  name: string,
): number {
  return supported[kind]
    .filter((operation) => may(operation, kind, name))
    .reduce((bits, operation) => bits | (1 << operations[operation]), 0);
}
