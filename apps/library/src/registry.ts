/// <reference types="node" preserve="true" />
/* millrace/registry: the embedded schema registry over the real clock and disk, for tests and tools.
 *
 *   import { Registry } from 'millrace/registry';
 *   const registry = await Registry.start();
 *   … registry.url …
 *   await registry.stop(); */

import './ambient-types.ts';
import './node-version.ts';
import { TopicLog } from '#connectors';
import { Registry as EmbeddedRegistry, type RegistryOptions as EmbeddedOptions } from '#registry';
import { realWorld } from '#host';

/** As `Registry.start` takes them. */
export type RegistryOptions = Omit<EmbeddedOptions, 'world' | 'topic'> & {
  /** Schemas are kept in a topic of this Kafka, in the form of Confluent's registry: settings of Kafka's Java client,
   *  'bootstrap.servers' among them. */
  readonly kafka?: Readonly<Record<string, string>>;
  /** The topic; '_schemas'. */
  readonly topic?: string;
};
export type Registry = EmbeddedRegistry;

export const Registry = {
  /** Starts a registry: in memory, in the folder `dir`, or in a topic of `kafka`; on any free port, or on `port`. Throws
   *  ExternalError when the port, the folder or the topic cannot be had. */
  start: ({ kafka, topic = '_schemas', ...options }: RegistryOptions = {}): Promise<EmbeddedRegistry> => {
    const world = realWorld();
    const { log = () => {} } = options;
    const kept =
      kafka === undefined
        ? {}
        : { topic: new TopicLog({ world, topic, properties: new Map(Object.entries(kafka)), warn: log }) };
    return EmbeddedRegistry.start({ world, ...options, ...kept });
  },
};
