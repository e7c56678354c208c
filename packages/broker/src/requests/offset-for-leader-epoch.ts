/* OffsetForLeaderEpoch (23): where an epoch of a leader ends, for clients that look whether their log was cut (KIP-320). */

import { errorCodes } from '#kafka';
import { epochError } from './fetch.ts';
import type { Handler } from './handler.ts';

export const offsetForLeaderEpoch: Handler<'OffsetForLeaderEpoch'> = (request, { cluster }) => ({
  topics: request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition: index, currentLeaderEpoch, leaderEpoch }) => {
      const partition = cluster.topics.partition(topic, index);
      const error =
        partition === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : epochError(partition, currentLeaderEpoch);
      if (partition === undefined || error !== undefined)
        return { partition: index, errorCode: error === undefined ? 0 : errorCodes[error] };
      const { epochs, log } = partition;
      const { epoch, endOffset } = epochs.endOf(leaderEpoch, partition.leaderEpoch, log.endOffset);
      return { partition: index, errorCode: 0, leaderEpoch: epoch, endOffset };
    }),
  })),
});
