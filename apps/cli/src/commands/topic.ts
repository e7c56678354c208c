/* millrace topic: topics, records and groups of any Kafka. */

import { nearest, UserError } from '#base';
import { KafkaAdmin, type TopicDescription } from '#connectors';
import { configPairs } from '../services/process-service.ts';
import { dim, out, warn } from '../terminal.ts';
import { clientProperties } from '../topic/address.ts';
import { counted, number, type TopicFlags } from '../topic/flags.ts';
import { groups, lag, resetOffsets } from '../topic/groups.ts';
import { produce } from '../topic/produce.ts';
import { tail } from '../topic/tail.ts';

const actions: Readonly<Record<string, (name: string | undefined, flags: TopicFlags) => Promise<number>>> = {
  list: (_, flags) => withAdmin(flags, (admin) => list(admin, flags)),
  create: (name, flags) => withAdmin(flags, (admin) => create(admin, named(name), flags)),
  describe: (name, flags) => withAdmin(flags, (admin) => describe(admin, named(name), flags)),
  alter: (name, flags) => withAdmin(flags, (admin) => alter(admin, named(name), flags)),
  delete: (name, flags) => withAdmin(flags, (admin) => remove(admin, named(name), flags)),
  tail: (name, flags) => tail(named(name), flags),
  produce: (name, flags) => produce(named(name), flags),
  groups: (_, flags) => withAdmin(flags, (admin) => groups(admin, flags)),
  lag: (name, flags) => withAdmin(flags, (admin) => lag(admin, named(name, 'group'), flags)),
  'reset-offsets': (name, flags) =>
    withAdmin(flags, (admin) => resetOffsets(admin, named(name, 'group'), flags)),
};

export async function topicCommand(
  action: string,
  name: string | undefined,
  flags: TopicFlags,
): Promise<number> {
  const run = actions[action];
  const meant = nearest(action, Object.keys(actions));
  if (run === undefined)
    throw new UserError('CLI1001', {
      message: `topic ${action}: expected ${Object.keys(actions).join(', ')}`,
      hint: meant === undefined ? undefined : `Did you mean ${meant}?`,
    });
  return run(name, flags);
}
function named(name: string | undefined, what = 'topic'): string {
  if (name === undefined) throw new UserError('CLI1001', { message: `which ${what}? Its name is missing` });
  return name;
}
async function withAdmin(flags: TopicFlags, use: (admin: KafkaAdmin) => Promise<void>): Promise<number> {
  const admin = await KafkaAdmin.open(await clientProperties(flags), warn);
  try {
    await use(admin);
    return 0;
  } finally {
    await admin.close();
  }
}
async function list(admin: KafkaAdmin, flags: TopicFlags): Promise<void> {
  for (const name of await admin.list(flags.internal === true))
    out(flags.json ? JSON.stringify({ topic: name }) : name);
}
/** Kafka's number for it. */
const brokerDefault = -1;

async function create(admin: KafkaAdmin, name: string, flags: TopicFlags): Promise<void> {
  const wanted = number('partitions', flags.partitions, brokerDefault);
  const replicas = number('replication-factor', flags.replicationFactor, brokerDefault);
  const partitions = await admin.create(name, wanted, replicas, configPairs(flags.config));
  out(flags.json ? JSON.stringify({ topic: name, status: 'created', partitions }) : `created ${name}`);
}
async function describe(admin: KafkaAdmin, name: string, flags: TopicFlags): Promise<void> {
  const topic = await admin.describe(name);
  out(
    flags.json
      ? JSON.stringify(topic, (_, v: unknown) => (typeof v === 'bigint' ? Number(v) : v))
      : described(topic),
  );
}
function described({ topic, id, partitions, configs }: TopicDescription): string {
  const offsets = partitions.reduce((n, p) => n + (p.end - p.start), 0n);
  const about = `id ${id}, ${counted(partitions.length, 'partition')}, ${counted(offsets, 'offset')}`;
  return [
    `${topic}  ${dim(about)}`,
    ...Object.entries(configs).map(([key, value]) => `  ${key} = ${value}`),
    ...partitions.map(
      (p) => `  partition ${p.partition}: leader ${p.leader}, offsets ${p.start} to ${p.end}`,
    ),
  ].join('\n');
}
async function alter(admin: KafkaAdmin, name: string, flags: TopicFlags): Promise<void> {
  if (flags.partitions !== undefined) await admin.grow(name, number('partitions', flags.partitions, 1));
  const dropped = Object.fromEntries(flags.deleteConfig.map((key) => [key, undefined]));
  await admin.configure(name, { ...configPairs(flags.config), ...dropped });
  out(flags.json ? JSON.stringify({ topic: name, status: 'altered' }) : `altered ${name}`);
}
async function remove(admin: KafkaAdmin, name: string, flags: TopicFlags): Promise<void> {
  await admin.delete(name);
  out(flags.json ? JSON.stringify({ topic: name, status: 'deleted' }) : `deleted ${name}`);
}
