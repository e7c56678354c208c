/* Metadata (3): brokers, topics, partitions and their leader. A named topic that is not there is made, where the broker
 * and the client allow it. */

import { errorCodes, zeroUuid, type Messages, type Sparse } from '#kafka';
import { brokerFlag, brokerNumber } from '../cluster/broker-configs.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { clusterName } from '../security/acls.ts';
import { authorizedOperations, notAsked } from '../security/authorized-operations.ts';
import { topicNameProblem, type Topic } from '../cluster/topics.ts';
import { distinct } from './distinct.ts';
import type { Handler, RequestContext } from './handler.ts';

type TopicAnswer = Sparse<Messages['Metadata']['response']['topics'][number]>;

export const metadata: Handler<'Metadata'> = (request, context) => {
  const { cluster, version } = context;
  // Version 0 asks for all topics by an empty list, later ones by null.
  const wanted = version === 0 && request.topics?.length === 0 ? null : request.topics;
  const withOperations = (topic: TopicAnswer): TopicAnswer =>
    request.includeTopicAuthorizedOperations && topic.errorCode === undefined
      ? { ...topic, topicAuthorizedOperations: authorizedOperations(context.may, 'topic', topic.name!) }
      : topic;
  const topics =
    wanted === null
      ? [...cluster.topics.all()]
          .filter((t) => context.may('describe', 'topic', t.name))
          .map((t) => describe(t, cluster))
      : distinct(wanted, (t) => t.name ?? `/${t.topicId}`).map((t) =>
          t.topicId !== zeroUuid
            ? byId(t.topicId, context)
            : byName(t.name ?? '', request.allowAutoTopicCreation, context),
        );
  return {
    brokers: brokersFor(context),
    clusterId: cluster.id,
    controllerId: cluster.nodeId,
    topics: topics.map(withOperations),
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
      ? authorizedOperations(context.may, 'cluster', clusterName)
      : notAsked,
  };
};

/** The nodes under their addresses of the listener that was asked. */
export function brokersFor({ cluster, client }: RequestContext): readonly {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}[] {
  return cluster.endpoints.filter((e) => e.listener === client.listener);
}

function byId(id: string, { cluster, may }: RequestContext): TopicAnswer {
  const topic = cluster.topics.byId(id);
  return topic === undefined || !may('describe', 'topic', topic.name)
    ? { errorCode: errorCodes.UNKNOWN_TOPIC_ID, name: null, topicId: id }
    : describe(topic, cluster);
}
function byName(name: string, mayCreate: boolean, { cluster, version, may }: RequestContext): TopicAnswer {
  if (!may('describe', 'topic', name)) return { errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, name };
  const topic = cluster.topics.get(name);
  if (topic !== undefined) return describe(topic, cluster);
  if (topicNameProblem(name) !== undefined) return { errorCode: errorCodes.INVALID_TOPIC_EXCEPTION, name };
  const create = brokerFlag(cluster.configs, 'auto.create.topics.enable') && (mayCreate || version < 4);
  if (!create) return { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, name, topicId: zeroUuid };
  if (!may('create', 'cluster', clusterName) && !may('create', 'topic', name))
    return { errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, name };
  const partitions = brokerNumber(cluster.configs, 'num.partitions');
  return describe(cluster.topics.create(name, partitions, new Map()), cluster);
}
/** The ids of all nodes: each has all partitions. */
export const nodesOf = ({ endpoints }: Cluster): number[] => [...new Set(endpoints.map((e) => e.nodeId))];

function describe(topic: Topic, cluster: Cluster): TopicAnswer {
  const nodes = nodesOf(cluster);
  return {
    name: topic.name,
    topicId: topic.id,
    topicAuthorizedOperations: notAsked,
    partitions: topic.partitions.map((p) => ({
      partitionIndex: p.index,
      leaderId: p.leader,
      leaderEpoch: p.leaderEpoch,
      replicaNodes: nodes,
      isrNodes: nodes,
    })),
  };
}
