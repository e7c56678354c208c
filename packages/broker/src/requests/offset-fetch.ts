/* OffsetFetch (9): committed offsets of one group, from version 8 on of several; of some partitions or, by null, of all. */

import { errorCodes, type ErrorName } from '#kafka';
import type { Cluster } from '../cluster/cluster.ts';
import type { CommittedOffset, OffsetPlace } from '../cluster/offset-store.ts';
import type { Handler } from './handler.ts';

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

export const offsetFetch: Handler<'OffsetFetch'> = (request, { cluster, version }) => {
  if (version >= 8)
    return { groups: request.groups.map((g) => offsetsOf(g, request.requireStable, cluster)) };
  const { groupId, topics } = request;
  return offsetsOf({ groupId, topics, memberId: null, memberEpoch: -1 }, request.requireStable, cluster);
};

function offsetsOf(asked: Asked, stable: boolean, cluster: Cluster): GroupAnswer {
  const { groupId, memberId, memberEpoch } = asked;
  const { groups, offsets } = cluster;
  const group = groups.get(groupId);
  const wrong = group?.kind === 'consumer' ? group.fetchError(memberId, memberEpoch) : undefined;
  if (wrong !== undefined) return { groupId, errorCode: errorCodes[wrong], topics: [] };
  const answer = (place: OffsetPlace): PartitionAnswer =>
    stable && offsets.isPending(groupId, place)
      ? partitionAnswer(place, undefined, 'UNSTABLE_OFFSET_COMMIT')
      : partitionAnswer(place, offsets.get(groupId, place));
  const topics = asked.topics ?? allTopics(groupId, cluster);
  return {
    groupId,
    errorCode: 0,
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partition) => answer({ topic: name, partition })),
    })),
  };
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
  const topics = new Map<string, number[]>();
  for (const { place } of offsets.of(groupId))
    topics.set(place.topic, [...(topics.get(place.topic) ?? []), place.partition]);
  return [...topics].map(([name, partitionIndexes]) => ({ name, partitionIndexes }));
}
