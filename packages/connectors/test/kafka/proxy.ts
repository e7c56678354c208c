/* A proxy between a client and its broker that hands bytes on in pieces of its own choosing, as a bad network does.
 *
 *   client ◀── pieces, one segment each ──▶ proxy ◀── whole ──▶ broker */

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { Transport } from '../../src/kafka/client/transport.ts';
import { overSockets, type Reach } from '../../src/kafka/transport-for.ts';

export interface Shape {
  /** How long the next piece is, of `left` bytes. */
  next(left: number): number;
  /** Between two pieces; 0 lets others have their turn only. */
  readonly pauseMs: number;
}
export const byteAtATime: Shape = { next: () => 1, pauseMs: 0 };

export class Proxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  bytes = 0;

  private constructor(server: Server) {
    this.#server = server;
  }
  static async start(port: number, shape: Shape): Promise<Proxy> {
    const server = createServer({ noDelay: true });
    const proxy = new Proxy(server);
    server.on('connection', (client) => {
      const broker = connect({ port, host: '127.0.0.1', noDelay: true });
      for (const [socket, other] of [
        [client, broker],
        [broker, client],
      ] as const) {
        proxy.#sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          proxy.#sockets.delete(socket);
          other.destroy();
        });
        void proxy.#carry(socket, other, shape);
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }
  async #carry(from: Socket, to: Socket, shape: Shape): Promise<void> {
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        this.bytes += chunk.length;
        for (let at = 0; at < chunk.length && !to.destroyed; ) {
          const end = Math.min(chunk.length, at + shape.next(chunk.length - at));
          if (!to.write(chunk.subarray(at, end))) await Promise.race([once(to, 'drain'), once(to, 'close')]);
          await (shape.pauseMs === 0 ? setImmediate() : sleep(shape.pauseMs));
          at = end;
        }
      }
    } catch {
      // One side ended the connection: the other is ended with it.
    }
  }
  /** Ends all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** A way to brokers on this machine, each through a proxy. */
export class Detour {
  readonly #shape: Shape;
  readonly #proxies = new Map<number, Promise<Proxy>>();

  constructor(shape: Shape) {
    this.#shape = shape;
  }
  readonly reach: Reach = (world, properties, slots): Transport => {
    const straight = overSockets(world, properties, slots);
    return {
      connect: async (_, port) => {
        let proxy = this.#proxies.get(port);
        if (proxy === undefined) this.#proxies.set(port, (proxy = Proxy.start(port, this.#shape)));
        return straight.connect('127.0.0.1', (await proxy).port);
      },
    };
  };
  /** Ends all connections; others may be made. */
  async cut(): Promise<void> {
    for (const proxy of this.#proxies.values()) (await proxy).cut();
  }
  async close(): Promise<void> {
    for (const proxy of this.#proxies.values()) await (await proxy).close();
  }
}
