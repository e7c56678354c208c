/* OffsetCommit (8): by a member of the group, or by anybody while the group has no members. */

import { errorCodes, type ErrorName } from '#kafka';
import type { Handler } from './handler.ts';

export const offsetCommit: Handler<'OffsetCommit'> = (request, { cluster, version }) => {
  const { groups, offsets, topics, world } = cluster;
  const there = request.topics.some((t) =>
    t.partitions.some((p) => topics.partition(t.name, p.partitionIndex) !== undefined),
  );
  const refused = there
    ? groups.commitError(
        request.groupId,
        {
          memberId: request.memberId,
          instanceId: request.groupInstanceId,
          generation: request.generationIdOrMemberEpoch,
          transactional: false,
        },
        version,
      )
    : undefined;
  const at = world.now();
  const expires = request.retentionTimeMs >= 0 ? { expiresAt: at + request.retentionTimeMs } : {};
  const commit = (
    topic: string,
    p: (typeof request.topics)[number]['partitions'][number],
  ): ErrorName | undefined => {
    const partition = p.partitionIndex;
    if (topics.partition(topic, partition) === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION';
    if (refused !== undefined) return refused;
    const metadata = p.committedMetadata ?? '';
    if (metadata.length > groups.settings.offsetMetadataMax) return 'OFFSET_METADATA_TOO_LARGE';
    const value = {
      offset: p.committedOffset,
      leaderEpoch: p.committedLeaderEpoch,
      metadata,
      at,
      ...expires,
    };
    offsets.commit(request.groupId, { topic, partition }, value);
    return undefined;
  };
  return {
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((p) => ({
        partitionIndex: p.partitionIndex,
        errorCode: errorCodes[commit(name, p) ?? 'NONE'],
      })),
    })),
  };
};
