/* Which way to a broker: sockets, or calls to a broker of this process. */

import type { World } from '#base';
import type { BatchSlots } from '#records';
import { InProcessTransport, type Dial } from './client/in-process-transport.ts';
import { SocketTransport } from './client/socket-transport.ts';
import type { Transport } from './client/transport.ts';
import type { KafkaProperties } from './properties.ts';

/** `dial`: brokers of this process. `slots`: where large answers with records go; without, into ordinary memory. */
export function transportFor(
  world: World,
  properties: KafkaProperties,
  dial: Dial | undefined,
  slots?: BatchSlots,
): Transport {
  const { clientId, security, connectTimeoutMs, requestTimeoutMs } = properties;
  if (dial !== undefined) return new InProcessTransport(dial, clientId);
  return new SocketTransport(world, { clientId, connectTimeoutMs, requestTimeoutMs, ...security, slots });
}
