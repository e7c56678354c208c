/* DescribeCluster (60). */

import { clusterName } from '../security/acls.ts';
import { authorizedOperations, notAsked } from '../security/authorized-operations.ts';
import type { Handler } from './handler.ts';
import { brokersFor } from './metadata.ts';

export const describeCluster: Handler<'DescribeCluster'> = (request, context) => ({
  errorCode: 0,
  errorMessage: null,
  endpointType: request.endpointType,
  clusterId: context.cluster.id,
  controllerId: context.cluster.nodeId,
  brokers: brokersFor(context).map(({ nodeId, host, port }) => ({
    brokerId: nodeId,
    host,
    port,
    rack: null,
  })),
  clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
    ? authorizedOperations(context.may, 'cluster', clusterName)
    : notAsked,
});
