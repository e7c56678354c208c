/* Runs once around all test files: a small server that starts one real Kafka when the first test asks for
 * it, tells every test its address, and ends it when the run ends. A run that asks for none starts none. */

import { createServer } from 'node:net';
import { kafkaMissing, RealKafka } from './kafka.ts';

/** What a test gets to hear, as one line of JSON. */
export type KafkaAnswer = KafkaAddresses | { readonly missing: string };
export interface KafkaAddresses {
  readonly bootstrapServers: string;
  readonly saslServers: string;
  readonly tlsServers: string;
  readonly certificateFile: string;
}

function addresses({
  bootstrapServers,
  saslServers,
  tlsServers,
  certificateFile,
}: RealKafka): KafkaAddresses {
  return { bootstrapServers, saslServers, tlsServers, certificateFile };
}

/** Where the tests find the server. */
export const kafkaPortVariable = 'MILLRACE_TEST_KAFKA_PORT';

async function start(): Promise<RealKafka | string> {
  const missing = await kafkaMissing();
  return missing ?? (await RealKafka.start());
}

export default async function setup(): Promise<() => Promise<void>> {
  let started: Promise<RealKafka | string> | undefined;
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    started ??= start().catch((error: unknown) => String(error));
    void started.then((kafka) => {
      const answer: KafkaAnswer = typeof kafka === 'string' ? { missing: kafka } : addresses(kafka);
      socket.end(`${JSON.stringify(answer)}\n`);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port for the test server');
  process.env[kafkaPortVariable] = String(address.port);
  return async () => {
    server.close();
    const kafka = await started;
    if (kafka !== undefined && typeof kafka !== 'string') await kafka.close();
  };
}
