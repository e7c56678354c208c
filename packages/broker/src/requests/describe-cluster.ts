/* DescribeCluster (60). */

import type { Handler } from './handler.ts';
import { brokersFor } from './metadata.ts';

const noOperations = -2147483648;

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
  clusterAuthorizedOperations: noOperations,
});
