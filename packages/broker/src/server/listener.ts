/* A port that clients connect to, and their connections. */

import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { ExternalError, type World } from '#base';
import { Connection } from './connection.ts';
import type { ConnectionCount } from './connection-count.ts';
import type { TlsOptions } from './listener-options.ts';
import type { RequestMemory } from './request-memory.ts';
import type { Session } from './session.ts';

export interface ListenerParts {
  readonly name: string;
  readonly nodeId: number;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly tls: TlsOptions | undefined;
  readonly world: World;
  /** Those of all listeners: more than may be are closed as they come. */
  readonly count: ConnectionCount;
  readonly memory: RequestMemory;
  /** `connections.max.idle.ms`, or Infinity. */
  readonly idleMsMax: number;
  /** What a new connection is to the broker. */
  readonly session: (socket: Socket) => Session;
  readonly log: (line: string) => void;
}

export class Listener {
  readonly #parts: ListenerParts;
  readonly #server: Server;
  /** Every socket, also those whose TLS handshake is not done. */
  readonly #sockets = new Set<Socket>();

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    const serve = (socket: Socket): void => {
      this.#serve(socket);
    };
    this.#server = parts.tls === undefined ? createServer() : this.#secureServer(parts.tls, serve);
    this.#server.on('connection', (socket) => {
      if (this.#admit(socket) && parts.tls === undefined) serve(socket);
    });
  }
  #secureServer({ key, cert, ca, clientAuth = 'none' }: TlsOptions, serve: (socket: Socket) => void): Server {
    const { log } = this.#parts;
    const server = createSecureServer(
      {
        key,
        cert,
        ...(ca === undefined ? {} : { ca }),
        requestCert: clientAuth !== 'none',
        rejectUnauthorized: clientAuth === 'required',
        minVersion: 'TLSv1.2',
      },
      serve,
    );
    server.on('tlsClientError', (error, socket) => {
      log(
        `connection from ${socket.remoteAddress ?? 'a client'} closed in its TLS handshake: ${error.message}`,
      );
      socket.destroy();
    });
    return server;
  }
  get name(): string {
    return this.#parts.name;
  }
  get nodeId(): number {
    return this.#parts.nodeId;
  }
  /** Listens. Gives the port. */
  open(): Promise<number> {
    const { host, port } = this.#parts;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (cause) => {
        reject(
          new ExternalError('BRK2001', {
            message: `the broker cannot listen on ${host}:${port}: ${cause.message}`,
            hint: 'Another process may have the port: choose another, or 0 for any free one.',
            cause,
          }),
        );
      });
      this.#server.listen(port, host, () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }
  /** False: there are too many already. */
  #admit(socket: Socket): boolean {
    const { count, log } = this.#parts;
    const address = socket.remoteAddress ?? '';
    const refused = count.open(address);
    if (refused !== undefined) {
      log(`a connection was refused: ${refused}`);
      socket.destroy();
      return false;
    }
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      count.close(address);
    });
    return true;
  }
  #serve(socket: Socket): void {
    const { memory, world, idleMsMax, log } = this.#parts;
    const session = this.#parts.session(socket);
    new Connection({
      socket,
      frameBytesMax: () => session.frameBytesMax,
      memory,
      world,
      idleMsMax,
      log,
      answer: (frame, room, signal) => session.answer(frame, room, signal),
    });
  }
  /** Ends every connection; the port stays. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
  /** Resolves when nothing is left of any connection. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = [...this.#sockets].map((socket) => new Promise((done) => socket.once('close', done)));
    const ended = new Promise((done) => this.#server.close(done));
    this.dropConnections();
    await Promise.all([ended, ...closed]);
  }
}
