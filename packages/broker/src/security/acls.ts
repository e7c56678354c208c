/* Access control lists: who may do what to which resource, from where. Only where an authorizer is configured
 * (`authorizer.class.name`); without one everybody may do everything.
 *
 * A denial wins over every permission; without a matching entry the answer is no, unless
 * `allow.everyone.if.no.acl.found`. `super.users` may do everything. Kafka: StandardAuthorizer. */

import { journalKey, journalOf, type Journal, type Json } from '../cluster/journal.ts';

export const resources = { any: 1, topic: 2, group: 3, cluster: 4, transactionalId: 5 } as const;
export const patterns = { any: 1, match: 2, literal: 3, prefixed: 4 } as const;
export const operations = {
  any: 1,
  all: 2,
  read: 3,
  write: 4,
  create: 5,
  delete: 6,
  alter: 7,
  describe: 8,
  clusterAction: 9,
  describeConfigs: 10,
  alterConfigs: 11,
  idempotentWrite: 12,
} as const;
export type Operation = keyof typeof operations;
export type ResourceKind = keyof typeof resources;
export const permissions = { any: 1, deny: 2, allow: 3 } as const;
/** The one name of the cluster as a resource. */
export const clusterName = 'kafka-cluster';

export interface Acl {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly patternType: number;
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permission: number;
}
/** What a filter leaves open is `any`, or null. */
export interface AclFilter {
  readonly resourceType: number;
  readonly resourceName: string | null;
  readonly patternType: number;
  readonly principal: string | null;
  readonly host: string | null;
  readonly operation: number;
  readonly permission: number;
}

/** Operations that imply a weaker one when they are allowed. */
const implied: ReadonlyMap<number, readonly number[]> = new Map([
  [operations.describe, [operations.read, operations.write, operations.delete, operations.alter]],
  [operations.describeConfigs, [operations.alterConfigs]],
]);

export interface AclSettings {
  readonly enabled: boolean;
  readonly superUsers: readonly string[];
  readonly allowIfNone: boolean;
}
const aclKey = (acl: Acl): string => JSON.stringify(acl);

export class Acls {
  readonly settings: AclSettings;
  readonly #journal: Journal;
  readonly #acls = new Map<string, Acl>();

  constructor(journal: Journal, settings: AclSettings) {
    this.#journal = journal;
    this.settings = settings;
    for (const [, value] of journalOf(journal, 'acl')) {
      const acl = value as unknown as Acl;
      this.#acls.set(aclKey(acl), acl);
    }
  }
  add(acl: Acl): void {
    this.#acls.set(aclKey(acl), acl);
    this.#journal.put(journalKey('acl', aclKey(acl)), { ...acl } as Json);
  }
  matching(filter: AclFilter): Acl[] {
    return [...this.#acls.values()].filter((acl) => matches(acl, filter));
  }
  /** Takes away what matches, and gives it. */
  remove(filter: AclFilter): Acl[] {
    const gone = this.matching(filter);
    for (const acl of gone) {
      this.#acls.delete(aclKey(acl));
      this.#journal.put(journalKey('acl', aclKey(acl)), undefined);
    }
    return gone;
  }

  /** Whether the principal may do this from this host (an address without its slash). */
  may(principal: string, host: string, operation: Operation, kind: ResourceKind, name: string): boolean {
    const { enabled, superUsers, allowIfNone } = this.settings;
    if (!enabled || superUsers.includes(principal)) return true;
    const asked = operations[operation];
    const ours = [...this.#acls.values()].filter(
      (acl) => acl.resourceType === resources[kind] && covers(acl, name),
    );
    const meant = ours.filter(
      (acl) =>
        (acl.principal === principal || acl.principal === 'User:*') &&
        (acl.host === '*' || acl.host === host),
    );
    const said = (permission: number, wanted: readonly number[]): boolean =>
      meant.some(
        (acl) =>
          acl.permission === permission &&
          (acl.operation === operations.all || wanted.includes(acl.operation)),
      );
    if (said(permissions.deny, [asked])) return false;
    if (said(permissions.allow, [asked, ...(implied.get(asked) ?? [])])) return true;
    return ours.length === 0 && allowIfNone;
  }
}

function covers(acl: Acl, name: string): boolean {
  if (acl.patternType === patterns.prefixed) return name.startsWith(acl.resourceName);
  return acl.resourceName === name || acl.resourceName === '*';
}
function matches(acl: Acl, filter: AclFilter): boolean {
  return (
    (filter.resourceType === resources.any || filter.resourceType === acl.resourceType) &&
    matchesName(acl, filter) &&
    (filter.principal === null || filter.principal === acl.principal) &&
    (filter.host === null || filter.host === acl.host) &&
    (filter.operation === operations.any || filter.operation === acl.operation) &&
    (filter.permission === permissions.any || filter.permission === acl.permission)
  );
}
function matchesName(acl: Acl, { resourceName, patternType }: AclFilter): boolean {
  switch (patternType) {
    case patterns.any:
      return resourceName === null || resourceName === acl.resourceName;
    case patterns.match:
      return resourceName === null || covers(acl, resourceName);
    default:
      return patternType === acl.patternType && (resourceName === null || resourceName === acl.resourceName);
  }
}
