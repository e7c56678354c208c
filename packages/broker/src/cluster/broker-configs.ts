/* The broker's own configs: Kafka's names in server.properties, their defaults, and whether they change while it runs. What
 * is enforced and what DescribeConfigs tells both come from here. */

import { didYouMean, UserError } from '#base';
import { configProblem } from './config-problem.ts';
import { topicConfigs, type ConfigSpec, type ConfigType } from './topic-configs.ts';

export interface BrokerConfigSpec extends ConfigSpec {
  readonly dynamic: boolean;
}
const spec = <N extends string>(
  name: N,
  type: ConfigType,
  value: string,
  more: Partial<Pick<BrokerConfigSpec, 'dynamic' | 'min' | 'values' | 'anyCase'>> = {},
): BrokerConfigSpec & { readonly name: N } => ({ dynamic: false, ...more, name, type, default: value });

const ownConfigs = [
  spec('allow.everyone.if.no.acl.found', 'boolean', 'false'),
  spec('authorizer.class.name', 'string', ''),
  spec('auto.create.topics.enable', 'boolean', 'true'),
  spec('connection.failed.authentication.delay.ms', 'int', '100', { min: 0 }),
  spec('connections.max.idle.ms', 'long', '600000'),
  spec('connections.max.reauth.ms', 'long', '0'),
  spec('delete.topic.enable', 'boolean', 'true'),
  spec('fetch.max.bytes', 'int', '57671680', { min: 1024 }),
  spec('group.consumer.assignors', 'list', 'uniform,range'),
  spec('group.consumer.heartbeat.interval.ms', 'int', '5000', { min: 1 }),
  spec('group.consumer.max.size', 'int', '2147483647', { min: 1 }),
  spec('group.consumer.migration.policy', 'string', 'bidirectional', {
    values: ['DISABLED', 'DOWNGRADE', 'UPGRADE', 'BIDIRECTIONAL'],
    anyCase: true,
  }),
  spec('group.consumer.session.timeout.ms', 'int', '45000', { min: 1 }),
  spec('group.initial.rebalance.delay.ms', 'int', '3000'),
  spec('group.max.session.timeout.ms', 'int', '1800000'),
  spec('group.max.size', 'int', '2147483647', { min: 1 }),
  spec('group.min.session.timeout.ms', 'int', '6000'),
  spec('log.cleaner.backoff.ms', 'long', '15000', { min: 0, dynamic: true }),
  spec('log.cleaner.enable', 'boolean', 'true'),
  spec('log.retention.check.interval.ms', 'long', '300000', { min: 1 }),
  // Kafka has no bound here.
  spec('max.connections', 'int', '10000', { min: 0, dynamic: true }),
  spec('max.connections.per.ip', 'int', '2147483647', { min: 0, dynamic: true }),
  spec('max.incremental.fetch.session.cache.slots', 'int', '1000', { min: 0 }),
  spec('max.request.partition.size.limit', 'int', '2000', { min: 1 }),
  spec('num.partitions', 'int', '1', { min: 1 }),
  spec('offset.metadata.max.bytes', 'int', '4096'),
  spec('offsets.retention.check.interval.ms', 'long', '600000', { min: 1 }),
  spec('offsets.retention.minutes', 'int', '10080', { min: 1 }),
  spec('offsets.topic.num.partitions', 'int', '50', { min: 1 }),
  spec('producer.id.expiration.ms', 'int', '86400000', { min: 1, dynamic: true }),
  // Kafka has -1, no bound, which may be asked for.
  spec('queued.max.request.bytes', 'long', '268435456'),
  spec('sasl.server.max.receive.size', 'int', '524288'),
  spec('socket.request.max.bytes', 'int', '104857600', { min: 1 }),
  spec('super.users', 'string', ''),
  spec('transaction.max.timeout.ms', 'int', '900000', { min: 1 }),
  spec('transaction.remove.expired.transaction.cleanup.interval.ms', 'int', '3600000', { min: 1 }),
  spec('transactional.id.expiration.ms', 'int', '604800000', { min: 1 }),
];
/** A config that the broker goes by. */
export type BrokerConfigName = (typeof ownConfigs)[number]['name'];

/** Those that a topic's configs fall back to, and those of the broker alone. */
export const brokerConfigs: readonly BrokerConfigSpec[] = [
  ...topicConfigs
    .filter((s) => s.synonym !== undefined)
    .map((s): BrokerConfigSpec => ({ ...s, name: s.synonym!, dynamic: true })),
  ...ownConfigs,
];
const byName = new Map(brokerConfigs.map((s) => [s.name, s]));
export const brokerConfig = (name: string): BrokerConfigSpec | undefined => byName.get(name);

/** What was set for the broker, or the default. */
export type BrokerValues = ReadonlyMap<string, string>;
export const brokerText = (values: BrokerValues, name: BrokerConfigName): string =>
  (values.get(name) ?? byName.get(name)!.default).trim();
export const brokerNumber = (values: BrokerValues, name: BrokerConfigName): number =>
  Number(brokerText(values, name));
export const brokerFlag = (values: BrokerValues, name: BrokerConfigName): boolean =>
  brokerText(values, name).toLowerCase() === 'true';
/** Of a listener and what clients log in by there: `listener.name.NAME.MECHANISM.…`, then without the mechanism, then the
 *  broker's. */
export function loginNumber(
  values: BrokerValues,
  listener: string,
  mechanism: string,
  name: LoginConfigName,
): number {
  const prefix = `listener.name.${listener}.`.toLowerCase();
  const own = values.get(`${prefix}${mechanism.toLowerCase()}.${name}`) ?? values.get(`${prefix}${name}`);
  return own === undefined ? brokerNumber(values, name) : Number(own.trim());
}

/** Configs that a listener, and a mechanism there, may have of its own. */
const loginConfigs = ['connections.max.reauth.ms'] as const satisfies readonly BrokerConfigName[];
type LoginConfigName = (typeof loginConfigs)[number];
function knownConfig(name: string): ConfigSpec | undefined {
  const ofListener = /^listener\.name\.[^.]+\.(?:[^.]+\.)?(connections\..*)$/.exec(name)?.[1];
  const login = loginConfigs.find((n) => n === ofListener);
  return login === undefined ? byName.get(name) : { ...byName.get(login)!, name };
}

/** Looks at settings that a broker is started with. Gives a line for each name that has no effect, as Kafka warns of those
 *  it does not know. Throws UserError for a value that makes no sense, as Kafka refuses to start. */
export function checkConfigs(configs: BrokerValues): string[] {
  const warnings: string[] = [];
  for (const [name, value] of configs) {
    const known = knownConfig(name);
    const problem = known && configProblem(known, value);
    if (problem !== undefined) throw new UserError('BRK1010', { message: problem });
    if (known === undefined) warnings.push(`the config ${name} has no effect here${suggested(name)}`);
  }
  return warnings;
}
/** What options of Broker.start say, not configs. */
const saidByOption: Readonly<Record<string, string>> = {
  'advertised.listeners': 'listeners',
  listeners: 'listeners',
  'log.dir': 'dir',
  'log.dirs': 'dir',
};
function suggested(name: string): string {
  const option = saidByOption[name];
  if (option !== undefined) return `; it is said by the option ${option} of the broker`;
  const hint = didYouMean(name, byName.keys());
  return hint === undefined ? '' : `; ${hint[0]!.toLowerCase()}${hint.slice(1)}`;
}
