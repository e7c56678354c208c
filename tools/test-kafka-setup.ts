/* Runs once around all test files: a small server that starts a Kafka of the kind that is asked for when the first test
 * asks, tells every test its addresses, and ends it when the run ends. A run that asks for none starts none. */

import { createServer } from 'node:net';
import { EmbeddedKafka } from './embedded-kafka.ts';
import { kafkaMissing, quickJvm, RealKafka } from './kafka.ts';
import type { KafkaAddresses, KafkaServer } from './kafka/server.ts';

export type KafkaKind = 'real' | 'embedded';
/** What a test gets to hear, as one line of JSON; what it says is the kind. */
export type KafkaAnswer = KafkaAddresses | { readonly missing: string };

/** Where the tests find the server. */
export const kafkaPortVariable = 'MILLRACE_TEST_KAFKA_PORT';

async function startReal(): Promise<KafkaServer> {
  const missing = await kafkaMissing();
  if (missing !== undefined) throw new Error(missing);
  return RealKafka.start([], quickJvm);
}
const starts: Readonly<Record<KafkaKind, () => Promise<KafkaServer>>> = {
  real: startReal,
  embedded: () => EmbeddedKafka.start(),
};

function answer({ bootstrapServers, saslServers, tlsServers, certificateFile }: KafkaServer): KafkaAnswer {
  return { bootstrapServers, saslServers, tlsServers, certificateFile };
}

export default async function setup(): Promise<() => Promise<void>> {
  const started = new Map<KafkaKind, Promise<KafkaServer>>();
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (text) => {
      const kind = String(text).trim() as KafkaKind;
      const kafka = started.get(kind) ?? starts[kind]();
      started.set(kind, kafka);
      void kafka
        .then(answer, (error: unknown): KafkaAnswer => ({ missing: (error as Error).message }))
        .then((told) => socket.end(`${JSON.stringify(told)}\n`));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port for the test server');
  process.env[kafkaPortVariable] = String(address.port);
  return async () => {
    server.close();
    for (const kafka of started.values())
      await kafka.then(
        (k) => k.close(),
        () => {},
      );
  };
}
