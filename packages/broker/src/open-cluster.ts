/* From options to a cluster: what the store has, and what the broker was started with. */

import { UserError, type World } from '#base';
import { brokerFlag, brokerNumber, brokerText, checkConfigs } from './cluster/broker-configs.ts';
import type { Cluster } from './cluster/cluster.ts';
import { DiskStore } from './cluster/disk-store.ts';
import { FetchSessions } from './cluster/fetch-sessions.ts';
import { GroupConfigs } from './cluster/group-configs.ts';
import { Groups } from './cluster/groups/groups.ts';
import { randomBytes, randomId } from './cluster/ids.ts';
import { journalKey, journalOf } from './cluster/journal.ts';
import { OffsetStore } from './cluster/offset-store.ts';
import { SnapshotStore } from './cluster/snapshot.ts';
import { MemoryStore, type Store } from './cluster/store.ts';
import { Topics } from './cluster/topics.ts';
import { Transactions } from './cluster/transactions/transactions.ts';
import { MemoryRoom } from './log/memory-room.ts';
import type { BrokerOptions } from './options.ts';
import { Acls, type AclSettings } from './security/acls.ts';
import { credentialOf, hashedPassword } from './security/scram.ts';
import { Users } from './security/users.ts';
import { listenerSetup } from './server/listener-options.ts';

/** Of all records in memory. */
const recordBytesMax = 1 << 30;
const scramIterations = 4096;
const scramSaltBytes = 16;

/** In memory, in a folder, or from a snapshot. Throws UserError and ExternalError. */
export function openStore({ dir, snapshot, store, world, log, memoryBytesMax }: BrokerOptions): Store {
  if (store !== undefined) return store;
  if (dir !== undefined && snapshot !== undefined)
    throw new UserError('BRK1008', { message: 'a broker starts from a folder or from a snapshot, not both' });
  if (dir !== undefined) return new DiskStore(dir, world, log ?? (() => {}));
  const room = new MemoryRoom(memoryBytesMax ?? recordBytesMax, log);
  return snapshot === undefined ? new MemoryStore(undefined, room) : new SnapshotStore(snapshot, room);
}

/** The cluster as the store has it; no port is open yet. Throws UserError. */
export function openCluster(store: Store, options: BrokerOptions): Cluster {
  const staticConfigs = new Map(Object.entries(options.config ?? {}));
  const configs = new Map(staticConfigs);
  for (const [[name], value] of journalOf(store.journal, 'broker-config'))
    configs.set(name!, value as string);
  const { world, log = () => {} } = options;
  for (const warning of checkConfigs(staticConfigs)) log(warning);
  const topics = new Topics(store, world, configs);
  const offsets = new OffsetStore(store.journal);
  const groupConfigs = new GroupConfigs(store.journal, configs);
  const cluster: Cluster = {
    id: clusterId(store, world),
    nodeId: 1,
    world,
    store,
    staticConfigs,
    configs,
    endpoints: [],
    topics,
    offsets,
    transactions: new Transactions({ journal: store.journal, world, configs, topics, offsets, log }),
    groups: new Groups({ world, configs, groupConfigs, topics, offsets, journal: store.journal }),
    groupConfigs,
    fetchSessions: new FetchSessions(
      brokerNumber(configs, 'max.incremental.fetch.session.cache.slots'),
      () => 1 + world.rng.below(0x7fff_fffe),
    ),
    users: new Users(store.journal, new Map(Object.entries(options.users ?? {}))),
    acls: new Acls(store.journal, aclSettings(configs)),
    log,
  };
  addScramUsers(cluster.users, options, world);
  return cluster;
}

/** Kafka's authorizer settings. */
const aclSettings = (configs: ReadonlyMap<string, string>): AclSettings => ({
  enabled: brokerText(configs, 'authorizer.class.name') !== '',
  superUsers: brokerText(configs, 'super.users')
    .split(';')
    .map((user) => user.trim())
    .filter((user) => user !== ''),
  allowIfNone: brokerFlag(configs, 'allow.everyone.if.no.acl.found'),
});

/** The users that the broker was started with, for listeners that offer SCRAM. */
function addScramUsers(users: Users, { users: given, listeners }: BrokerOptions, world: World): void {
  const offered = (listeners ?? []).flatMap((l) => listenerSetup(l).mechanisms);
  const salt = randomBytes(world.rng, scramSaltBytes);
  for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const) {
    if (!offered.includes(mechanism)) continue;
    for (const [user, password] of Object.entries(given ?? {})) {
      const hashed = hashedPassword(mechanism, password, salt, scramIterations);
      users.set(user, mechanism, credentialOf(mechanism, hashed, salt, scramIterations));
    }
  }
}

/** The cluster's id: made once, and kept. */
function clusterId(store: Store, world: World): string {
  for (const [, value] of journalOf(store.journal, 'cluster')) return value as string;
  const id = randomId(world.rng);
  store.journal.put(journalKey('cluster'), id);
  return id;
}
