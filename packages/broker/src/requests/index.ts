/* Every request that is answered, by name. What is not in this table is not advertised. */

import { apis, type ApiName } from '#kafka';
import { addOffsetsToTxn } from './add-offsets-to-txn.ts';
import { addPartitionsToTxn } from './add-partitions-to-txn.ts';
import { apiVersions } from './api-versions.ts';
import { createTopics } from './create-topics.ts';
import { deleteTopics } from './delete-topics.ts';
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
import { txnOffsetCommit } from './txn-offset-commit.ts';

export const handlers: Handlers = {
  AddOffsetsToTxn: addOffsetsToTxn,
  AddPartitionsToTxn: addPartitionsToTxn,
  ApiVersions: apiVersions(() => servedApis()),
  CreateTopics: createTopics,
  DeleteTopics: deleteTopics,
  DescribeProducers: describeProducers,
  DescribeTransactions: describeTransactions,
  EndTxn: endTxn,
  Fetch: fetch,
  FindCoordinator: findCoordinator,
  InitProducerId: initProducerId,
  ListOffsets: listOffsets,
  ListTransactions: listTransactions,
  Metadata: metadata,
  Produce: produce,
  TxnOffsetCommit: txnOffsetCommit,
};

export const servedApis = (): ApiName[] =>
  (Object.keys(apis) as ApiName[]).filter((name) => handlers[name] !== undefined);
