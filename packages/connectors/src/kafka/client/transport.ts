/* The one door to the network: requests in, answers out. Behind it stand sockets in production and a broker in the same
 * process in simulation. */

import type { KafkaRequest } from '../requests/request.ts';

/** A connection to one broker. */
export interface BrokerLink {
  /** Sends a request and resolves with what its response says. Rejects with ExternalError when the connection fails, which
   *  closes the link. Requests are answered in the order in which they were sent. */
  request<T>(request: KafkaRequest<T>): Promise<T>;
  /** Takes new requests. */
  readonly open: boolean;
  /** Resolves when nothing is read or written any more. */
  close(): Promise<void>;
}

export interface Transport {
  /** Connects and authenticates. Rejects with ExternalError, or with UserError when the broker refuses the user. */
  connect(host: string, port: number): Promise<BrokerLink>;
}
