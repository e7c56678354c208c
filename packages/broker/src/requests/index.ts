/* Every request that is answered, by name. What is not in this table is not advertised. */

import { apis, type ApiName } from '#kafka';
import { createAcls, deleteAcls, describeAcls } from './acls.ts';
import { addOffsetsToTxn } from './add-offsets-to-txn.ts';
import { addPartitionsToTxn } from './add-partitions-to-txn.ts';
import { alterConfigs, incrementalAlterConfigs } from './alter-configs.ts';
import { apiVersions } from './api-versions.ts';
import { createPartitions } from './create-partitions.ts';
import { createTopics } from './create-topics.ts';
import { deleteTopics } from './delete-topics.ts';
import { describeCluster } from './describe-cluster.ts';
import { describeConfigs } from './describe-configs.ts';
import { describeProducers } from './describe-producers.ts';
import { describeTransactions } from './describe-transactions.ts';
import { endTxn } from './end-txn.ts';
import { fetch } from './fetch.ts';
import { findCoordinator } from './find-coordinator.ts';
import type { Handlers } from './handler.ts';
import { initProducerId } from './init-producer-id.ts';
import { listOffsets } from './list-offsets.ts';
import { listTransactions } from './list-transactions.ts';
import { metadata } from './metadata.ts';
import { produce } from './produce.ts';
import { saslAuthenticate } from './sasl-authenticate.ts';
import { saslHandshake } from './sasl-handshake.ts';
import { alterUserScramCredentials, describeUserScramCredentials } from './scram-credentials.ts';
import { txnOffsetCommit } from './txn-offset-commit.ts';

export const handlers: Handlers = {
  AddOffsetsToTxn: addOffsetsToTxn,
  AddPartitionsToTxn: addPartitionsToTxn,
  AlterConfigs: alterConfigs,
  AlterUserScramCredentials: alterUserScramCredentials,
  ApiVersions: apiVersions(() => servedApis()),
  CreateAcls: createAcls,
  CreatePartitions: createPartitions,
  CreateTopics: createTopics,
  DeleteAcls: deleteAcls,
  DeleteTopics: deleteTopics,
  DescribeAcls: describeAcls,
  DescribeCluster: describeCluster,
  DescribeConfigs: describeConfigs,
  DescribeProducers: describeProducers,
  DescribeTransactions: describeTransactions,
  DescribeUserScramCredentials: describeUserScramCredentials,
  EndTxn: endTxn,
  Fetch: fetch,
  FindCoordinator: findCoordinator,
  IncrementalAlterConfigs: incrementalAlterConfigs,
  InitProducerId: initProducerId,
  ListOffsets: listOffsets,
  ListTransactions: listTransactions,
  Metadata: metadata,
  Produce: produce,
  SaslAuthenticate: saslAuthenticate,
  SaslHandshake: saslHandshake,
  TxnOffsetCommit: txnOffsetCommit,
};

export const servedApis = (): ApiName[] =>
  (Object.keys(apis) as ApiName[]).filter((name) => handlers[name] !== undefined);
