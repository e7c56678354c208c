/* A response that says one error everywhere a client looks for it: what `broker.inject` answers with. */

import type { Messages, Sparse } from '#kafka';
import type { ApiName } from '#kafka';

type Answers = {
  readonly [N in ApiName]?: (
    request: Messages[N]['request'],
    errorCode: number,
  ) => Sparse<Messages[N]['response']>;
};

/** Where the error stands deeper than at the top. */
const answers: Answers = {
  Produce: ({ topicData }, errorCode) => ({
    responses: topicData.map(({ name, partitionData }) => ({
      name,
      partitionResponses: partitionData.map(({ index }) => ({ index, errorCode, baseOffset: -1 })),
    })),
  }),
  Fetch: ({ topics }, errorCode) => ({
    responses: topics.map(({ topic, topicId, partitions }) => ({
      topic,
      topicId,
      partitions: partitions.map(({ partition }) => ({
        partitionIndex: partition,
        errorCode,
        highWatermark: -1,
        records: [],
      })),
    })),
  }),
  ListOffsets: ({ topics }, errorCode) => ({
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode, offset: -1 })),
    })),
  }),
  Metadata: ({ topics }, errorCode) => ({
    topics: (topics ?? []).map(({ name, topicId }) => ({ name, topicId, errorCode })),
  }),
  OffsetCommit: ({ topics }, errorCode) => ({
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
    })),
  }),
  OffsetFetch: ({ groups }, errorCode) => ({
    errorCode,
    groups: groups.map(({ groupId }) => ({ groupId, errorCode })),
  }),
  FindCoordinator: ({ coordinatorKeys }, errorCode) => ({
    errorCode,
    coordinators: coordinatorKeys.map((key) => ({ key, errorCode, nodeId: -1, port: -1 })),
  }),
  AddPartitionsToTxn: ({ v3AndBelowTopics, transactions }, errorCode) => ({
    errorCode,
    resultsByTopicV3AndBelow: v3AndBelowTopics.map(({ name, partitions }) => ({
      name,
      resultsByPartition: partitions.map((partitionIndex) => ({
        partitionIndex,
        partitionErrorCode: errorCode,
      })),
    })),
    resultsByTransaction: transactions.map(({ transactionalId, topics }) => ({
      transactionalId,
      topicResults: topics.map(({ name, partitions }) => ({
        name,
        resultsByPartition: partitions.map((partitionIndex) => ({
          partitionIndex,
          partitionErrorCode: errorCode,
        })),
      })),
    })),
  }),
  TxnOffsetCommit: ({ topics }, errorCode) => ({
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
    })),
  }),
  CreateTopics: ({ topics }, errorCode) => ({ topics: topics.map(({ name }) => ({ name, errorCode })) }),
  DeleteTopics: ({ topics, topicNames }, errorCode) => ({
    responses: [
      ...topics.map(({ name, topicId }) => ({ name, topicId, errorCode })),
      ...topicNames.map((name) => ({ name, errorCode })),
    ],
  }),
};

/** The answer to `request` in which everything failed with this error. */
export function errorAnswer(name: ApiName, request: unknown, errorCode: number): object {
  const make = answers[name] as ((request: unknown, errorCode: number) => object) | undefined;
  return make?.(request, errorCode) ?? { errorCode };
}
