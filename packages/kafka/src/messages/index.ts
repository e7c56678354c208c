/* Every request that is served, by name. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import {
  addOffsetsToTxnApi,
  type AddOffsetsToTxnRequest,
  type AddOffsetsToTxnResponse,
} from './add-offsets-to-txn.ts';
import {
  addPartitionsToTxnApi,
  type AddPartitionsToTxnRequest,
  type AddPartitionsToTxnResponse,
} from './add-partitions-to-txn.ts';
import { alterConfigsApi, type AlterConfigsRequest, type AlterConfigsResponse } from './alter-configs.ts';
import {
  alterUserScramCredentialsApi,
  type AlterUserScramCredentialsRequest,
  type AlterUserScramCredentialsResponse,
} from './alter-user-scram-credentials.ts';
import { apiVersionsApi, type ApiVersionsRequest, type ApiVersionsResponse } from './api-versions.ts';
import {
  consumerGroupDescribeApi,
  type ConsumerGroupDescribeRequest,
  type ConsumerGroupDescribeResponse,
} from './consumer-group-describe.ts';
import {
  consumerGroupHeartbeatApi,
  type ConsumerGroupHeartbeatRequest,
  type ConsumerGroupHeartbeatResponse,
} from './consumer-group-heartbeat.ts';
import { createAclsApi, type CreateAclsRequest, type CreateAclsResponse } from './create-acls.ts';
import {
  createPartitionsApi,
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
} from './create-partitions.ts';
import { createTopicsApi, type CreateTopicsRequest, type CreateTopicsResponse } from './create-topics.ts';
import { deleteAclsApi, type DeleteAclsRequest, type DeleteAclsResponse } from './delete-acls.ts';
import { deleteGroupsApi, type DeleteGroupsRequest, type DeleteGroupsResponse } from './delete-groups.ts';
import { deleteRecordsApi, type DeleteRecordsRequest, type DeleteRecordsResponse } from './delete-records.ts';
import { deleteTopicsApi, type DeleteTopicsRequest, type DeleteTopicsResponse } from './delete-topics.ts';
import { describeAclsApi, type DescribeAclsRequest, type DescribeAclsResponse } from './describe-acls.ts';
import {
  describeClusterApi,
  type DescribeClusterRequest,
  type DescribeClusterResponse,
} from './describe-cluster.ts';
import {
  describeConfigsApi,
  type DescribeConfigsRequest,
  type DescribeConfigsResponse,
} from './describe-configs.ts';
import {
  describeGroupsApi,
  type DescribeGroupsRequest,
  type DescribeGroupsResponse,
} from './describe-groups.ts';
import {
  describeLogDirsApi,
  type DescribeLogDirsRequest,
  type DescribeLogDirsResponse,
} from './describe-log-dirs.ts';
import {
  describeProducersApi,
  type DescribeProducersRequest,
  type DescribeProducersResponse,
} from './describe-producers.ts';
import {
  describeTopicPartitionsApi,
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
} from './describe-topic-partitions.ts';
import {
  describeTransactionsApi,
  type DescribeTransactionsRequest,
  type DescribeTransactionsResponse,
} from './describe-transactions.ts';
import {
  describeUserScramCredentialsApi,
  type DescribeUserScramCredentialsRequest,
  type DescribeUserScramCredentialsResponse,
} from './describe-user-scram-credentials.ts';
import { endTxnApi, type EndTxnRequest, type EndTxnResponse } from './end-txn.ts';
import { fetchApi, type FetchRequest, type FetchResponse } from './fetch.ts';
import {
  findCoordinatorApi,
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
} from './find-coordinator.ts';
import { heartbeatApi, type HeartbeatRequest, type HeartbeatResponse } from './heartbeat.ts';
import {
  incrementalAlterConfigsApi,
  type IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsResponse,
} from './incremental-alter-configs.ts';
import {
  initProducerIdApi,
  type InitProducerIdRequest,
  type InitProducerIdResponse,
} from './init-producer-id.ts';
import { joinGroupApi, type JoinGroupRequest, type JoinGroupResponse } from './join-group.ts';
import { leaveGroupApi, type LeaveGroupRequest, type LeaveGroupResponse } from './leave-group.ts';
import {
  listConfigResourcesApi,
  type ListConfigResourcesRequest,
  type ListConfigResourcesResponse,
} from './list-config-resources.ts';
import { listGroupsApi, type ListGroupsRequest, type ListGroupsResponse } from './list-groups.ts';
import { listOffsetsApi, type ListOffsetsRequest, type ListOffsetsResponse } from './list-offsets.ts';
import {
  listTransactionsApi,
  type ListTransactionsRequest,
  type ListTransactionsResponse,
} from './list-transactions.ts';
import { metadataApi, type MetadataRequest, type MetadataResponse } from './metadata.ts';
import { offsetCommitApi, type OffsetCommitRequest, type OffsetCommitResponse } from './offset-commit.ts';
import { offsetDeleteApi, type OffsetDeleteRequest, type OffsetDeleteResponse } from './offset-delete.ts';
import { offsetFetchApi, type OffsetFetchRequest, type OffsetFetchResponse } from './offset-fetch.ts';
import {
  offsetForLeaderEpochApi,
  type OffsetForLeaderEpochRequest,
  type OffsetForLeaderEpochResponse,
} from './offset-for-leader-epoch.ts';
import { produceApi, type ProduceRequest, type ProduceResponse } from './produce.ts';
import {
  saslAuthenticateApi,
  type SaslAuthenticateRequest,
  type SaslAuthenticateResponse,
} from './sasl-authenticate.ts';
import { saslHandshakeApi, type SaslHandshakeRequest, type SaslHandshakeResponse } from './sasl-handshake.ts';
import { syncGroupApi, type SyncGroupRequest, type SyncGroupResponse } from './sync-group.ts';
import {
  txnOffsetCommitApi,
  type TxnOffsetCommitRequest,
  type TxnOffsetCommitResponse,
} from './txn-offset-commit.ts';
import {
  writeTxnMarkersApi,
  type WriteTxnMarkersRequest,
  type WriteTxnMarkersResponse,
} from './write-txn-markers.ts';

export type { AddOffsetsToTxnRequest, AddOffsetsToTxnResponse } from './add-offsets-to-txn.ts';
export type { AddPartitionsToTxnRequest, AddPartitionsToTxnResponse } from './add-partitions-to-txn.ts';
export type { AlterConfigsRequest, AlterConfigsResponse } from './alter-configs.ts';
export type {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
} from './alter-user-scram-credentials.ts';
export type { ApiVersionsRequest, ApiVersionsResponse } from './api-versions.ts';
export type {
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
} from './consumer-group-describe.ts';
export type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from './consumer-group-heartbeat.ts';
export type { CreateAclsRequest, CreateAclsResponse } from './create-acls.ts';
export type { CreatePartitionsRequest, CreatePartitionsResponse } from './create-partitions.ts';
export type { CreateTopicsRequest, CreateTopicsResponse } from './create-topics.ts';
export type { DeleteAclsRequest, DeleteAclsResponse } from './delete-acls.ts';
export type { DeleteGroupsRequest, DeleteGroupsResponse } from './delete-groups.ts';
export type { DeleteRecordsRequest, DeleteRecordsResponse } from './delete-records.ts';
export type { DeleteTopicsRequest, DeleteTopicsResponse } from './delete-topics.ts';
export type { DescribeAclsRequest, DescribeAclsResponse } from './describe-acls.ts';
export type { DescribeClusterRequest, DescribeClusterResponse } from './describe-cluster.ts';
export type { DescribeConfigsRequest, DescribeConfigsResponse } from './describe-configs.ts';
export type { DescribeGroupsRequest, DescribeGroupsResponse } from './describe-groups.ts';
export type { DescribeLogDirsRequest, DescribeLogDirsResponse } from './describe-log-dirs.ts';
export type { DescribeProducersRequest, DescribeProducersResponse } from './describe-producers.ts';
export type {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from './describe-topic-partitions.ts';
export type { DescribeTransactionsRequest, DescribeTransactionsResponse } from './describe-transactions.ts';
export type {
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse,
} from './describe-user-scram-credentials.ts';
export type { EndTxnRequest, EndTxnResponse } from './end-txn.ts';
export type { FetchRequest, FetchResponse } from './fetch.ts';
export type { FindCoordinatorRequest, FindCoordinatorResponse } from './find-coordinator.ts';
export type { HeartbeatRequest, HeartbeatResponse } from './heartbeat.ts';
export type {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from './incremental-alter-configs.ts';
export type { InitProducerIdRequest, InitProducerIdResponse } from './init-producer-id.ts';
export type { JoinGroupRequest, JoinGroupResponse } from './join-group.ts';
export type { LeaveGroupRequest, LeaveGroupResponse } from './leave-group.ts';
export type { ListConfigResourcesRequest, ListConfigResourcesResponse } from './list-config-resources.ts';
export type { ListGroupsRequest, ListGroupsResponse } from './list-groups.ts';
export type { ListOffsetsRequest, ListOffsetsResponse } from './list-offsets.ts';
export type { ListTransactionsRequest, ListTransactionsResponse } from './list-transactions.ts';
export type { MetadataRequest, MetadataResponse } from './metadata.ts';
export type { OffsetCommitRequest, OffsetCommitResponse } from './offset-commit.ts';
export type { OffsetDeleteRequest, OffsetDeleteResponse } from './offset-delete.ts';
export type { OffsetFetchRequest, OffsetFetchResponse } from './offset-fetch.ts';
export type { OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse } from './offset-for-leader-epoch.ts';
export type { ProduceRequest, ProduceResponse } from './produce.ts';
export type { SaslAuthenticateRequest, SaslAuthenticateResponse } from './sasl-authenticate.ts';
export type { SaslHandshakeRequest, SaslHandshakeResponse } from './sasl-handshake.ts';
export type { SyncGroupRequest, SyncGroupResponse } from './sync-group.ts';
export type { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from './txn-offset-commit.ts';
export type { WriteTxnMarkersRequest, WriteTxnMarkersResponse } from './write-txn-markers.ts';

/** What travels, by the name of the request. */
export interface Messages {
  readonly Produce: { readonly request: ProduceRequest; readonly response: ProduceResponse };
  readonly Fetch: { readonly request: FetchRequest; readonly response: FetchResponse };
  readonly ListOffsets: { readonly request: ListOffsetsRequest; readonly response: ListOffsetsResponse };
  readonly Metadata: { readonly request: MetadataRequest; readonly response: MetadataResponse };
  readonly OffsetCommit: { readonly request: OffsetCommitRequest; readonly response: OffsetCommitResponse };
  readonly OffsetFetch: { readonly request: OffsetFetchRequest; readonly response: OffsetFetchResponse };
  readonly FindCoordinator: {
    readonly request: FindCoordinatorRequest;
    readonly response: FindCoordinatorResponse;
  };
  readonly JoinGroup: { readonly request: JoinGroupRequest; readonly response: JoinGroupResponse };
  readonly Heartbeat: { readonly request: HeartbeatRequest; readonly response: HeartbeatResponse };
  readonly LeaveGroup: { readonly request: LeaveGroupRequest; readonly response: LeaveGroupResponse };
  readonly SyncGroup: { readonly request: SyncGroupRequest; readonly response: SyncGroupResponse };
  readonly DescribeGroups: {
    readonly request: DescribeGroupsRequest;
    readonly response: DescribeGroupsResponse;
  };
  readonly ListGroups: { readonly request: ListGroupsRequest; readonly response: ListGroupsResponse };
  readonly SaslHandshake: {
    readonly request: SaslHandshakeRequest;
    readonly response: SaslHandshakeResponse;
  };
  readonly ApiVersions: { readonly request: ApiVersionsRequest; readonly response: ApiVersionsResponse };
  readonly CreateTopics: { readonly request: CreateTopicsRequest; readonly response: CreateTopicsResponse };
  readonly DeleteTopics: { readonly request: DeleteTopicsRequest; readonly response: DeleteTopicsResponse };
  readonly DeleteRecords: {
    readonly request: DeleteRecordsRequest;
    readonly response: DeleteRecordsResponse;
  };
  readonly InitProducerId: {
    readonly request: InitProducerIdRequest;
    readonly response: InitProducerIdResponse;
  };
  readonly OffsetForLeaderEpoch: {
    readonly request: OffsetForLeaderEpochRequest;
    readonly response: OffsetForLeaderEpochResponse;
  };
  readonly AddPartitionsToTxn: {
    readonly request: AddPartitionsToTxnRequest;
    readonly response: AddPartitionsToTxnResponse;
  };
  readonly AddOffsetsToTxn: {
    readonly request: AddOffsetsToTxnRequest;
    readonly response: AddOffsetsToTxnResponse;
  };
  readonly EndTxn: { readonly request: EndTxnRequest; readonly response: EndTxnResponse };
  readonly WriteTxnMarkers: {
    readonly request: WriteTxnMarkersRequest;
    readonly response: WriteTxnMarkersResponse;
  };
  readonly TxnOffsetCommit: {
    readonly request: TxnOffsetCommitRequest;
    readonly response: TxnOffsetCommitResponse;
  };
  readonly DescribeAcls: { readonly request: DescribeAclsRequest; readonly response: DescribeAclsResponse };
  readonly CreateAcls: { readonly request: CreateAclsRequest; readonly response: CreateAclsResponse };
  readonly DeleteAcls: { readonly request: DeleteAclsRequest; readonly response: DeleteAclsResponse };
  readonly DescribeConfigs: {
    readonly request: DescribeConfigsRequest;
    readonly response: DescribeConfigsResponse;
  };
  readonly AlterConfigs: { readonly request: AlterConfigsRequest; readonly response: AlterConfigsResponse };
  readonly DescribeLogDirs: {
    readonly request: DescribeLogDirsRequest;
    readonly response: DescribeLogDirsResponse;
  };
  readonly SaslAuthenticate: {
    readonly request: SaslAuthenticateRequest;
    readonly response: SaslAuthenticateResponse;
  };
  readonly CreatePartitions: {
    readonly request: CreatePartitionsRequest;
    readonly response: CreatePartitionsResponse;
  };
  readonly DeleteGroups: { readonly request: DeleteGroupsRequest; readonly response: DeleteGroupsResponse };
  readonly IncrementalAlterConfigs: {
    readonly request: IncrementalAlterConfigsRequest;
    readonly response: IncrementalAlterConfigsResponse;
  };
  readonly OffsetDelete: { readonly request: OffsetDeleteRequest; readonly response: OffsetDeleteResponse };
  readonly DescribeUserScramCredentials: {
    readonly request: DescribeUserScramCredentialsRequest;
    readonly response: DescribeUserScramCredentialsResponse;
  };
  readonly AlterUserScramCredentials: {
    readonly request: AlterUserScramCredentialsRequest;
    readonly response: AlterUserScramCredentialsResponse;
  };
  readonly DescribeCluster: {
    readonly request: DescribeClusterRequest;
    readonly response: DescribeClusterResponse;
  };
  readonly DescribeProducers: {
    readonly request: DescribeProducersRequest;
    readonly response: DescribeProducersResponse;
  };
  readonly DescribeTransactions: {
    readonly request: DescribeTransactionsRequest;
    readonly response: DescribeTransactionsResponse;
  };
  readonly ListTransactions: {
    readonly request: ListTransactionsRequest;
    readonly response: ListTransactionsResponse;
  };
  readonly ConsumerGroupHeartbeat: {
    readonly request: ConsumerGroupHeartbeatRequest;
    readonly response: ConsumerGroupHeartbeatResponse;
  };
  readonly ConsumerGroupDescribe: {
    readonly request: ConsumerGroupDescribeRequest;
    readonly response: ConsumerGroupDescribeResponse;
  };
  readonly ListConfigResources: {
    readonly request: ListConfigResourcesRequest;
    readonly response: ListConfigResourcesResponse;
  };
  readonly DescribeTopicPartitions: {
    readonly request: DescribeTopicPartitionsRequest;
    readonly response: DescribeTopicPartitionsResponse;
  };
}

/** Key in the protocol, served versions, the first version with tagged fields, and the codecs. */
export const apis = {
  Produce: produceApi,
  Fetch: fetchApi,
  ListOffsets: listOffsetsApi,
  Metadata: metadataApi,
  OffsetCommit: offsetCommitApi,
  OffsetFetch: offsetFetchApi,
  FindCoordinator: findCoordinatorApi,
  JoinGroup: joinGroupApi,
  Heartbeat: heartbeatApi,
  LeaveGroup: leaveGroupApi,
  SyncGroup: syncGroupApi,
  DescribeGroups: describeGroupsApi,
  ListGroups: listGroupsApi,
  SaslHandshake: saslHandshakeApi,
  ApiVersions: apiVersionsApi,
  CreateTopics: createTopicsApi,
  DeleteTopics: deleteTopicsApi,
  DeleteRecords: deleteRecordsApi,
  InitProducerId: initProducerIdApi,
  OffsetForLeaderEpoch: offsetForLeaderEpochApi,
  AddPartitionsToTxn: addPartitionsToTxnApi,
  AddOffsetsToTxn: addOffsetsToTxnApi,
  EndTxn: endTxnApi,
  WriteTxnMarkers: writeTxnMarkersApi,
  TxnOffsetCommit: txnOffsetCommitApi,
  DescribeAcls: describeAclsApi,
  CreateAcls: createAclsApi,
  DeleteAcls: deleteAclsApi,
  DescribeConfigs: describeConfigsApi,
  AlterConfigs: alterConfigsApi,
  DescribeLogDirs: describeLogDirsApi,
  SaslAuthenticate: saslAuthenticateApi,
  CreatePartitions: createPartitionsApi,
  DeleteGroups: deleteGroupsApi,
  IncrementalAlterConfigs: incrementalAlterConfigsApi,
  OffsetDelete: offsetDeleteApi,
  DescribeUserScramCredentials: describeUserScramCredentialsApi,
  AlterUserScramCredentials: alterUserScramCredentialsApi,
  DescribeCluster: describeClusterApi,
  DescribeProducers: describeProducersApi,
  DescribeTransactions: describeTransactionsApi,
  ListTransactions: listTransactionsApi,
  ConsumerGroupHeartbeat: consumerGroupHeartbeatApi,
  ConsumerGroupDescribe: consumerGroupDescribeApi,
  ListConfigResources: listConfigResourcesApi,
  DescribeTopicPartitions: describeTopicPartitionsApi,
} as const;

export type ApiName = keyof typeof apis;
