/* The one door to the network: request bytes in, response bytes out. Behind it stands the Kafka client's
 * Connection in production and a broker in the same process in simulation. */

import type { KafkaRequest } from '../protocol/wire.ts';

/** A connection to one broker. */
export interface BrokerLink {
  /** Sends a request and resolves with what its response says. Rejects with ExternalError when the
   *  connection fails, which closes the link. Requests are answered in the order in which they were sent. */
  request<T>(request: KafkaRequest<T>): Promise<T>;
  readonly open: boolean;
  /** The bytes of a response that lie in `memory` are no longer read: another response may be put there. */
  recycle?(memory: ArrayBufferLike): void;
  close(): Promise<void>;
}

export interface Transport {
  /** Connects and authenticates. Rejects with ExternalError, or with UserError when the broker refuses the
   *  user. */
  connect(host: string, port: number): Promise<BrokerLink>;
}
