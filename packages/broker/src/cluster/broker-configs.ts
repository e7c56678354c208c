/* The broker's own configs: Kafka's names in server.properties, their defaults, and whether they change while it runs. */

import { didYouMean } from '#base';
import { configProblem } from './config-problem.ts';
import { topicConfigs, type ConfigSpec, type ConfigType } from './topic-configs.ts';

export interface BrokerConfigSpec extends ConfigSpec {
  readonly dynamic: boolean;
}
const spec = (name: string, type: ConfigType, value: string, dynamic = false): BrokerConfigSpec => ({
  name,
  type,
  default: value,
  dynamic,
});

/** Those that a topic's configs fall back to, and those of the broker alone. */
export const brokerConfigs: readonly BrokerConfigSpec[] = [
  ...topicConfigs
    .filter((s) => s.synonym !== undefined)
    .map((s): BrokerConfigSpec => ({ ...s, name: s.synonym!, dynamic: true })),
  spec('advertised.listeners', 'string', ''),
  spec('allow.everyone.if.no.acl.found', 'boolean', 'false'),
  spec('authorizer.class.name', 'string', ''),
  spec('auto.create.topics.enable', 'boolean', 'true'),
  spec('connections.max.idle.ms', 'long', '600000'),
  spec('delete.topic.enable', 'boolean', 'true'),
  spec('fetch.max.bytes', 'int', '57671680'),
  spec('group.consumer.assignors', 'list', 'uniform,range'),
  spec('group.consumer.heartbeat.interval.ms', 'int', '5000'),
  spec('group.consumer.max.size', 'int', '2147483647'),
  spec('group.consumer.migration.policy', 'string', 'bidirectional'),
  spec('group.consumer.session.timeout.ms', 'int', '45000'),
  spec('group.initial.rebalance.delay.ms', 'int', '3000'),
  spec('group.max.session.timeout.ms', 'int', '1800000'),
  spec('group.max.size', 'int', '2147483647'),
  spec('group.min.session.timeout.ms', 'int', '6000'),
  spec('listeners', 'list', 'PLAINTEXT://:9092'),
  spec('log.cleaner.enable', 'boolean', 'true'),
  spec('log.cleaner.backoff.ms', 'long', '15000', true),
  spec('log.dirs', 'string', ''),
  spec('log.retention.check.interval.ms', 'long', '300000'),
  // Kafka has no bound here.
  spec('max.connections', 'int', '10000', true),
  spec('max.connections.per.ip', 'int', '2147483647', true),
  spec('max.incremental.fetch.session.cache.slots', 'int', '1000'),
  spec('node.id', 'int', '1'),
  spec('num.partitions', 'int', '1'),
  spec('offset.metadata.max.bytes', 'int', '4096'),
  spec('offsets.retention.check.interval.ms', 'long', '600000'),
  spec('offsets.retention.minutes', 'int', '10080'),
  spec('offsets.topic.num.partitions', 'int', '50'),
  spec('producer.id.expiration.ms', 'int', '86400000', true),
  // Kafka has -1, no bound, which may be asked for.
  spec('queued.max.request.bytes', 'long', '268435456'),
  spec('sasl.server.max.receive.size', 'int', '524288'),
  spec('socket.request.max.bytes', 'int', '104857600'),
  spec('super.users', 'string', ''),
  spec('transaction.max.timeout.ms', 'int', '900000'),
  spec('transaction.remove.expired.transaction.cleanup.interval.ms', 'int', '3600000'),
  spec('transactional.id.expiration.ms', 'int', '604800000'),
];
const byName = new Map(brokerConfigs.map((s) => [s.name, s]));
export const brokerConfig = (name: string): BrokerConfigSpec | undefined => byName.get(name);

/** What is wrong with settings that a broker is started with, a line each: names that have no effect, values that make
 *  no sense. Kafka warns of the former and refuses the latter. */
export function configWarnings(configs: ReadonlyMap<string, string>): string[] {
  return [...configs].flatMap(([name, value]) => {
    const spec = byName.get(name);
    if (spec !== undefined) return configProblem(spec, value) ?? [];
    return `the config ${name} has no effect here${suggested(name)}`;
  });
}
function suggested(name: string): string {
  const hint = didYouMean(name, byName.keys());
  return hint === undefined ? '' : `; ${hint[0]!.toLowerCase()}${hint.slice(1)}`;
}
