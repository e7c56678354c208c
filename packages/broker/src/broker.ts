/* An embedded Kafka: one node that speaks Kafka's wire protocol, in this process.
 *
 *   const broker = await Broker.start({ port: 0 });
 *   … clients connect to broker.bootstrapServers …
 *   await broker.stop();
 *
 * Everything is in memory unless `dir` names a folder. Time comes from `world`. */

import type { Socket } from 'node:net';
import { UserError, type World } from '#base';
import { uuidText } from '#kafka';
import type { Cluster } from './cluster/cluster.ts';
import { journalKey, journalOf } from './cluster/journal.ts';
import { OffsetStore } from './cluster/offset-store.ts';
import { MemoryStore, type Store } from './cluster/store.ts';
import { Topics } from './cluster/topics.ts';
import { Transactions } from './cluster/transactions/transactions.ts';
import { dispatch, type Gate } from './server/dispatch.ts';
import { Listener } from './server/listener.ts';

export interface BrokerOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Keeps topics, offsets and configs in this folder. */
  readonly dir?: string;
  /** Where everything is kept, in place of memory or `dir`. It is closed with the broker. */
  readonly store?: Store;
  /** Kafka's server.properties, e.g. `{ 'num.partitions': '3' }`. */
  readonly config?: Readonly<Record<string, string>>;
  readonly world: World;
  /** Lines for the operator; none by default. */
  readonly log?: (line: string) => void;
}

const nodeId = 1;
const listenerName = 'PLAINTEXT';
const frameBytesMax = 104_857_600;
const connectionsMax = 10_000;
const openGate: Gate = { pass: () => undefined };

export class Broker {
  readonly #cluster: Cluster;
  readonly #listeners: readonly Listener[];
  #stopped: Promise<void> | undefined;

  private constructor(cluster: Cluster, options: BrokerOptions) {
    this.#cluster = cluster;
    this.#listeners = [
      new Listener({
        name: listenerName,
        host: options.host ?? '127.0.0.1',
        port: options.port ?? 0,
        frameBytesMax: Number(options.config?.['socket.request.max.bytes'] ?? frameBytesMax),
        connectionsMax: Number(options.config?.['max.connections'] ?? connectionsMax),
        log: cluster.log,
        session: (socket) => this.#session(socket, listenerName),
      }),
    ];
  }
  /** Opens what is stored and listens. Throws ExternalError when the port or the folder cannot be had. */
  static async start(options: BrokerOptions): Promise<Broker> {
    const store = options.store ?? new MemoryStore();
    const configs = new Map(Object.entries(options.config ?? {}));
    const { world, log = () => {} } = options;
    const topics = new Topics(store, world, configs);
    const offsets = new OffsetStore(store.journal);
    const cluster: Cluster = {
      id: clusterId(store, world),
      nodeId,
      world,
      store,
      configs,
      endpoints: [],
      topics,
      offsets,
      transactions: new Transactions({ journal: store.journal, world, configs, topics, offsets, log }),
      log,
    };
    const broker = new Broker(cluster, options);
    const host = options.host ?? '127.0.0.1';
    for (const listener of broker.#listeners)
      cluster.endpoints.push({ listener: listener.name, host, port: await listener.open() });
    return broker;
  }

  /** `host:port`, for a client's bootstrap.servers. */
  get bootstrapServers(): string {
    const [first] = this.#cluster.endpoints;
    if (first === undefined) throw new UserError('BRK1001', { message: 'the broker does not listen' });
    return `${first.host}:${first.port}`;
  }
  /** Aborts the open transaction of this id and fences its producer, as when its time is over. */
  expireTransaction(transactionalId: string): void {
    if (!this.#cluster.transactions.expire(transactionalId))
      throw new UserError('BRK1003', {
        message: `no transaction is open under the transactional id "${transactionalId}"`,
      });
  }
  /** Closes all connections, flushes and closes the logs. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }
  async #stop(): Promise<void> {
    await Promise.all(this.#listeners.map((l) => l.close()));
    this.#cluster.transactions.close();
    await this.#cluster.topics.close();
    await this.#cluster.store.close();
  }

  #session(
    socket: Socket,
    listener: string,
  ): (frame: Buffer, signal: AbortSignal) => Promise<readonly Buffer[] | undefined> {
    const host = `/${(socket.remoteAddress ?? '').replace(/^::ffff:/, '')}`;
    return async (frame, signal) => {
      const answered = await dispatch(
        frame,
        (version, id) => ({
          cluster: this.#cluster,
          client: { id, host, listener, principal: 'User:ANONYMOUS' },
          version,
          signal,
        }),
        openGate,
      );
      return answered.response;
    };
  }
}

/** The cluster's id: made once, and kept. */
function clusterId(store: Store, world: World): string {
  for (const [, value] of journalOf(store.journal, 'cluster')) return value as string;
  const id = uuidText(Uint8Array.from({ length: 16 }, () => world.rng.below(256)));
  store.journal.put(journalKey('cluster'), id);
  return id;
}
