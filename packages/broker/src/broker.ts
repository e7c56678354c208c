/* An embedded Kafka: one node that speaks Kafka's wire protocol, in this process.
 *
 *   const broker = await Broker.start({ port: 0 });
 *   … clients connect to broker.bootstrapServers …
 *   await broker.stop();
 *
 * Everything is in memory unless `dir` names a folder. Time comes from `world`. */

import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { ExternalError, UserError, type World } from '#base';
import { uuidText } from '#kafka';
import { configWarnings } from './cluster/broker-configs.ts';
import { Cleaning } from './cluster/cleaning.ts';
import { brokerNumber, type Cluster } from './cluster/cluster.ts';
import { Groups } from './cluster/groups/groups.ts';
import { DiskStore } from './cluster/disk-store.ts';
import { journalKey, journalOf } from './cluster/journal.ts';
import { FetchSessions } from './cluster/fetch-sessions.ts';
import { OffsetStore } from './cluster/offset-store.ts';
import { SnapshotStore, takeSnapshot } from './cluster/snapshot.ts';
import { MemoryStore, type Store } from './cluster/store.ts';
import { Topics } from './cluster/topics.ts';
import { Transactions } from './cluster/transactions/transactions.ts';
import { MemoryRoom } from './log/memory-room.ts';
import { Acls, type AclSettings } from './security/acls.ts';
import { credentialOf, hashedPassword } from './security/scram.ts';
import { Users } from './security/users.ts';
import { ConnectionCount } from './server/connection-count.ts';
import { listenerSetup, type ListenerOptions, type ListenerSetup } from './server/listener-options.ts';
import { Faults, type Fault } from './server/faults.ts';
import { BrokerLink } from './server/link.ts';
import { Listener } from './server/listener.ts';
import { RequestMemory } from './server/request-memory.ts';
import { Session } from './server/session.ts';
import {
  BrokerTopics,
  lagOf,
  moveLeader,
  offsetsOf,
  partitionAt,
  pausePartition,
  type PartitionLag,
  type PartitionOffsets,
} from './testing/inspect.ts';
import {
  produceRecords,
  readRecords,
  type ReadOptions,
  type RecordToProduce,
  type StoredRecord,
} from './testing/records.ts';

export interface BrokerOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Where clients connect; one PLAINTEXT listener on `port` by default. */
  readonly listeners?: readonly ListenerOptions[];
  /** Names and passwords, for SASL PLAIN and SCRAM. */
  readonly users?: Readonly<Record<string, string>>;
  /** Keeps everything in this folder, which no other broker has meanwhile. */
  readonly dir?: string;
  /** Starts in memory as another broker was: what its `snapshot` gave. */
  readonly snapshot?: Uint8Array;
  /** Without a folder: how much all records may take; 1 GiB by default. What comes when it is full is refused with
   *  KAFKA_STORAGE_ERROR, until retention, compaction or a request made room. */
  readonly memoryBytesMax?: number;
  /** Where everything is kept, in place of memory or `dir`. It is closed with the broker. */
  readonly store?: Store;
  /** false: no port is opened, and clients come by `connect()` alone. */
  readonly listen?: boolean;
  /** Kafka's server.properties, e.g. `{ 'num.partitions': '3' }`. */
  readonly config?: Readonly<Record<string, string>>;
  /** Ports that look like so many brokers to clients, for tests of what happens when a leader moves; 1 by default. */
  readonly nodes?: number;
  readonly world: World;
  /** Lines for the operator; none by default. */
  readonly log?: (line: string) => void;
}

const connectionsMax = 10_000;
const connectionsPerAddressMax = 2_147_483_647;
const connectionIdleMsMax = 600_000;
/** Of all records in memory. */
const recordBytesMax = 1 << 30;
/** Of all requests in work. */
const requestBytesMax = 1 << 28;
const scramIterations = 4096;
/** What clients in the process are told of a broker that opened no port. */
const unopenedPort = 9092;

export class Broker {
  /** Makes, lists and deletes topics without a client. */
  readonly topics: BrokerTopics;
  readonly #cluster: Cluster;
  readonly #faults: Faults;
  readonly #setups: readonly ListenerSetup[];
  readonly #listeners: readonly Listener[];
  readonly #links = new Set<BrokerLink>();
  readonly #cleaning: Cleaning;
  readonly #requestMemory: RequestMemory;
  readonly #connections: ConnectionCount;
  #stopped: Promise<void> | undefined;

  private constructor(cluster: Cluster, options: BrokerOptions) {
    this.#cluster = cluster;
    this.topics = new BrokerTopics(cluster);
    this.#faults = new Faults(cluster.world);
    this.#cleaning = new Cleaning(cluster);
    const bytesMax = brokerNumber(cluster, 'queued.max.request.bytes', requestBytesMax);
    this.#requestMemory = new RequestMemory(bytesMax < 0 ? Infinity : bytesMax, cluster.world);
    this.#connections = new ConnectionCount(() => ({
      max: brokerNumber(cluster, 'max.connections', connectionsMax),
      perAddressMax: brokerNumber(cluster, 'max.connections.per.ip', connectionsPerAddressMax),
    }));
    const plain: ListenerOptions = { protocol: 'PLAINTEXT', port: options.port ?? 0 };
    this.#setups = (options.listeners ?? [plain]).map(listenerSetup);
    this.#listeners = Array.from({ length: options.nodes ?? 1 }, (_, i) => i + 1).flatMap((nodeId) =>
      this.#setups.map((setup) => this.#listener(nodeId, setup, options.host)),
    );
  }
  #listener(nodeId: number, setup: ListenerSetup, host: string | undefined): Listener {
    const { world, log } = this.#cluster;
    const idleMsMax = brokerNumber(this.#cluster, 'connections.max.idle.ms', connectionIdleMsMax);
    return new Listener({
      name: setup.name,
      nodeId,
      host: host ?? '127.0.0.1',
      port: nodeId === 1 ? setup.port : 0,
      tls: setup.tls,
      world,
      count: this.#connections,
      memory: this.#requestMemory,
      idleMsMax: idleMsMax < 0 ? Infinity : idleMsMax,
      log,
      session: (socket) => {
        const from = `/${(socket.remoteAddress ?? '').replace(/^::ffff:/, '')}`;
        return this.#session(from, setup, nodeId, certifiedName(socket));
      },
    });
  }
  /** Opens what is stored and listens. Throws ExternalError when the port or the folder cannot be had. */
  static async start(options: BrokerOptions): Promise<Broker> {
    const store = openStore(options);
    let broker: Broker | undefined;
    try {
      const cluster = openCluster(store, options);
      broker = new Broker(cluster, options);
      for (const listener of broker.#listeners)
        cluster.endpoints.push({
          listener: listener.name,
          nodeId: listener.nodeId,
          host: options.host ?? '127.0.0.1',
          port: options.listen === false ? unopenedPort : await listener.open(),
        });
      return broker;
    } catch (error) {
      await (broker?.stop() ?? store.close());
      throw error;
    }
  }

  /** `host:port`, for a client's bootstrap.servers. */
  get bootstrapServers(): string {
    const [first] = this.#cluster.endpoints;
    if (first === undefined) throw new UserError('BRK1001', { message: 'the broker does not listen' });
    return `${first.host}:${first.port}`;
  }
  /** The address of a listener by its name. */
  address(listener: string): string {
    const endpoint = this.#cluster.endpoints.find((e) => e.listener === listener);
    if (endpoint === undefined)
      throw new UserError('BRK1001', { message: `there is no listener ${listener}` });
    return `${endpoint.host}:${endpoint.port}`;
  }
  /** The whole broker as bytes, as it is now: for `start`. */
  snapshot(): Uint8Array {
    return takeSnapshot(this.#cluster);
  }
  /** Closes all connections, flushes and closes the logs. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }
  async #stop(): Promise<void> {
    this.#cleaning.stop();
    for (const link of this.#links) link.close();
    await Promise.all(this.#listeners.map((l) => l.close()));
    this.#requestMemory.close();
    this.#cluster.transactions.close();
    this.#cluster.groups.close();
    await this.#cluster.topics.close();
    await this.#cluster.store.close();
  }

  #session(host: string, { name, mechanisms }: ListenerSetup, nodeId: number, certified?: string): Session {
    const [cluster, faults] = [this.#cluster, this.#faults];
    return new Session({ cluster, faults, host, listener: name, nodeId, mechanisms, certified });
  }

  /** A client in the same process, without a socket: frames in, frames out, lengths left off. For simulations.
   *  Throws ExternalError once the broker has stopped. */
  connect(nodeId = 1): BrokerLink {
    if (this.#stopped !== undefined)
      throw new ExternalError('BRK2006', { message: 'the broker has stopped' });
    const session = this.#session('/127.0.0.1', this.#setups[0]!, nodeId);
    const link = new BrokerLink(session, () => this.#links.delete(link));
    this.#links.add(link);
    return link;
  }
  /** Answers the next requests of a kind with an error, late, or by ending the connection. Gives a function that takes
   *  the fault away. */
  inject(fault: Fault): () => void {
    return this.#faults.inject(fault);
  }
  /** Ends every connection, as a network that fails; clients may connect again. */
  dropConnections(): void {
    for (const listener of this.#listeners) listener.dropConnections();
    for (const link of this.#links) link.close();
  }
  /** Aborts the open transaction of this id and fences its producer, as when its time is over. */
  expireTransaction(transactionalId: string): void {
    if (!this.#cluster.transactions.expire(transactionalId))
      throw new UserError('BRK1003', {
        message: `no transaction is open under the transactional id "${transactionalId}"`,
      });
  }
  /** Holds a partition back: readers see nothing new and writers wait, until the function that it gives is called. */
  pause(topic: string, partition: number): () => void {
    return pausePartition(partitionAt(this.#cluster, topic, partition));
  }
  /** Makes another of the `nodes` the partition's leader: clients are told NOT_LEADER_OR_FOLLOWER and find it anew. */
  moveLeader(topic: string, partition: number, node: number): void {
    if (!this.#cluster.endpoints.some((e) => e.nodeId === node))
      throw new UserError('BRK1002', {
        message: `there is no node ${node}`,
        hint: 'Broker.start({ nodes: 2 })',
      });
    moveLeader(partitionAt(this.#cluster, topic, partition), node);
  }
  /** Appends records as a producer would, from inside. Gives the offset of the first. Throws UserError. */
  produce(topic: string, records: readonly RecordToProduce[], partition = 0): number {
    return produceRecords(this.#cluster, topic, partition, records);
  }
  /** The records of a partition, or of all partitions one after the other. */
  read(topic: string, options: ReadOptions = {}): StoredRecord[] {
    return readRecords(this.#cluster, topic, options);
  }
  /** Where each partition of a topic begins and ends. */
  offsets(topic: string): PartitionOffsets[] {
    return offsetsOf(this.#cluster, topic);
  }
  /** How far a group is behind the end, for every partition that it committed. */
  lag(group: string): PartitionLag[] {
    return lagOf(this.#cluster, group);
  }
}

/** Kafka's authorizer settings. */
const aclSettings = (configs: ReadonlyMap<string, string>): AclSettings => ({
  enabled: (configs.get('authorizer.class.name') ?? '') !== '',
  superUsers: (configs.get('super.users') ?? '').split(';').filter((u) => u !== ''),
  allowIfNone: configs.get('allow.everyone.if.no.acl.found') === 'true',
});

/** The users that the broker was started with, for listeners that offer SCRAM. */
function addScramUsers(users: Users, { users: given, listeners }: BrokerOptions, world: World): void {
  const offered = (listeners ?? []).flatMap((l) => listenerSetup(l).mechanisms);
  const salt = Uint8Array.from({ length: 16 }, () => world.rng.below(256));
  for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const) {
    if (!offered.includes(mechanism)) continue;
    for (const [user, password] of Object.entries(given ?? {})) {
      const hashed = hashedPassword(mechanism, password, salt, scramIterations);
      users.set(user, mechanism, credentialOf(mechanism, hashed, salt, scramIterations));
    }
  }
}

/** The subject of a client's certificate as Kafka writes it: the distinguished name, most specific part first. */
function certifiedName(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate();
  if (subject === undefined) return undefined;
  const parts = Object.entries(subject).map(([key, value]) => `${key}=${String(value)}`);
  return parts.reverse().join(',');
}

function openStore({ dir, snapshot, store, world, log, memoryBytesMax }: BrokerOptions): Store {
  if (store !== undefined) return store;
  if (dir !== undefined && snapshot !== undefined)
    throw new UserError('BRK1008', { message: 'a broker starts from a folder or from a snapshot, not both' });
  if (dir !== undefined) return new DiskStore(dir, world, log ?? (() => {}));
  const room = new MemoryRoom(memoryBytesMax ?? recordBytesMax, log);
  return snapshot === undefined ? new MemoryStore(undefined, room) : new SnapshotStore(snapshot, room);
}

function openCluster(store: Store, options: BrokerOptions): Cluster {
  const staticConfigs = new Map(Object.entries(options.config ?? {}));
  const configs = new Map(staticConfigs);
  for (const [[name], value] of journalOf(store.journal, 'broker-config'))
    configs.set(name!, value as string);
  const { world, log = () => {} } = options;
  for (const warning of configWarnings(staticConfigs)) log(warning);
  const topics = new Topics(store, world, configs);
  const offsets = new OffsetStore(store.journal);
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
    groups: new Groups({ world, configs, topics, offsets, journal: store.journal }),
    fetchSessions: new FetchSessions(
      Number(configs.get('max.incremental.fetch.session.cache.slots') ?? 1000),
      () => 1 + world.rng.below(0x7fff_fffe),
    ),
    users: new Users(store.journal, new Map(Object.entries(options.users ?? {}))),
    acls: new Acls(store.journal, aclSettings(configs)),
    log,
  };
  addScramUsers(cluster.users, options, world);
  return cluster;
}

/** The cluster's id: made once, and kept. */
function clusterId(store: Store, world: World): string {
  for (const [, value] of journalOf(store.journal, 'cluster')) return value as string;
  const id = uuidText(Uint8Array.from({ length: 16 }, () => world.rng.below(256)));
  store.journal.put(journalKey('cluster'), id);
  return id;
}
