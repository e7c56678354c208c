/* The transport over @platformatic/kafka's Connection: sockets, TLS and SASL are the client's, requests
 * and responses are ours. The client is loaded on first use, for importing it takes 300 ms. */

import { isIP } from 'node:net';
import { assert, ExternalError, UserError } from '#base';
import { ResponseReader, type KafkaRequest } from '../protocol/wire.ts';
import type { BrokerLink, Transport } from './transport.ts';
import type { Connection, ConnectionOptions } from '@platformatic/kafka';

type Client = typeof import('@platformatic/kafka');

/** Requests on their way on one connection. */
const inflightMax = 16;

export class ConnectionTransport implements Transport {
  readonly #clientId: string;
  readonly #options: ConnectionOptions;

  constructor(clientId: string, options: ConnectionOptions) {
    this.#clientId = clientId;
    this.#options = options;
  }

  async connect(host: string, port: number): Promise<BrokerLink> {
    const client = await import('@platformatic/kafka');
    const connection = new client.Connection(this.#clientId, {
      ...this.#options,
      maxInflights: inflightMax,
      tlsServerName: isIP(host) === 0,
    });
    // Without a listener an error event would end the process; the failing request reports it.
    connection.on('error', () => {});
    try {
      await connection.connect(host, port);
    } catch (error) {
      throw connectError(client, host, port, error);
    }
    return new ConnectionLink(client, connection, `${host}:${port}`);
  }
}

function connectError(client: Client, host: string, port: number, error: unknown): ExternalError | UserError {
  const reason = rootMessage(error);
  const refused =
    error instanceof client.AuthenticationError ||
    (error instanceof Error && error.cause instanceof client.AuthenticationError);
  if (refused) {
    return new UserError('KAF1003', {
      message: `Kafka at ${host}:${port} refused the login: ${reason}`,
      hint: `Check 'properties.sasl.mechanism' and 'properties.sasl.jaas.config'.`,
      cause: error,
    });
  }
  return new ExternalError('KAF2001', {
    message: `no connection to Kafka at ${host}:${port}: ${reason}`,
    cause: error,
  });
}

/** The innermost cause: what the client wraps says little. */
function rootMessage(error: unknown): string {
  let at = error;
  while (at instanceof Error && at.cause !== undefined) at = at.cause;
  return at instanceof Error ? at.message : String(at);
}

class ConnectionLink implements BrokerLink {
  readonly #client: Client;
  readonly #connection: Connection;
  readonly #name: string;

  constructor(client: Client, connection: Connection, name: string) {
    this.#client = client;
    this.#connection = connection;
    this.#name = name;
  }
  get open(): boolean {
    return this.#connection.isConnected();
  }
  request<T>(request: KafkaRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#connection.send<T>(
        request.key,
        request.version,
        () => {
          const writer = this.#client.Writer.create().append(request.body);
          if (request.read === undefined) writer.context['noResponse'] = true;
          return writer;
        },
        (_correlation, _key, _version, reader) => {
          assert(request.read !== undefined, 'only a request that expects a response gets one');
          return request.read(new ResponseReader(reader.buffer.buffer));
        },
        false,
        false,
        (error, answer) => {
          if (error) {
            reject(
              new ExternalError('KAF2001', {
                message: `Kafka at ${this.#name} did not answer ${request.name}: ${rootMessage(error)}`,
                cause: error,
              }),
            );
          } else resolve(answer as T);
        },
      );
    });
  }
  async close(): Promise<void> {
    await this.#connection.close().catch(() => {});
  }
}
