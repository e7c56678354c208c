/* A response that says one error everywhere a client looks for it: what `broker.inject` answers with. */

import type { ApiName, Messages, Sparse } from '#kafka';

type Answer<N extends ApiName> = (
  request: Messages[N]['request'],
  errorCode: number,
) => Sparse<Messages[N]['response']>;
/** The requests whose response has no error at its top: each must be below. */
type Deep = {
  readonly [N in ApiName]: Messages[N]['response'] extends { readonly errorCode: number } ? never : N;
}[ApiName];

/** Where the error stands deeper than at the top, or not only there. */
const answers: { readonly [N in Deep]: Answer<N> } & { readonly [N in ApiName]?: Answer<N> } = {
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
  CreatePartitions: ({ topics }, errorCode) => ({ results: topics.map(({ name }) => ({ name, errorCode })) }),
  DeleteRecords: ({ topics }, errorCode) => ({
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode, lowWatermark: -1 })),
    })),
  }),
  OffsetForLeaderEpoch: ({ topics }, errorCode) => ({
    topics: topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition }) => ({ partition, errorCode })),
    })),
  }),
  OffsetDelete: ({ topics }, errorCode) => ({
    errorCode,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
    })),
  }),
  DescribeGroups: ({ groups }, errorCode) => ({ groups: groups.map((groupId) => ({ groupId, errorCode })) }),
  DeleteGroups: ({ groupsNames }, errorCode) => ({
    results: groupsNames.map((groupId) => ({ groupId, errorCode })),
  }),
  ConsumerGroupDescribe: ({ groupIds }, errorCode) => ({
    groups: groupIds.map((groupId) => ({ groupId, errorCode })),
  }),
  DescribeConfigs: ({ resources }, errorCode) => ({ results: resourceErrors(resources, errorCode) }),
  AlterConfigs: ({ resources }, errorCode) => ({ responses: resourceErrors(resources, errorCode) }),
  IncrementalAlterConfigs: ({ resources }, errorCode) => ({
    responses: resourceErrors(resources, errorCode),
  }),
  CreateAcls: ({ creations }, errorCode) => ({ results: creations.map(() => ({ errorCode })) }),
  DeleteAcls: ({ filters }, errorCode) => ({ filterResults: filters.map(() => ({ errorCode })) }),
  DescribeUserScramCredentials: ({ users }, errorCode) => ({
    errorCode,
    results: (users ?? []).map(({ name }) => ({ user: name, errorCode })),
  }),
  AlterUserScramCredentials: ({ deletions, upsertions }, errorCode) => ({
    results: [...new Set([...deletions, ...upsertions].map(({ name }) => name))].map((user) => ({
      user,
      errorCode,
    })),
  }),
  DescribeProducers: ({ topics }, errorCode) => ({
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({ partitionIndex, errorCode })),
    })),
  }),
  DescribeTopicPartitions: ({ topics }, errorCode) => ({
    topics: topics.map(({ name }) => ({ name, errorCode })),
  }),
  WriteTxnMarkers: ({ markers }, errorCode) => ({
    markers: markers.map(({ producerId, topics }) => ({
      producerId,
      topics: topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partitionIndex) => ({ partitionIndex, errorCode })),
      })),
    })),
  }),
  DescribeTransactions: ({ transactionalIds }, errorCode) => ({
    transactionStates: transactionalIds.map((transactionalId) => ({ transactionalId, errorCode })),
  }),
};

/** The resource of a config request. */
interface ConfigResource {
  readonly resourceType: number;
  readonly resourceName: string;
}
const resourceErrors = (
  resources: readonly ConfigResource[],
  errorCode: number,
): (ConfigResource & { readonly errorCode: number })[] =>
  resources.map(({ resourceType, resourceName }) => ({ resourceType, resourceName, errorCode }));

/** The answer to `request` in which everything failed with this error. */
export function errorAnswer(name: ApiName, request: unknown, errorCode: number): object {
  const make = answers[name] as ((request: unknown, errorCode: number) => object) | undefined;
  return make?.(request, errorCode) ?? { errorCode };
}
