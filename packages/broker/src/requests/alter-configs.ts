/* AlterConfigs (33): sets all of a resource's configs; what is not named goes back to its default.
 * IncrementalAlterConfigs (44): sets, removes, appends to and subtracts from single ones. */

import { errorCodes, type ErrorName } from '#kafka';
import type { Cluster } from '../cluster/cluster.ts';
import {
  changeBroker,
  changeGroup,
  changeTopic,
  ConfigError,
  operations,
  resourceTypes,
  type ConfigChange,
} from '../cluster/configs.ts';
import { clusterName } from '../security/acls.ts';
import type { Handler, RequestContext } from './handler.ts';

interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
}
interface Answer extends Resource {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

function answer(resource: Resource, may: RequestContext['may'], change: () => void): Answer {
  const { resourceType, resourceName } = resource;
  const refused = refusal(resource, may);
  if (refused !== undefined)
    return { resourceType, resourceName, errorCode: errorCodes[refused], errorMessage: null };
  try {
    change();
    return { resourceType, resourceName, errorCode: 0, errorMessage: null };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { resourceType, resourceName, errorCode: error.code, errorMessage: error.message };
  }
}

function refusal(
  { resourceType, resourceName }: Resource,
  may: RequestContext['may'],
): ErrorName | undefined {
  if (resourceType === resourceTypes.topic)
    return may('alterConfigs', 'topic', resourceName) ? undefined : 'TOPIC_AUTHORIZATION_FAILED';
  if (resourceType === resourceTypes.group)
    return may('alterConfigs', 'group', resourceName) ? undefined : 'GROUP_AUTHORIZATION_FAILED';
  return may('alterConfigs', 'cluster', clusterName) ? undefined : 'CLUSTER_AUTHORIZATION_FAILED';
}

function change(
  { resourceType, resourceName }: Resource,
  changes: readonly ConfigChange[],
  replaceAll: boolean,
  validateOnly: boolean,
  cluster: Cluster,
): void {
  if (resourceType === resourceTypes.topic) {
    const topic = cluster.topics.get(resourceName);
    if (topic === undefined)
      throw new ConfigError('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${resourceName}' does not exist.`);
    const named = new Set(changes.map((c) => c.name));
    const dropped = replaceAll ? [...topic.configs.keys()].filter((name) => !named.has(name)) : [];
    const drop = dropped.map((name) => ({ name, operation: operations.delete, value: null }));
    changeTopic(topic, [...drop, ...changes], validateOnly, cluster);
    return;
  }
  if (resourceType === resourceTypes.group) {
    if (resourceName === '') throw new ConfigError('INVALID_REQUEST', 'Group name must not be empty');
    changeGroup(resourceName, changes, replaceAll, validateOnly, cluster);
    return;
  }
  if (resourceType !== resourceTypes.broker)
    throw new ConfigError('INVALID_REQUEST', `Unsupported resource type: ${resourceType}`);
  if (resourceName !== '' && resourceName !== String(cluster.nodeId))
    throw new ConfigError(
      'INVALID_REQUEST',
      `Unexpected broker id, expected ${cluster.nodeId}, but received ${resourceName}`,
    );
  changeBroker(changes, validateOnly, cluster);
}

export const alterConfigs: Handler<'AlterConfigs'> = (request, { cluster, may }) => ({
  responses: request.resources.map((resource) =>
    answer(resource, may, () => {
      const sets = resource.configs.map((c) => ({ ...c, operation: operations.set }));
      change(resource, sets, true, request.validateOnly, cluster);
    }),
  ),
});

export const incrementalAlterConfigs: Handler<'IncrementalAlterConfigs'> = (request, { cluster, may }) => ({
  responses: request.resources.map((resource) =>
    answer(resource, may, () => {
      const names = resource.configs.map((c) => c.name);
      const twice = names.find((name, i) => names.indexOf(name) !== i);
      if (twice !== undefined) throw new ConfigError('INVALID_REQUEST', 'Error due to duplicate config keys');
      const changes = resource.configs.map((c) => ({
        name: c.name,
        operation: c.configOperation,
        value: c.value,
      }));
      if (changes.some((c) => c.operation < 0 || c.operation > 3))
        throw new ConfigError(
          'INVALID_REQUEST',
          `Unknown operation, error code ${errorCodes.INVALID_REQUEST}`,
        );
      change(resource, changes, false, request.validateOnly, cluster);
    }),
  ),
});
