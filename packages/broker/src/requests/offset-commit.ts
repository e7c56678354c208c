/* OffsetCommit (8): by a member of the group, or by anybody while the group has no members. */

import { errorCodes, type ErrorName, type OffsetCommitRequest } from '#kafka';
import type { Handler, RequestContext } from './handler.ts';

export const offsetCommit: Handler<'OffsetCommit'> = (request, context) => {
  const { cluster, may } = context;
  const { groups, offsets, topics, world } = cluster;
  const forbidden = may('read', 'group', request.groupId) ? undefined : 'GROUP_AUTHORIZATION_FAILED';
  const refused = forbidden === undefined ? groupError(request, context) : undefined;
  const at = world.now();
  const expires = request.retentionTimeMs >= 0 ? { expiresAt: at + request.retentionTimeMs } : {};
  const commit = (
    topic: string,
    p: (typeof request.topics)[number]['partitions'][number],
  ): ErrorName | undefined => {
    const partition = p.partitionIndex;
    if (forbidden !== undefined) return forbidden;
    if (!may('read', 'topic', topic)) return 'TOPIC_AUTHORIZATION_FAILED';
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

/** Why the group does not take it. A request of which no partition is there does not reach the group. */
function groupError(
  request: OffsetCommitRequest,
  { cluster, version }: RequestContext,
): ErrorName | undefined {
  const reaches = request.topics.some((t) =>
    t.partitions.some((p) => cluster.topics.partition(t.name, p.partitionIndex) !== undefined),
  );
  if (!reaches) return undefined;
  const asked = {
    memberId: request.memberId,
    instanceId: request.groupInstanceId,
    generation: request.generationIdOrMemberEpoch,
    transactional: false,
  };
  return cluster.groups.commitError(request.groupId, asked, version);
}
