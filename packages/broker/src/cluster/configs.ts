/* Configs of topics and of the broker as clients see and change them: values with where they come from. */

import { errorCodes, type ErrorName } from '#kafka';
import type { Cluster } from './cluster.ts';
import { brokerConfig, brokerConfigs } from './broker-configs.ts';
import { groupConfig, groupConfigSpecs } from './group-configs.ts';
import { journalKey } from './journal.ts';
import { configProblem } from './config-problem.ts';
import {
  internalSegmentBytes,
  topicConfig,
  topicConfigs,
  type ConfigSpec,
  type ConfigType,
} from './topic-configs.ts';
import type { Topic } from './topics.ts';

/** ConfigResource.Type. */
export const resourceTypes = { topic: 2, broker: 4, group: 32 } as const;
/** ConfigEntry.ConfigSource. */
export const sources = {
  topic: 1,
  dynamicBroker: 2,
  dynamicDefault: 3,
  staticBroker: 4,
  default: 5,
  group: 8,
} as const;
/** AlterConfigOp. */
export const operations = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

interface Synonym {
  readonly name: string;
  readonly value: string;
  readonly source: number;
}
export interface ConfigEntry {
  readonly spec: ConfigSpec;
  readonly value: string | null;
  readonly source: number;
  readonly synonyms: readonly Synonym[];
  readonly readOnly: boolean;
}
export interface ConfigChange {
  readonly name: string;
  readonly operation: number;
  readonly value: string | null;
}
export class ConfigError extends Error {
  readonly code: number;
  constructor(error: ErrorName, message: string) {
    super(message);
    this.code = errorCodes[error];
  }
}

/** Every config of a topic with these of its own, by name. */
export function topicEntries(own: ReadonlyMap<string, string>, cluster: Cluster): ConfigEntry[] {
  const internal = own.has(internalSegmentBytes.name) ? [internalSegmentBytes] : [];
  return [...internal, ...topicConfigs].map((spec) => {
    const { name, synonym } = spec;
    const set: Synonym[] = [
      ...(own.has(name) ? [{ name, value: own.get(name)!, source: sources.topic }] : []),
      ...brokerValues(synonym, cluster),
    ];
    const synonyms = synonym === undefined ? set : [...set, ...defaultOf(spec, synonym)];
    const [first] = set;
    const { value, source } = first ?? { value: spec.default, source: sources.default };
    return { spec, value, source, synonyms, readOnly: false };
  });
}
/** The default as the broker's configs tell it. */
function defaultOf({ fallback, default: value }: ConfigSpec, name: string): Synonym[] {
  if (fallback === null) return [];
  return [{ ...(fallback ?? { name, value }), source: sources.default }];
}
/** What was set for the broker under this name: dynamically, and in its properties beneath. */
function brokerValues(name: string | undefined, { configs, staticConfigs }: Cluster): Synonym[] {
  if (name === undefined || !configs.has(name)) return [];
  const value = configs.get(name)!;
  const given = staticConfigs.get(name);
  const beneath = given === undefined ? [] : [{ name, value: given, source: sources.staticBroker }];
  return given === value ? beneath : [{ name, value, source: sources.dynamicBroker }, ...beneath];
}
/** What follows from how the broker was started. */
function factEntries({ endpoints, nodeId, store }: Cluster): ConfigEntry[] {
  const told = endpoints.filter((e) => e.nodeId === nodeId);
  const addresses = told.map(({ listener, host, port }) => `${listener}://${host}:${port}`).join(',');
  const fact = (name: string, type: ConfigType, value: string): ConfigEntry => ({
    spec: { name, type, default: value },
    value,
    source: sources.staticBroker,
    synonyms: [{ name, value, source: sources.staticBroker }],
    readOnly: true,
  });
  return [
    fact('advertised.listeners', 'string', addresses),
    fact('listeners', 'string', addresses),
    fact('log.dirs', 'string', store.place),
    fact('node.id', 'int', String(nodeId)),
  ];
}
export function brokerEntries(cluster: Cluster): ConfigEntry[] {
  const entries = brokerConfigs.map((spec): ConfigEntry => {
    const set = brokerValues(spec.name, cluster);
    const value = spec.fallback === undefined ? spec.default : null;
    const first = set[0] ?? { value, source: sources.default };
    const synonyms = [...set, ...defaultOf(spec, spec.name)];
    return { spec, value: first.value, source: first.source, synonyms, readOnly: !spec.dynamic };
  });
  return [...entries, ...factEntries(cluster)];
}

/** Every config of a group, which need not be there. */
export function groupEntries(group: string, { groupConfigs }: Cluster): ConfigEntry[] {
  const own = groupConfigs.of(group);
  return groupConfigSpecs.map((spec) => {
    const set = own.get(spec.name);
    if (set === undefined)
      return { spec, value: brokerDefault(spec), source: sources.default, synonyms: [], readOnly: false };
    const synonyms = [{ name: spec.name, value: set, source: sources.group }];
    return { spec, value: set, source: sources.group, synonyms, readOnly: false };
  });
  function brokerDefault(spec: ConfigSpec): string {
    return String(
      spec.name === 'consumer.session.timeout.ms'
        ? groupConfigs.sessionMs(group)
        : groupConfigs.heartbeatMs(group),
    );
  }
}

/** What configs there are, and how a bad value of one is told. */
interface Known {
  readonly specOf: (name: string) => ConfigSpec | undefined;
  readonly current: (spec: ConfigSpec) => string;
  readonly badValue: ErrorName;
  /** Configs that are not known are kept for whoever knows them. */
  readonly keepsUnknown: boolean;
  /** Whose they are, for messages. */
  readonly what?: string;
}
/** The values after the changes. Throws ConfigError; changes nothing. */
function changed(
  now: ReadonlyMap<string, string>,
  changes: readonly ConfigChange[],
  { specOf, current, badValue, keepsUnknown, what = 'topic' }: Known,
): Map<string, string> {
  const next = new Map(now);
  for (const { name, operation, value } of changes) {
    const spec = specOf(name);
    if (operation === operations.delete) {
      next.delete(name);
      continue;
    }
    if (spec === undefined && !keepsUnknown)
      throw new ConfigError('INVALID_CONFIG', `Unknown ${what} config name: ${name}`);
    if (value === null) throw new ConfigError('INVALID_REQUEST', `Null value not supported for : ${name}`);
    const set =
      operation === operations.set || spec === undefined
        ? value
        : combined(spec, current(spec), operation, value);
    const problem = spec === undefined ? undefined : configProblem(spec, set);
    if (problem !== undefined) throw new ConfigError(badValue, problem);
    next.set(name, set);
  }
  return next;
}
function combined(spec: ConfigSpec, now: string, operation: number, value: string): string {
  if (spec.type !== 'list')
    throw new ConfigError(
      'INVALID_CONFIG',
      `Can't ${operation === operations.append ? 'APPEND' : 'SUBTRACT'} to key ${spec.name} because its type is not LIST.`,
    );
  const items = now.split(',').filter((i) => i !== '');
  const given = value.split(',').filter((i) => i !== '');
  return operation === operations.append
    ? [...items, ...given.filter((i) => !items.includes(i))].join(',')
    : items.filter((i) => !given.includes(i)).join(',');
}

/** Changes a topic's configs. Throws ConfigError; then nothing was changed. */
export function changeTopic(
  topic: Topic,
  changes: readonly ConfigChange[],
  validateOnly: boolean,
  cluster: Cluster,
): void {
  const settings = cluster.topics.settings(topic.configs);
  const next = changed(topic.configs, changes, {
    specOf: topicConfig,
    current: (spec) => settings.get(spec.name),
    badValue: 'INVALID_CONFIG',
    keepsUnknown: false,
  });
  if (!validateOnly) cluster.topics.configure(topic, next);
}
/** Changes configs of the broker; they count from then on, and after a restart. */
export function changeBroker(
  changes: readonly ConfigChange[],
  validateOnly: boolean,
  cluster: Cluster,
): void {
  for (const { name } of changes) {
    const spec = brokerConfig(name);
    if (spec !== undefined && !spec.dynamic)
      throw new ConfigError('INVALID_REQUEST', `Cannot update these configs dynamically: Set(${name})`);
  }
  const { configs, staticConfigs } = cluster;
  const next = changed(configs, changes, {
    specOf: brokerConfig,
    current: (spec) => configs.get(spec.name) ?? spec.default,
    badValue: 'INVALID_REQUEST',
    keepsUnknown: true,
  });
  if (validateOnly) return;
  configs.clear();
  for (const [name, value] of [...staticConfigs, ...next]) configs.set(name, value);
  for (const { name } of changes)
    cluster.store.journal.put(journalKey('broker-config', name), next.get(name));
  for (const topic of cluster.topics.all()) cluster.topics.configure(topic, topic.configs);
}

/** Changes configs of a group. Throws ConfigError; then nothing was changed. */
export function changeGroup(
  group: string,
  changes: readonly ConfigChange[],
  replaceAll: boolean,
  validateOnly: boolean,
  { groupConfigs }: Cluster,
): void {
  const now = replaceAll ? new Map<string, string>() : groupConfigs.of(group);
  const next = changed(now, changes, {
    specOf: groupConfig,
    current: (spec) => groupConfigs.of(group).get(spec.name) ?? spec.default,
    badValue: 'INVALID_CONFIG',
    keepsUnknown: false,
    what: 'group',
  });
  const session = Number(next.get('consumer.session.timeout.ms') ?? groupConfigs.sessionMs(''));
  const heartbeat = Number(next.get('consumer.heartbeat.interval.ms') ?? groupConfigs.heartbeatMs(''));
  if (session <= heartbeat)
    throw new ConfigError(
      'INVALID_CONFIG',
      'consumer.session.timeout.ms must be greater than consumer.heartbeat.interval.ms',
    );
  if (!validateOnly) groupConfigs.set(group, next);
}
