/* ListConfigResources (74): names that DescribeConfigs may be asked about, by type. Version 0 asks for client metrics alone,
 * of which there are none. */

import { errorCodes } from '#kafka';
import type { Cluster } from '../cluster/cluster.ts';
import { resourceTypes } from '../cluster/configs.ts';
import { clusterName } from '../security/acls.ts';
import type { Handler } from './handler.ts';

const clientMetrics = 16;
const brokerLogger = 8;

const names: ReadonlyMap<number, (cluster: Cluster) => Iterable<string>> = new Map([
  [resourceTypes.topic, ({ topics }: Cluster) => [...topics.all()].map((t) => t.name)],
  [resourceTypes.broker, ({ nodeId }: Cluster) => [String(nodeId)]],
  [brokerLogger, ({ nodeId }: Cluster) => [String(nodeId)]],
  [clientMetrics, () => []],
  [resourceTypes.group, ({ groupConfigs }: Cluster) => groupConfigs.groups()],
]);

export const listConfigResources: Handler<'ListConfigResources'> = (request, { cluster, may, version }) => {
  if (!may('describeConfigs', 'cluster', clusterName))
    return { errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED };
  const known = version === 0 ? [clientMetrics] : [...names.keys()];
  const asked = request.resourceTypes.length === 0 ? known : [...new Set(request.resourceTypes)];
  if (asked.some((type) => !known.includes(type))) return { errorCode: errorCodes.UNSUPPORTED_VERSION };
  return {
    configResources: asked.flatMap((resourceType) =>
      [...names.get(resourceType)!(cluster)].map((resourceName) => ({ resourceType, resourceName })),
    ),
  };
};
