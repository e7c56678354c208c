/* The requests that the embedded broker knows, and the versions of each: what today's clients need of Kafka 4.1. */

export interface Versions {
  readonly min: number;
  readonly max: number;
}
const v = (min: number, max: number): Versions => ({ min, max });

export const served: Readonly<Record<string, Versions>> = {
  Produce: v(3, 11),
  Fetch: v(4, 17),
  ListOffsets: v(1, 10),
  Metadata: v(0, 12),
  OffsetCommit: v(2, 9),
  OffsetFetch: v(1, 9),
  FindCoordinator: v(0, 6),
  JoinGroup: v(0, 9),
  Heartbeat: v(0, 4),
  LeaveGroup: v(0, 5),
  SyncGroup: v(0, 5),
  DescribeGroups: v(0, 6),
  ListGroups: v(0, 5),
  SaslHandshake: v(0, 1),
  ApiVersions: v(0, 4),
  CreateTopics: v(2, 7),
  DeleteTopics: v(1, 6),
  DeleteRecords: v(0, 2),
  InitProducerId: v(0, 5),
  OffsetForLeaderEpoch: v(2, 4),
  AddPartitionsToTxn: v(0, 5),
  AddOffsetsToTxn: v(0, 4),
  EndTxn: v(0, 4),
  TxnOffsetCommit: v(0, 4),
  DescribeAcls: v(1, 3),
  CreateAcls: v(1, 3),
  DeleteAcls: v(1, 3),
  DescribeConfigs: v(1, 4),
  AlterConfigs: v(0, 2),
  DescribeLogDirs: v(1, 4),
  SaslAuthenticate: v(0, 2),
  CreatePartitions: v(0, 3),
  DeleteGroups: v(0, 2),
  IncrementalAlterConfigs: v(0, 1),
  OffsetDelete: v(0, 0),
  DescribeUserScramCredentials: v(0, 0),
  AlterUserScramCredentials: v(0, 0),
  DescribeCluster: v(0, 1),
  DescribeProducers: v(0, 0),
  DescribeTransactions: v(0, 0),
  ListTransactions: v(0, 2),
  ConsumerGroupHeartbeat: v(0, 1),
  ConsumerGroupDescribe: v(0, 1),
  DescribeTopicPartitions: v(0, 0),
};
