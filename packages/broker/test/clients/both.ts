/* A real Kafka 4.1 and our broker with the same settings, for clients that are to see no difference.
 *
 *   both.kafka    tools/kafka.ts
 *   both.ours     the broker under test, in this process
 *
 * Both have an open listener and one with a login, an authorizer under which the open listener's clients are super users,
 * and a fast coordinator. */

import { Admin, FindCoordinatorKeyTypes } from '@platformatic/kafka';
import { realWorld } from '#host';
import { Broker } from '#broker';
import { quickJvm, RealKafka } from '../../../../tools/kafka.ts';

/** Where a client finds a broker. */
export interface Servers {
  readonly plain: string;
  /** SCRAM. */
  readonly sasl: string;
}
export interface Both {
  readonly kafka: Servers;
  readonly ours: Servers;
  readonly close: () => Promise<void>;
}

const settings = {
  'auto.create.topics.enable': 'true',
  'num.partitions': '1',
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.num.partitions': '1',
  'transaction.max.timeout.ms': '3600000',
  'group.initial.rebalance.delay.ms': '0',
  'group.consumer.heartbeat.interval.ms': '100',
  'group.consumer.min.heartbeat.interval.ms': '100',
  'log.retention.ms': '-1',
  'log.cleaner.backoff.ms': '500',
  'message.max.bytes': '33554432',
  'super.users': 'User:ANONYMOUS',
  'listener.name.sasl_plaintext.scram-sha-512.connections.max.reauth.ms': '3000',
} as const;
const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
const onlyKafka = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'listener.name.sasl_plaintext.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  'listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config': scram,
  'listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config': scram,
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '200',
} as const;

/** Kafka makes the topics of its coordinators when the first client asks for one; until then it says that there is none. */
async function coordinators(bootstrapServer: string): Promise<void> {
  const admin = new Admin({
    clientId: 'first',
    bootstrapBrokers: [bootstrapServer],
    retries: 100,
    retryDelay: 100,
  });
  for (const keyType of [FindCoordinatorKeyTypes.GROUP, FindCoordinatorKeyTypes.TRANSACTION])
    await admin.findCoordinator({ keyType, keys: ['first'] });
  await admin.close();
}

export async function startBoth(): Promise<Both> {
  const lines = Object.entries({ ...settings, ...onlyKafka }).map(([key, value]) => `${key}=${value}`);
  const kafka = await RealKafka.start(lines, quickJvm);
  await coordinators(kafka.bootstrapServers);
  const ours = await Broker.start({
    world: realWorld(),
    listeners: [{ protocol: 'PLAINTEXT' }, { protocol: 'SASL_PLAINTEXT' }],
    config: { ...settings, 'authorizer.class.name': onlyKafka['authorizer.class.name'] },
  });
  return {
    kafka: { plain: kafka.bootstrapServers, sasl: kafka.saslServers },
    ours: { plain: ours.bootstrapServers, sasl: ours.address('SASL_PLAINTEXT') },
    close: async () => {
      await ours.stop();
      await kafka.close();
    },
  };
}
