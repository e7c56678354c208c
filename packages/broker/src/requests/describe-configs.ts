/* DescribeConfigs (32): of topics and of the broker, each value with where it comes from. */

import { errorCodes, type ErrorName, type Messages, type Sparse } from '#kafka';
import type { Cluster } from '../cluster/cluster.ts';
import {
  brokerEntries,
  groupEntries,
  resourceTypes,
  sources,
  topicEntries,
  type ConfigEntry,
} from '../cluster/configs.ts';
import { clusterName } from '../security/acls.ts';
import { topicNameProblem } from '../cluster/topics.ts';
import { distinct } from './distinct.ts';
import type { Handler } from './handler.ts';

type Answer = Messages['DescribeConfigs']['response']['results'][number];
/** ConfigType of the protocol. */
const types = { boolean: 1, string: 2, int: 3, long: 5, double: 6, list: 7 } as const;

type Resource = Messages['DescribeConfigs']['request']['resources'][number];
const keyOf = (r: Resource): string => `${r.resourceType}/${r.resourceName}`;

export const describeConfigs: Handler<'DescribeConfigs'> = (request, { cluster, may }) => ({
  results: distinct(request.resources, keyOf).map((resource): Sparse<Answer> => {
    const { resourceType, resourceName, configurationKeys } = resource;
    const told = { resourceType, resourceName };
    const isTopic = resourceType === resourceTypes.topic;
    if (isTopic && !may('describeConfigs', 'topic', resourceName))
      return { ...told, ...failure('TOPIC_AUTHORIZATION_FAILED', 'Topic authorization failed.') };
    const isGroup = resourceType === resourceTypes.group;
    if (isGroup && !may('describeConfigs', 'group', resourceName))
      return { ...told, ...failure('GROUP_AUTHORIZATION_FAILED', 'Group authorization failed.') };
    if (!isTopic && !isGroup && !may('describeConfigs', 'cluster', clusterName))
      return { ...told, ...failure('CLUSTER_AUTHORIZATION_FAILED', 'Cluster authorization failed.') };
    const found = entriesOf(resourceType, resourceName, cluster);
    if (!Array.isArray(found)) return { ...told, ...found };
    const wanted = (e: ConfigEntry): boolean =>
      configurationKeys === null || configurationKeys.includes(e.spec.name);
    return {
      ...told,
      errorCode: 0,
      errorMessage: '',
      configs: found.filter(wanted).map((e) => ({
        name: e.spec.name,
        value: e.value,
        readOnly: e.readOnly,
        configSource: e.source,
        isSensitive: false,
        synonyms: request.includeSynonyms ? e.synonyms : [],
        configType: types[e.spec.type],
        documentation: null,
      })),
    };
  }),
});

interface Failure {
  readonly errorCode: number;
  readonly errorMessage: string;
}
const failure = (error: ErrorName, errorMessage: string): Failure => ({
  errorCode: errorCodes[error],
  errorMessage,
});

function entriesOf(type: number, name: string, cluster: Cluster): ConfigEntry[] | Failure {
  switch (type) {
    case resourceTypes.topic: {
      const problem = topicNameProblem(name);
      if (problem !== undefined) return failure('INVALID_TOPIC_EXCEPTION', problem);
      const topic = cluster.topics.get(name);
      return topic === undefined
        ? failure('UNKNOWN_TOPIC_OR_PARTITION', '')
        : topicEntries(topic.configs, cluster);
    }
    case resourceTypes.broker:
      // An empty name asks for the dynamic defaults of all brokers.
      if (name === '') return brokerEntries(cluster).filter((e) => e.source === sources.dynamicDefault);
      return name === String(cluster.nodeId)
        ? brokerEntries(cluster)
        : failure(
            'INVALID_REQUEST',
            `Unexpected broker id, expected ${cluster.nodeId} or empty string, but received ${name}`,
          );
    case resourceTypes.group:
      return name === ''
        ? failure('INVALID_REQUEST', 'Group name must not be empty')
        : groupEntries(name, cluster);
    default:
      return failure('INVALID_REQUEST', `Unsupported resource type: ${type}`);
  }
}
