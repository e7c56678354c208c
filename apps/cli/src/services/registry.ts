/* The schema registry as a service. Its schemas lie in its folder, or in a topic of the Kafka that a config names: the
 * configs are those of Confluent's schema-registry.properties. */

import { didYouMean, ExternalError, UserError } from '#base';
import { TopicLog } from '#connectors';
import { realWorld } from '#host';
import { Registry, type RegistryOptions } from '#registry';
import { isLevel } from '#schemas';
import { warn } from '../terminal.ts';
import { ProcessService } from './process-service.ts';

const prefix = 'kafkastore.';
/** What they are, and what else begins with `kafkastore.` is a setting of Kafka's client. */
const known = [
  'kafkastore.bootstrap.servers',
  'kafkastore.topic',
  'kafkastore.topic.replication.factor',
  'schema.compatibility.level',
];
type Config = Readonly<Record<string, string>>;

function checkConfig(config: Config): readonly string[] {
  for (const key of Object.keys(config))
    if (!known.includes(key) && !key.startsWith(prefix))
      throw new UserError('CLI1004', {
        message: `the registry has no config ${key}`,
        hint: didYouMean(key, known),
      });
  const level = config['schema.compatibility.level'];
  if (level !== undefined && !isLevel(level.toUpperCase()))
    throw new UserError('CLI1004', {
      message: `schema.compatibility.level: found '${level}', expected BACKWARD, FORWARD, FULL, NONE or a transitive one`,
    });
  const replicas = config['kafkastore.topic.replication.factor'];
  if (replicas !== undefined && !/^\d+$/.test(replicas))
    throw new UserError('CLI1004', {
      message: `kafkastore.topic.replication.factor: found '${replicas}', expected a number`,
    });
  const asks = Object.keys(config).some((key) => key.startsWith(prefix));
  if (asks && config['kafkastore.bootstrap.servers'] === undefined)
    throw new UserError('CLI1004', {
      message: 'which Kafka? The config kafkastore.bootstrap.servers is missing',
      hint: '--config kafkastore.bootstrap.servers=HOST:PORT; millrace services list shows where the service kafka is.',
    });
  return [];
}
function storage(config: Config, dir: string): Pick<RegistryOptions, 'dir' | 'topic'> {
  const bootstrap = config['kafkastore.bootstrap.servers'];
  if (bootstrap === undefined) return { dir };
  const client = Object.entries(config).filter(
    ([key]) => key.startsWith(prefix) && !key.startsWith(`${prefix}topic`),
  );
  const properties = new Map(client.map(([key, value]) => [key.slice(prefix.length), value]));
  const topic = new TopicLog({
    world: realWorld(),
    topic: config['kafkastore.topic'] ?? '_schemas',
    replicas: Number(config['kafkastore.topic.replication.factor'] ?? -1),
    properties,
    warn,
  });
  return { topic };
}

export const registry = new ProcessService({
  name: 'registry',
  // A pattern in a schema that would take for ever is given up for a slower way that does not.
  nodeFlags: ['--enable-experimental-regexp-engine-on-excessive-backtracks'],
  checkConfig,
  status: ({ address, data }) => ({
    url: `http://${address}`,
    note: `data in ${data}; clients take it as schema.registry.url`,
    connect: `millrace schema list --url http://${address}`,
    details: { data },
  }),
  async start({ port, dir, config, log }) {
    checkConfig(config);
    const level = config['schema.compatibility.level']?.toUpperCase();
    const started = await Registry.start({
      world: realWorld(),
      port,
      log,
      ...storage(config, dir),
      ...(isLevel(level) ? { compatibilityLevel: level } : {}),
    });
    return { address: new URL(started.url).host, stop: () => started.stop() };
  },
  isPortTaken: (error) => error instanceof ExternalError && error.code === 'REG2001',
});
