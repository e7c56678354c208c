/* An embedded Kafka and an embedded registry, and tables over both. */

import { afterAll, beforeAll } from 'vitest';
import { Broker } from '#broker';
import { realWorld } from '#host';
import { Registry, RegistryClient, writeSchemaId } from '#registry';

/** For the tests of one file. */
export class Services {
  broker!: Broker;
  registry!: Registry;
  client!: RegistryClient;
  #topics = 0;

  constructor() {
    beforeAll(async () => {
      this.broker = await Broker.start({ world: realWorld() });
      this.registry = await Registry.start({ world: realWorld(), compatibilityLevel: 'NONE' });
      this.client = new RegistryClient({ world: realWorld(), url: this.registry.url });
    });
    afterAll(async () => {
      this.client?.close();
      await this.registry?.stop();
      await this.broker?.stop();
    });
  }
  freshTopic(partitions = 1): string {
    const topic = `t${this.#topics++}`;
    this.broker.topics.create(topic, { partitions });
    return topic;
  }
  /** Options of a bounded table of a topic. */
  options(
    topic: string,
    format: string,
    more: Readonly<Record<string, string>> = {},
  ): Record<string, string> {
    return {
      connector: 'kafka',
      topic,
      'properties.bootstrap.servers': this.broker.bootstrapServers,
      format,
      [`${format}.url`]: this.registry.url,
      'scan.startup.mode': 'earliest-offset',
      'scan.bounded.mode': 'latest-offset',
      ...more,
    };
  }
}

/** A message behind the id of its schema. */
export const message = (id: number, ...bytes: number[]): { value: Buffer } => ({
  value: Buffer.concat([writeSchemaId(id), Uint8Array.from(bytes)]),
});
