/* How a broker is started. */

import type { World } from '#base';
import type { Store } from './cluster/store.ts';
import type { ListenerOptions } from './server/listener-options.ts';

export interface BrokerOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Where clients connect; one PLAINTEXT listener on `port` by default. */
  readonly listeners?: readonly ListenerOptions[];
  /** Names and passwords, for SASL PLAIN and SCRAM. */
  readonly users?: Readonly<Record<string, string>>;
  /** Keeps everything in this folder, which no other broker has meanwhile. */
  readonly dir?: string;
  /** Starts in memory as another broker was: what its `snapshot` gave. */
  readonly snapshot?: Uint8Array;
  /** Without a folder: how much all records may take; 1 GiB by default. What comes when it is full is refused with
   *  KAFKA_STORAGE_ERROR, until retention, compaction or a request made room. */
  readonly memoryBytesMax?: number;
  /** Where everything is kept, in place of memory or `dir`. It is closed with the broker. */
  readonly store?: Store;
  /** false: no port is opened, and clients come by `connect()` alone. */
  readonly listen?: boolean;
  /** Kafka's server.properties, e.g. `{ 'num.partitions': '3' }`. */
  readonly config?: Readonly<Record<string, string>>;
  /** Ports that look like so many brokers to clients, for tests of what happens when a leader moves; 1 by default. */
  readonly nodes?: number;
  readonly world: World;
  /** Lines for the operator; none by default. */
  readonly log?: (line: string) => void;
}
