/* A port that clients connect to, and their connections. */

import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { ExternalError } from '#base';
import { Connection } from './connection.ts';
import type { TlsOptions } from './listener-options.ts';
import type { Session } from './session.ts';

export interface ListenerParts {
  readonly name: string;
  readonly nodeId: number;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly tls: TlsOptions | undefined;
  readonly frameBytesMax: number;
  /** `max.connections`: more are closed as they come. */
  readonly connectionsMax: number;
  /** What a new connection is to the broker. */
  readonly session: (socket: Socket) => Session;
  readonly log: (line: string) => void;
}

export class Listener {
  readonly #parts: ListenerParts;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    const accept = (socket: Socket): void => {
      this.#accept(socket);
    };
    this.#server = parts.tls === undefined ? createServer(accept) : this.#secureServer(parts.tls, accept);
  }
  #secureServer(
    { key, cert, ca, clientAuth = 'none' }: TlsOptions,
    accept: (socket: Socket) => void,
  ): Server {
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
      accept,
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
  get connections(): number {
    return this.#connections.size;
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
  #accept(socket: Socket): void {
    const { frameBytesMax, connectionsMax, log, session } = this.#parts;
    if (this.#connections.size >= connectionsMax) {
      log(`a connection was refused: there are ${connectionsMax} already`);
      socket.destroy();
      return;
    }
    const opened = session(socket);
    const connection = new Connection({
      socket,
      frameBytesMax,
      log,
      answer: (frame, signal) => opened.answer(frame, signal),
      closed: () => {
        this.#connections.delete(connection);
      },
    });
    this.#connections.add(connection);
  }
  /** Ends every connection; the port stays. */
  dropConnections(): void {
    for (const connection of this.#connections) connection.destroy();
  }
  close(): Promise<void> {
    if (!this.#server.listening) return Promise.resolve();
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.dropConnections();
    });
  }
}
