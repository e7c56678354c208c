/* OffsetDelete (47): forgets offsets of topics that no member of the group reads. */

import { errorCodes, type ErrorName } from '#kafka';
import type { Group } from '../cluster/groups/groups.ts';
import type { Handler } from './handler.ts';

export const offsetDelete: Handler<'OffsetDelete'> = (request, { cluster, may }) => {
  const { groups, offsets, topics } = cluster;
  const { groupId } = request;
  if (!may('delete', 'group', groupId)) return { errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED };
  const there = request.topics.some((t) =>
    t.partitions.some((p) => topics.partition(t.name, p.partitionIndex) !== undefined),
  );
  const group = groups.get(groupId);
  const refused = there ? groupError(groupId, group) : undefined;
  if (refused !== undefined) return { errorCode: errorCodes[refused] };
  const remove = (topic: string, partition: number): ErrorName | undefined => {
    if (!may('read', 'topic', topic)) return 'TOPIC_AUTHORIZATION_FAILED';
    if (topics.partition(topic, partition) === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION';
    if (group?.reads(topic)) return 'GROUP_SUBSCRIBED_TO_TOPIC';
    offsets.remove(groupId, { topic, partition });
    return undefined;
  };
  return {
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: errorCodes[remove(name, partitionIndex) ?? 'NONE'],
      })),
    })),
  };
};

function groupError(id: string, group: Group | undefined): ErrorName | undefined {
  if (id === '') return 'INVALID_GROUP_ID';
  if (group === undefined) return 'GROUP_ID_NOT_FOUND';
  // What other kinds of groups read, nobody can tell.
  const opaque = group.kind === 'classic' && group.state !== 'Empty' && group.protocolType !== 'consumer';
  return opaque ? 'NON_EMPTY_GROUP' : undefined;
}
