/* A real Kafka and ours side by side, for the tests that ask both the same. */

import { realWorld } from '#host';
import { realKafka } from '../../../tools/test-kafka.ts';
import { Broker } from '../src/broker.ts';
import { WireClient } from './wire-client.ts';

export interface BothBrokers {
  /** Why there is no Kafka, or undefined. */
  readonly missing: string | undefined;
  /** A new connection to each. Ours is started by the first call. */
  connect(): Promise<readonly [real: WireClient, ours: WireClient]>;
  /** Closes every connection and stops ours; the Kafka is shared by the whole run. */
  close(): Promise<void>;
}

export async function bothBrokers(config: Readonly<Record<string, string>>): Promise<BothBrokers> {
  const kafka = await realKafka();
  const clients: WireClient[] = [];
  let ours: Broker | undefined;
  return {
    missing: 'missing' in kafka ? kafka.missing : undefined,
    async connect() {
      if ('missing' in kafka) throw new Error(kafka.missing);
      ours ??= await Broker.start({ world: realWorld(), config });
      const real = await WireClient.connect(kafka.bootstrapServers);
      const own = await WireClient.connect(ours.bootstrapServers);
      clients.push(real, own);
      return [real, own];
    },
    async close() {
      for (const client of clients) client.close();
      await ours?.stop();
    },
  };
}
