/* Which way to a broker: sockets, or calls to a broker of this process. */

import type { World } from '#base';
import type { FetchSlots } from '#records';
import { InProcessTransport, type Dial } from './client/in-process-transport.ts';
import { SocketTransport } from './client/socket-transport.ts';
import type { Transport } from './client/transport.ts';
import type { KafkaProperties } from './properties.ts';

/** Makes a way to the brokers that the properties speak of. `slots`: where large answers with records go; without, into
 *  ordinary memory. */
export type Reach = (world: World, properties: KafkaProperties, slots?: FetchSlots) => Transport;

export const overSockets: Reach = (world, properties, slots) => {
  const { clientId, security, connectTimeoutMs, requestTimeoutMs } = properties;
  return new SocketTransport(world, { clientId, connectTimeoutMs, requestTimeoutMs, ...security, slots });
};
/** To brokers of this process. */
export const overCalls =
  (dial: Dial): Reach =>
  (_, { clientId }) =>
    new InProcessTransport(dial, clientId);
