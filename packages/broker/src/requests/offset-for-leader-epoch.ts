/* OffsetForLeaderEpoch (23): where an epoch of a leader ends, for clients that look whether their log was cut (KIP-320). */

import { errorCodes, type ErrorName } from '#kafka';
import type { Partition } from '../log/partition.ts';
import { epochError } from './fetch.ts';
import type { Handler, RequestContext } from './handler.ts';

export const offsetForLeaderEpoch: Handler<'OffsetForLeaderEpoch'> = (request, context) => ({
  topics: request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition: index, currentLeaderEpoch, leaderEpoch }) => {
      const found = partitionOf(topic, index, currentLeaderEpoch, context);
      if (typeof found === 'string') return { partition: index, errorCode: errorCodes[found] };
      const { epochs, log } = found;
      const { epoch, endOffset } = epochs.endOf(leaderEpoch, found.leaderEpoch, log.endOffset);
      return { partition: index, errorCode: 0, leaderEpoch: epoch, endOffset };
    }),
  })),
});

function partitionOf(
  topic: string,
  index: number,
  epoch: number,
  { cluster, client, may }: RequestContext,
): Partition | ErrorName {
  if (!may('describe', 'topic', topic)) return 'TOPIC_AUTHORIZATION_FAILED';
  const partition = cluster.topics.partition(topic, index);
  if (partition === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION';
  if (partition.leader !== client.nodeId) return 'NOT_LEADER_OR_FOLLOWER';
  return epochError(partition, epoch) ?? partition;
}
