/* DescribeTopicPartitions (75): topics by name, a page of partitions at a time (KIP-966).
 *
 *   topics in the order of their names ─▶ partitions, as many as a page may have ─▶ nextCursor: where the next page begins */

import { errorCodes, zeroUuid, type ErrorName, type Messages, type Sparse } from '#kafka';
import { brokerNumber } from '../cluster/broker-configs.ts';
import { topicNameProblem } from '../cluster/topics.ts';
import type { Partition } from '../log/partition.ts';
import { authorizedOperations, notAsked } from '../security/authorized-operations.ts';
import type { Handler, RequestContext } from './handler.ts';
import { nodesOf } from './metadata.ts';

type Request = Messages['DescribeTopicPartitions']['request'];
type PartitionAnswer =
  Messages['DescribeTopicPartitions']['response']['topics'][number]['partitions'][number];
type Cursor = Request['cursor'];
type TopicAnswer = Sparse<Messages['DescribeTopicPartitions']['response']['topics'][number]>;

export const describeTopicPartitions: Handler<'DescribeTopicPartitions'> = (request, context) => {
  const { cluster, may } = context;
  const all = request.topics.length === 0;
  const asked = all ? [...cluster.topics.all()] : request.topics;
  const from = request.cursor?.topicName ?? '';
  const names = [...new Set(asked.map((t) => t.name))].filter((name) => name >= from).sort();
  if (request.cursor !== null && (request.cursor.partitionIndex < 0 || !(all || names.includes(from))))
    return { topics: request.topics.map(({ name }) => refused(name, 'INVALID_REQUEST')), nextCursor: null };
  const allowed = names.filter((name) => may('describe', 'topic', name));
  const { topics, nextCursor } = page(allowed, request, context);
  // Nothing is said of topics that this client may not know of but where it named them.
  const hidden = all ? [] : names.filter((name) => !allowed.includes(name));
  const unseen = hidden.map((name) => refused(name, 'TOPIC_AUTHORIZATION_FAILED'));
  return { topics: [...topics, ...unseen], nextCursor };
};

interface Page {
  readonly topics: readonly TopicAnswer[];
  readonly nextCursor: Cursor;
}
/** As many partitions as one answer may have, one at least. Topics that are not there count for none. */
function page(names: readonly string[], request: Request, { cluster, may }: RequestContext): Page {
  const most = Math.min(
    brokerNumber(cluster.configs, 'max.request.partition.size.limit'),
    request.responsePartitionLimit,
  );
  let left = Math.max(1, most);
  const topics: TopicAnswer[] = [];
  const nodes = nodesOf(cluster);
  for (const topicName of names) {
    if (left === 0) return { topics, nextCursor: { topicName, partitionIndex: 0 } };
    const first = topicName === request.cursor?.topicName ? request.cursor.partitionIndex : 0;
    const topicAuthorizedOperations = authorizedOperations(may, 'topic', topicName);
    const topic = cluster.topics.get(topicName);
    if (topic === undefined) {
      const error = topicNameProblem(topicName) ? 'INVALID_TOPIC_EXCEPTION' : 'UNKNOWN_TOPIC_OR_PARTITION';
      topics.push({ ...refused(topicName, error), topicAuthorizedOperations });
      continue;
    }
    const shown = topic.partitions.slice(first, first + left);
    topics.push({
      errorCode: 0,
      name: topicName,
      topicId: topic.id,
      isInternal: false,
      partitions: shown.map((p) => described(p, nodes)),
      topicAuthorizedOperations,
    });
    if (first + shown.length < topic.partitions.length)
      return { topics, nextCursor: { topicName, partitionIndex: first + shown.length } };
    left -= shown.length;
  }
  return { topics, nextCursor: null };
}

function described({ index, leader, leaderEpoch }: Partition, nodes: readonly number[]): PartitionAnswer {
  return {
    errorCode: 0,
    partitionIndex: index,
    leaderId: leader,
    leaderEpoch,
    replicaNodes: nodes,
    isrNodes: nodes,
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
    offlineReplicas: [],
  };
}
const refused = (name: string, error: ErrorName): TopicAnswer => ({
  errorCode: errorCodes[error],
  name,
  topicId: zeroUuid,
  isInternal: false,
  partitions: [],
  topicAuthorizedOperations: notAsked,
});
