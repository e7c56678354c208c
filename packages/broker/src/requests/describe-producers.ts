/* DescribeProducers (61): who writes to a partition, and what is undecided there. */

import { errorCodes, type Messages, type Sparse } from '#kafka';
import { distinct } from './distinct.ts';
import type { Handler, RequestContext } from './handler.ts';

type Answer = Messages['DescribeProducers']['response']['topics'][number]['partitions'][number];

export const describeProducers: Handler<'DescribeProducers'> = (request, context) => ({
  topics: distinct(request.topics, (t) => t.name).map(({ name, partitionIndexes }) => ({
    name,
    partitions: [...new Set(partitionIndexes)].map((index) => describe(name, index, context)),
  })),
});

function describe(
  topic: string,
  partitionIndex: number,
  { cluster: { topics }, may }: RequestContext,
): Sparse<Answer> {
  if (!may('read', 'topic', topic))
    return { partitionIndex, errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED };
  const partition = topics.partition(topic, partitionIndex);
  if (partition === undefined)
    return { partitionIndex, errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: null };
  return {
    partitionIndex,
    errorCode: 0,
    errorMessage: null,
    activeProducers: [...partition.producers.states].map(([producerId, state]) => ({
      producerId,
      producerEpoch: state.epoch,
      lastSequence: state.recent.at(-1)?.lastSequence ?? -1,
      lastTimestamp: state.lastTimestamp,
      coordinatorEpoch: state.coordinatorEpoch,
      currentTxnStartOffset: state.firstOffset,
    })),
  };
}
