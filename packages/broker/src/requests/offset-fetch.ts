/* OffsetFetch (9): committed offsets of one group, from version 8 on of several; of some partitions or, by null, of all. */

import { errorCodes, type ErrorName } from '#kafka';
import type { Cluster } from '../cluster/cluster.ts';
import type { CommittedOffset, OffsetPlace } from '../cluster/offset-store.ts';
import { distinct } from './distinct.ts';
import type { Handler, RequestContext } from './handler.ts';

interface Asked {
  readonly groupId: string;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly topics: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null;
}
interface GroupAnswer {
  readonly groupId: string;
  readonly errorCode: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly PartitionAnswer[] }[];
}
interface PartitionAnswer {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly metadata: string;
  readonly errorCode: number;
}

export const offsetFetch: Handler<'OffsetFetch'> = (request, context) => {
  const { groupId, topics, groups, requireStable } = request;
  if (context.version >= 8)
    return { groups: distinct(groups, (g) => g.groupId).map((g) => offsetsOf(g, requireStable, context)) };
  return offsetsOf({ groupId, topics, memberId: null, memberEpoch: -1 }, requireStable, context);
};

function offsetsOf(asked: Asked, stable: boolean, { cluster, version, may }: RequestContext): GroupAnswer {
  const { groupId } = asked;
  const { offsets } = cluster;
  const refused = may('describe', 'group', groupId)
    ? memberError(asked, cluster)
    : 'GROUP_AUTHORIZATION_FAILED';
  const answer = (place: OffsetPlace): PartitionAnswer => {
    if (refused !== undefined) return partitionAnswer(place, undefined, refused);
    if (!may('describe', 'topic', place.topic))
      return partitionAnswer(place, undefined, 'TOPIC_AUTHORIZATION_FAILED');
    return stable && offsets.isPending(groupId, place)
      ? partitionAnswer(place, undefined, 'UNSTABLE_OFFSET_COMMIT')
      : partitionAnswer(place, offsets.get(groupId, place));
  };
  // Version 1 has no place for an error but the partitions.
  const wanted = refused !== undefined && version >= 2 ? [] : asked.topics;
  const topics = wanted ?? allTopics(groupId, cluster).filter(({ name }) => may('describe', 'topic', name));
  return {
    groupId,
    errorCode: errorCodes[refused ?? 'NONE'],
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partition) => answer({ topic: name, partition })),
    })),
  };
}
function memberError({ groupId, memberId, memberEpoch }: Asked, { groups }: Cluster): ErrorName | undefined {
  const group = groups.get(groupId);
  return group?.kind === 'consumer' ? group.fetchError(memberId, memberEpoch) : undefined;
}

function partitionAnswer(
  { partition }: OffsetPlace,
  committed: CommittedOffset | undefined,
  error: ErrorName = 'NONE',
): PartitionAnswer {
  return {
    partitionIndex: partition,
    committedOffset: committed?.offset ?? -1,
    committedLeaderEpoch: committed?.leaderEpoch ?? -1,
    metadata: committed?.metadata ?? '',
    errorCode: errorCodes[error],
  };
}

function allTopics(groupId: string, { offsets }: Cluster): Asked['topics'] & object {
  const topics = Map.groupBy(offsets.of(groupId), ({ place }) => place.topic);
  return [...topics].map(([name, found]) => ({
    name,
    partitionIndexes: found.map(({ place }) => place.partition),
  }));
}
