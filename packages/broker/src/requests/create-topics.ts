/* CreateTopics (19). */

import { errorCodes, type CreateTopicsRequest, type ErrorName, type Messages, type Sparse } from '#kafka';
import { assignmentProblem } from '../cluster/assignments.ts';
import { brokerNumber } from '../cluster/broker-configs.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { configProblem } from '../cluster/config-problem.ts';
import { topicEntries } from '../cluster/configs.ts';
import { topicConfig } from '../cluster/topic-configs.ts';
import { clusterName } from '../security/acls.ts';
import { topicNameProblem } from '../cluster/topics.ts';
import type { Handler } from './handler.ts';

type Wanted = CreateTopicsRequest['topics'][number];
type Answer = Sparse<Messages['CreateTopics']['response']['topics'][number]>;

export const createTopics: Handler<'CreateTopics'> = (request, context) => {
  const { cluster, may } = context;
  const byName = Map.groupBy(request.topics, (t) => t.name);
  if (request.topics.reduce((n, t) => n + partitionsOf(t, cluster), 0) > partitionsMax)
    return { topics: request.topics.map((t) => failed(t.name, 'POLICY_VIOLATION', tooManyPartitions)) };
  return {
    topics: [...byName].map(([name, all]) => {
      if (!may('create', 'cluster', clusterName) && !may('create', 'topic', name))
        return failed(name, 'TOPIC_AUTHORIZATION_FAILED', 'Authorization failed.');
      if (all.length > 1) return failed(name, 'INVALID_REQUEST', 'Duplicate topic name.');
      const made = create(all[0]!, request.validateOnly, cluster);
      return made.errorCode === 0 && !may('describeConfigs', 'topic', name) ? undescribed(made) : made;
    }),
  };
};

/** How many partitions one request may make. */
export const partitionsMax = 10_000;
export const tooManyPartitions = 'Excessively large number of partitions per request.';

function partitionsOf({ assignments, numPartitions }: Wanted, cluster: Cluster): number {
  if (assignments.length > 0) return assignments.length;
  return numPartitions === -1 ? brokerNumber(cluster.configs, 'num.partitions') : Math.max(0, numPartitions);
}

const failed = (name: string, error: ErrorName, errorMessage: string): Answer => ({
  name,
  errorCode: errorCodes[error],
  errorMessage,
  numPartitions: -1,
  replicationFactor: -1,
});

/** For who may make a topic and not see its configs. */
const undescribed = (made: Answer): Answer => ({
  ...made,
  topicConfigErrorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED,
  numPartitions: -1,
  replicationFactor: -1,
  configs: [],
});

function create(wanted: Wanted, validateOnly: boolean, cluster: Cluster): Answer {
  const { name } = wanted;
  const badName = topicNameProblem(name);
  if (badName !== undefined) return failed(name, 'INVALID_TOPIC_EXCEPTION', badName);
  if (cluster.topics.get(name) !== undefined)
    return failed(name, 'TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`);
  const like = cluster.topics.collision(name);
  if (like !== undefined)
    return failed(name, 'INVALID_TOPIC_EXCEPTION', `Topic '${name}' collides with existing topic: ${like}`);
  const assigned = wanted.assignments;
  if (assigned.length > 0 && (wanted.numPartitions !== -1 || wanted.replicationFactor !== -1))
    return failed(
      name,
      'INVALID_REQUEST',
      wanted.replicationFactor !== -1
        ? 'A manual partition assignment was specified, but replication factor was not set to -1.'
        : 'A manual partition assignment was specified, but numPartitions was not set to -1.',
    );
  const partitions = partitionsOf(wanted, cluster);
  if (partitions === 0)
    return failed(
      name,
      'INVALID_PARTITIONS',
      'Number of partitions was set to an invalid non-positive value.',
    );
  if (wanted.replicationFactor !== -1 && wanted.replicationFactor !== 1)
    return failed(
      name,
      'INVALID_REPLICATION_FACTOR',
      wanted.replicationFactor <= 0
        ? 'Replication factor must be larger than 0, or -1 to use the default value.'
        : `Unable to replicate the partition ${wanted.replicationFactor} time(s): The target replication factor of ${wanted.replicationFactor} cannot be reached because only 1 broker(s) are registered.`,
    );
  const misplaced = assignmentProblem(assigned, cluster.nodeId);
  if (misplaced !== undefined) return failed(name, 'INVALID_REPLICA_ASSIGNMENT', misplaced);
  if (assigned.some(({ partitionIndex: i }) => i < 0 || i >= assigned.length))
    return failed(
      name,
      'INVALID_REPLICA_ASSIGNMENT',
      'partitions should be a consecutive 0-based integer sequence',
    );
  const configs = new Map<string, string>();
  for (const { name: key, value } of wanted.configs) {
    const spec = topicConfig(key);
    if (spec === undefined) return failed(name, 'INVALID_CONFIG', `Unknown topic config name: ${key}`);
    if (value === null)
      return failed(name, 'INVALID_CONFIG', `Null value not supported for topic configs: ${key}`);
    const problem = configProblem(spec, value);
    if (problem !== undefined) return failed(name, 'INVALID_CONFIG', problem);
    configs.set(key, value);
  }
  const made = validateOnly ? undefined : cluster.topics.create(name, partitions, configs);
  return {
    name,
    ...(made === undefined ? {} : { topicId: made.id }),
    errorCode: 0,
    errorMessage: null,
    numPartitions: partitions,
    replicationFactor: 1,
    configs: topicEntries(configs, cluster).map(({ spec: { name: key }, value, readOnly, source }) => ({
      name: key,
      value,
      readOnly,
      configSource: source,
      isSensitive: false,
    })),
  };
}
