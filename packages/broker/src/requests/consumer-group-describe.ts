/* ConsumerGroupDescribe (69): consumer groups, their members, what each has and is to have. */

import { errorCodes, type ErrorName, type Messages, type Sparse } from '#kafka';
import type { Cluster } from '../cluster/cluster.ts';
import type { ConsumerGroup } from '../cluster/groups/consumer-group.ts';
import { byTopic, type PartitionSet } from '../cluster/groups/partition-set.ts';
import { authorizedOperations, notAsked } from '../security/authorized-operations.ts';
import type { Handler } from './handler.ts';

type Answer = Sparse<Messages['ConsumerGroupDescribe']['response']['groups'][number]>;
type Partitions = Sparse<
  Messages['ConsumerGroupDescribe']['response']['groups'][number]['members'][number]['assignment']
>;
/** memberType: which protocol it speaks. */
const [classicType, consumerType] = [0, 1];

export const consumerGroupDescribe: Handler<'ConsumerGroupDescribe'> = (request, { cluster, may }) => ({
  groups: [...new Set(request.groupIds)].map((groupId): Answer => {
    const failed = (error: ErrorName, errorMessage: string): Answer => ({
      groupId,
      errorCode: errorCodes[error],
      errorMessage,
    });
    if (!may('describe', 'group', groupId))
      return failed('GROUP_AUTHORIZATION_FAILED', 'Group authorization failed.');
    if (groupId === '') return failed('INVALID_GROUP_ID', 'A group has a name.');
    const group = cluster.groups.get(groupId);
    if (group === undefined) return failed('GROUP_ID_NOT_FOUND', `Group ${groupId} not found.`);
    const operations = request.includeAuthorizedOperations
      ? authorizedOperations(may, 'group', groupId)
      : notAsked;
    return group.kind === 'consumer'
      ? { ...describe(group, cluster), authorizedOperations: operations }
      : failed('GROUP_ID_NOT_FOUND', `Group ${groupId} is not a consumer group.`);
  }),
});

function describe(group: ConsumerGroup, cluster: Cluster): Answer {
  return {
    groupId: group.id,
    groupState: group.state,
    groupEpoch: group.epochs.epoch,
    assignmentEpoch: group.epochs.assignmentEpoch,
    assignorName: group.assignor,
    members: [...group.members.values()].map((m) => ({
      memberId: m.id,
      instanceId: m.instanceId,
      rackId: m.rackId,
      memberEpoch: m.epoch,
      clientId: m.clientId,
      clientHost: m.clientHost,
      subscribedTopicNames: m.topics,
      subscribedTopicRegex: m.regex ?? '',
      assignment: named(m.assigned, cluster),
      targetAssignment: named(m.target, cluster),
      memberType: m.classic === undefined ? consumerType : classicType,
    })),
  };
}

/** Topics that are gone have no name to be told by. */
function named(set: PartitionSet, { topics }: Cluster): Partitions {
  return {
    topicPartitions: byTopic(set).flatMap(({ topicId, partitions }) => {
      const topic = topics.byId(topicId);
      return topic === undefined ? [] : [{ topicId, topicName: topic.name, partitions }];
    }),
  };
}
