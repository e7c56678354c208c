/// <reference types="node" preserve="true" />
/* millrace/broker: the embedded Kafka over the real clock, for tests and tools.
 *
 *   import { Broker } from 'millrace/broker';
 *   const broker = await Broker.start();
 *   … broker.bootstrapServers …
 *   await broker.stop(); */

import './ambient-types.ts';
import './node-version.ts';
import { Broker as EmbeddedBroker, type BrokerOptions as EmbeddedOptions } from '#broker';
import { realWorld } from '#host';

export type {
  BrokerLink,
  Fault,
  PartitionLag,
  PartitionOffsets,
  ReadOptions,
  RecordToProduce,
  StoredRecord,
  TopicOptions,
} from '#broker';

/** As `Broker.start` takes them; `world` only where time is simulated. */
export type BrokerOptions = Omit<EmbeddedOptions, 'world'> & Partial<Pick<EmbeddedOptions, 'world'>>;
export type Broker = EmbeddedBroker;

export const Broker = {
  /** Starts a broker: in memory, or in the folder `dir`; on any free port, or on `port`. Throws ExternalError when the
   *  port or the folder cannot be had. */
  start: (options: BrokerOptions = {}): Promise<EmbeddedBroker> =>
    EmbeddedBroker.start({ world: realWorld(), ...options }),
};
