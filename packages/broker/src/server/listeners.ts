/* All ports of a broker: each of its listeners, once for every node that it plays, within bounds that they share. */

import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { brokerNumber } from '../cluster/broker-configs.ts';
import type { Cluster, Endpoint } from '../cluster/cluster.ts';
import { ConnectionCount } from './connection-count.ts';
import type { ListenerSetup } from './listener-options.ts';
import { Listener } from './listener.ts';
import { RequestMemory } from './request-memory.ts';
import type { Session } from './session.ts';

export interface ListenersParts {
  readonly cluster: Cluster;
  readonly host: string;
  readonly setups: readonly ListenerSetup[];
  /** Node ids are 1 to this. Those from 2 on listen on any free ports. */
  readonly nodes: number;
  /** What a new connection is to the broker; `certified`: the name in the client's certificate. */
  readonly session: (address: string, setup: ListenerSetup, nodeId: number, certified?: string) => Session;
}

export class Listeners {
  readonly #parts: ListenersParts;
  readonly #count: ConnectionCount;
  readonly #memory: RequestMemory;
  readonly #listeners: readonly Listener[];

  constructor(parts: ListenersParts) {
    this.#parts = parts;
    const { cluster, setups, nodes } = parts;
    this.#count = new ConnectionCount(() => ({
      max: brokerNumber(cluster.configs, 'max.connections'),
      perAddressMax: brokerNumber(cluster.configs, 'max.connections.per.ip'),
    }));
    const bytesMax = brokerNumber(cluster.configs, 'queued.max.request.bytes');
    this.#memory = new RequestMemory(bytesMax < 0 ? Infinity : bytesMax, cluster.world);
    this.#listeners = Array.from({ length: nodes }, (_, i) => i + 1).flatMap((nodeId) =>
      setups.map((setup) => this.#listener(nodeId, setup)),
    );
  }
  #listener(nodeId: number, setup: ListenerSetup): Listener {
    const { cluster, host, session } = this.#parts;
    const { world, log } = cluster;
    const idleMsMax = brokerNumber(cluster.configs, 'connections.max.idle.ms');
    return new Listener({
      name: setup.name,
      nodeId,
      host,
      port: nodeId === 1 ? setup.port : 0,
      tls: setup.tls,
      world,
      count: this.#count,
      memory: this.#memory,
      idleMsMax: idleMsMax < 0 ? Infinity : idleMsMax,
      log,
      session: (socket) => session(addressOf(socket), setup, nodeId, certifiedName(socket)),
    });
  }
  /** Listens everywhere, and gives where. Rejects with ExternalError; `close` then closes those that were opened. */
  async open(): Promise<Endpoint[]> {
    const endpoints: Endpoint[] = [];
    for (const listener of this.#listeners) endpoints.push(this.#endpoint(listener, await listener.open()));
    return endpoints;
  }
  /** What clients are told of listeners that are not opened: all on this port. */
  unopened(port: number): Endpoint[] {
    return this.#listeners.map((listener) => this.#endpoint(listener, port));
  }
  #endpoint({ name, nodeId }: Listener, port: number): Endpoint {
    return { listener: name, nodeId, host: this.#parts.host, port };
  }
  /** Ends every connection; the ports stay. */
  dropConnections(): void {
    for (const listener of this.#listeners) listener.dropConnections();
  }
  /** Resolves when nothing is left of any connection. */
  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((l) => l.close()));
    this.#memory.close();
  }
}

const addressOf = (socket: Socket): string => `/${(socket.remoteAddress ?? '').replace(/^::ffff:/, '')}`;

/** The subject of a client's certificate as Kafka writes it: the distinguished name, most specific part first. */
function certifiedName(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate();
  if (subject === undefined) return undefined;
  const parts = Object.entries(subject).map(([key, value]) => `${key}=${String(value)}`);
  return parts.reverse().join(',');
}
