/* Which way to a broker: sockets of our own where nothing needs the client, which knows TLS and SASL. */

import type { World } from '#base';
import { ConnectionTransport } from './client/connection-transport.ts';
import { InProcessTransport, type Dial } from './client/in-process-transport.ts';
import { SocketTransport } from './client/socket-transport.ts';
import type { Transport } from './client/transport.ts';
import type { KafkaProperties } from './properties.ts';

/** A response may hold one record batch more than was asked for, and a batch may be as large as an array. */
const responseBytesMax = 0x7fffffff;

/** `dial`: brokers of this process. */
export function transportFor(world: World, properties: KafkaProperties, dial: Dial | undefined): Transport {
  const { clientId, connection, connectTimeoutMs, requestTimeoutMs } = properties;
  if (dial !== undefined) return new InProcessTransport(dial, clientId);
  if (connection.tls !== undefined || connection.sasl !== undefined)
    return new ConnectionTransport(clientId, connection);
  return new SocketTransport(world, { clientId, connectTimeoutMs, requestTimeoutMs, responseBytesMax });
}
