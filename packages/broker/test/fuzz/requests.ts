/* A request of every kind that makes sense to a broker with a few topics and groups: what a fuzzer starts from. */

import type { Rng } from '#base';
import { zeroUuid, type ApiName, type Messages, type Sparse } from '#kafka';
import { batchOf } from '../wire-client.ts';
import { idempotent } from '../log/idempotent.ts';

export type Samples = { readonly [N in ApiName]: Sparse<Messages[N]['request']> };

const topics = ['plain', 'keyed', 'gzipped', 'gone'] as const;
const groups = ['g1', 'g2', 'g3', ''] as const;
const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

/** Ids that the broker gave out, so that requests reach what lies behind them. */
export interface Known {
  readonly topicIds: readonly string[];
  readonly memberIds: string[];
}

/** A batch as a client may write it, at times of a producer. */
function batch(rng: Rng): Buffer {
  const records = Array.from({ length: rng.between(1, 5) }, () => ({
    key: rng.below(4) === 0 ? null : `k${rng.below(5)}`,
    value: rng.below(6) === 0 ? null : 'v'.repeat(rng.below(50)),
  }));
  const made = batchOf(records, rng.pick(codecs), Date.now());
  return rng.below(2) === 0 ? made : idempotent(made, rng.below(3), 0, rng.below(3));
}

/** One of each kind. */
export function samples(rng: Rng, known: Known): Samples {
  const topic = (): string => rng.pick(topics);
  const partition = (): number => rng.below(3);
  const partitions = (): number[] => Array.from({ length: rng.below(3) }, partition);
  const group = (): string => rng.pick(groups);
  const member = (): string => (rng.below(2) === 0 ? '' : rng.pick(known.memberIds));
  const instance = (): string | null => rng.pick([null, null, 'i1', 'i2']);
  const topicId = (): string => rng.pick([zeroUuid, ...known.topicIds]);
  const transaction = (): string => rng.pick(['t1', 't2', '']);
  const epoch = (): number => rng.between(-1, 2);
  const producer = { producerId: rng.below(3), producerEpoch: epoch() };
  const inGroup = (): { groupId: string; memberId: string; groupInstanceId: string | null } => ({
    groupId: group(),
    memberId: member(),
    groupInstanceId: instance(),
  });
  const offsets = (): { partitionIndex: number; committedOffset: number; committedMetadata: string }[] =>
    partitions().map((partitionIndex) => ({
      partitionIndex,
      committedOffset: rng.below(50),
      committedMetadata: 'm'.repeat(rng.below(9)),
    }));
  const aclFilter = {
    patternTypeFilter: rng.below(5),
    principalFilter: rng.pick([null, 'User:x']),
    hostFilter: rng.pick([null, '*']),
    operation: rng.below(14),
    permissionType: rng.below(4),
  };
  const resource = rng.pick([
    { resourceType: 2, resourceName: topic() },
    { resourceType: 4, resourceName: rng.pick(['1', '']) },
    { resourceType: rng.below(40), resourceName: 'x' },
  ]);
  const config = { name: rng.pick(['retention.ms', 'cleanup.policy', 'nonsense']), value: '-1' };
  const onTopic = { resourceType: 2, resourceName: topic(), configs: [config] };
  return {
    AddOffsetsToTxn: { transactionalId: transaction(), ...producer, groupId: group() },
    AddPartitionsToTxn: {
      transactions: [
        {
          transactionalId: transaction(),
          ...producer,
          topics: [{ name: topic(), partitions: partitions() }],
        },
      ],
      v3AndBelowTransactionalId: transaction(),
      v3AndBelowProducerId: producer.producerId,
      v3AndBelowProducerEpoch: producer.producerEpoch,
      v3AndBelowTopics: [{ name: topic(), partitions: partitions() }],
    },
    AlterConfigs: { resources: [onTopic] },
    AlterUserScramCredentials: {
      deletions: [{ name: 'x', mechanism: rng.below(4) }],
      upsertions: [
        {
          name: 'u',
          mechanism: rng.below(4),
          iterations: rng.below(20_000),
          salt: Buffer.from('salt'),
          saltedPassword: Buffer.alloc(rng.pick([0, 32, 64])),
        },
      ],
    },
    ApiVersions: { clientSoftwareName: 'fuzz', clientSoftwareVersion: '1' },
    ConsumerGroupDescribe: { groupIds: [group(), group()] },
    ConsumerGroupHeartbeat: {
      groupId: rng.pick(['c1', 'c2', group()]),
      memberId: member(),
      memberEpoch: rng.between(-2, 2),
      instanceId: instance(),
      rebalanceTimeoutMs: 5000,
      subscribedTopicNames: rng.pick([null, [topic()]]),
      subscribedTopicRegex: rng.pick([null, null, 'p.*', '(a+)+$', '[z-a]', '\\p{L}{1,1000}']),
      serverAssignor: rng.pick([null, 'range', 'uniform', 'none']),
      topicPartitions: rng.pick([null, [{ topicId: topicId(), partitions: partitions() }]]),
    },
    CreateAcls: {
      creations: [
        {
          resourceType: rng.below(8),
          resourceName: topic(),
          resourcePatternType: rng.below(5),
          principal: 'User:x',
          host: '*',
          operation: rng.below(14),
          permissionType: rng.below(4),
        },
      ],
    },
    CreatePartitions: { topics: [{ name: topic(), count: rng.below(5), assignments: null }], timeoutMs: 100 },
    CreateTopics: {
      topics: [
        { name: rng.pick(['new1', 'new2', '..']), numPartitions: rng.between(-1, 3), replicationFactor: 1 },
        { name: topic(), numPartitions: -1, replicationFactor: -1, configs: [config] },
      ],
      timeoutMs: 100,
    },
    DeleteAcls: {
      filters: [{ resourceTypeFilter: rng.below(8), resourceNameFilter: topic(), ...aclFilter }],
    },
    DeleteGroups: { groupsNames: [group()] },
    DeleteRecords: {
      topics: [{ name: topic(), partitions: [{ partitionIndex: partition(), offset: rng.between(-1, 9) }] }],
      timeoutMs: 100,
    },
    DeleteTopics: {
      topics: [{ name: rng.pick(['new1', 'new2', 'gone']), topicId: zeroUuid }],
      topicNames: ['new1'],
      timeoutMs: 100,
    },
    DescribeAcls: { resourceTypeFilter: rng.below(8), resourceNameFilter: topic(), ...aclFilter },
    DescribeCluster: { endpointType: rng.below(3) },
    DescribeConfigs: {
      resources: [{ ...resource, configurationKeys: rng.pick([null, ['retention.ms']]) }],
      includeSynonyms: true,
    },
    DescribeGroups: { groups: [group(), group()] },
    DescribeLogDirs: { topics: rng.pick([null, [], [{ topic: topic(), partitions: partitions() }]]) },
    DescribeProducers: { topics: [{ name: topic(), partitionIndexes: partitions() }] },
    DescribeTopicPartitions: {
      topics: rng.pick([[], [{ name: topic() }, { name: topic() }]]),
      responsePartitionLimit: rng.between(-1, 3),
      cursor: rng.pick([null, { topicName: topic(), partitionIndex: rng.between(-1, 3) }]),
    },
    DescribeTransactions: { transactionalIds: [transaction()] },
    DescribeUserScramCredentials: { users: rng.pick([null, [{ name: 'u' }, { name: 'u' }]]) },
    EndTxn: { transactionalId: transaction(), ...producer, committed: rng.below(2) === 0 },
    Fetch: {
      replicaId: -1,
      maxWaitMs: rng.below(5),
      minBytes: rng.below(3),
      maxBytes: 1 << rng.below(20),
      isolationLevel: rng.below(2),
      sessionId: rng.below(3),
      sessionEpoch: rng.between(-1, 2),
      topics: [
        {
          topic: topic(),
          topicId: topicId(),
          partitions: partitions().map((p) => ({
            partition: p,
            currentLeaderEpoch: epoch(),
            fetchOffset: rng.below(20),
            partitionMaxBytes: 1 << rng.below(20),
          })),
        },
      ],
      forgottenTopicsData: [{ topic: topic(), topicId: topicId(), partitions: partitions() }],
    },
    FindCoordinator: { key: group(), keyType: rng.below(3), coordinatorKeys: [group(), transaction()] },
    Heartbeat: { ...inGroup(), generationId: rng.between(-1, 3) },
    IncrementalAlterConfigs: {
      resources: [{ ...onTopic, configs: [{ ...config, configOperation: rng.below(5) }] }],
    },
    InitProducerId: {
      transactionalId: rng.pick([null, transaction()]),
      transactionTimeoutMs: rng.below(2000),
      producerId: rng.between(-1, 3),
      producerEpoch: epoch(),
    },
    JoinGroup: {
      ...inGroup(),
      sessionTimeoutMs: 6000,
      rebalanceTimeoutMs: rng.below(10),
      protocolType: rng.pick(['consumer', 'connect', '']),
      protocols: [{ name: 'range', metadata: Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]) }],
    },
    LeaveGroup: { ...inGroup(), members: [{ memberId: member(), groupInstanceId: instance() }] },
    ListConfigResources: { resourceTypes: rng.pick([[], [2, 4, 32], [16, 99]]) },
    ListGroups: { statesFilter: rng.pick([[], ['Stable', 'x']]), typesFilter: rng.pick([[], ['classic']]) },
    ListOffsets: {
      replicaId: -1,
      isolationLevel: rng.below(2),
      topics: [
        {
          name: topic(),
          partitions: partitions().map((partitionIndex) => ({
            partitionIndex,
            currentLeaderEpoch: epoch(),
            timestamp: rng.pick([-1, -2, -3, -4, -5, 0, Date.now()]),
          })),
        },
      ],
    },
    ListTransactions: {
      stateFilters: rng.pick([[], ['Ongoing', 'x']]),
      producerIdFilters: rng.pick([[], [1]]),
      durationFilter: rng.between(-1, 5),
      transactionalIdPattern: rng.pick([null, 't.*', '(', '(x*)*']),
    },
    Metadata: {
      topics: rng.pick([
        null,
        [],
        [
          { name: topic(), topicId: zeroUuid },
          { name: null, topicId: topicId() },
        ],
      ]),
      allowAutoTopicCreation: rng.below(4) === 0,
    },
    OffsetCommit: {
      ...inGroup(),
      generationIdOrMemberEpoch: rng.between(-1, 2),
      topics: [{ name: topic(), partitions: offsets() }],
    },
    OffsetDelete: {
      groupId: group(),
      topics: [{ name: topic(), partitions: [{ partitionIndex: partition() }] }],
    },
    OffsetFetch: {
      groupId: group(),
      topics: rng.pick([null, [{ name: topic(), partitionIndexes: partitions() }]]),
      groups: [
        {
          groupId: group(),
          memberId: rng.pick([null, member()]),
          memberEpoch: epoch(),
          topics: rng.pick([null, [{ name: topic(), partitionIndexes: partitions() }]]),
        },
      ],
      requireStable: rng.below(2) === 0,
    },
    OffsetForLeaderEpoch: {
      replicaId: -2,
      topics: [
        {
          topic: topic(),
          partitions: [{ partition: partition(), currentLeaderEpoch: -1, leaderEpoch: epoch() }],
        },
      ],
    },
    Produce: {
      transactionalId: rng.pick([null, null, transaction()]),
      acks: rng.pick([-1, -1, 1, 0, 7]),
      timeoutMs: 100,
      topicData: [
        { name: topic(), partitionData: [0, 1].map((index) => ({ index, records: [batch(rng)] })) },
      ],
    },
    SaslAuthenticate: {
      authBytes: Buffer.from(rng.pick(['\0u\0p', 'n,,n=u,r=abc', 'n,,\u0001auth=Bearer x\u0001\u0001', ''])),
    },
    SaslHandshake: { mechanism: rng.pick(['PLAIN', 'SCRAM-SHA-256', 'OAUTHBEARER', 'GSSAPI']) },
    SyncGroup: {
      ...inGroup(),
      generationId: rng.between(-1, 3),
      protocolType: rng.pick([null, 'consumer']),
      protocolName: rng.pick([null, 'range']),
      assignments: [{ memberId: member(), assignment: Buffer.from([0, 0]) }],
    },
    TxnOffsetCommit: {
      ...inGroup(),
      ...producer,
      transactionalId: transaction(),
      generationId: epoch(),
      topics: [{ name: topic(), partitions: offsets() }],
    },
    WriteTxnMarkers: {
      markers: [
        {
          ...producer,
          transactionResult: rng.below(2) === 0,
          coordinatorEpoch: rng.below(2),
          topics: [{ name: rng.pick([topic(), '__consumer_offsets']), partitionIndexes: partitions() }],
        },
      ],
    },
  };
}
