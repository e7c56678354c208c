/* The transport over sockets of our own, plain or TLS, with or without a login. */

import type { ConnectionOptions } from 'node:tls';
import type { World } from '#base';
import type { FetchSlots } from '#records';
import { logIn } from './login.ts';
import { openSocket } from './open-socket.ts';
import type { SaslLogin } from './sasl/mechanism.ts';
import { SocketLink } from './socket-link.ts';
import type { BrokerLink, Transport } from './transport.ts';

export interface SocketOptions {
  readonly clientId: string;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** Undefined: plain sockets. */
  readonly tls: ConnectionOptions | undefined;
  /** Undefined: nobody logs in. */
  readonly sasl: SaslLogin | undefined;
  /** Where large answers with records go; without, into ordinary memory. */
  readonly slots?: FetchSlots | undefined;
}

/** A response may hold one record batch more than was asked for, and a batch may be as large as an array. */
const responseBytesMax = 0x7fffffff;
/** Of a login's time, the part after which another link takes over: Kafka's own clients log in again then. */
const retireAt = 0.85;

export class SocketTransport implements Transport {
  readonly #world: World;
  readonly #options: SocketOptions;

  constructor(world: World, options: SocketOptions) {
    this.#world = world;
    this.#options = options;
  }

  async connect(host: string, port: number): Promise<BrokerLink> {
    const { clientId, requestTimeoutMs, connectTimeoutMs, tls, sasl, slots } = this.#options;
    const name = `${host}:${port}`;
    const link = new SocketLink(this.#world, { name, clientId, requestTimeoutMs, responseBytesMax, slots });
    link.start(await openSocket(this.#world, { host, port, tls, timeoutMs: connectTimeoutMs }, link));
    if (sasl === undefined) return link;
    try {
      const lifetimeMs = await logIn(link, sasl, name);
      if (lifetimeMs > 0) link.retireAfter(lifetimeMs * retireAt);
      return link;
    } catch (error) {
      await link.close();
      throw error;
    }
  }
}
