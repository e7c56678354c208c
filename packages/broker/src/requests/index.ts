/* Every request that is answered, by name. What is not in this table is not advertised. */

import { apis, type ApiName } from '#kafka';
import { createAcls, deleteAcls, describeAcls } from './acls.ts';
import { alterConfigs, incrementalAlterConfigs } from './alter-configs.ts';
import { apiVersions } from './api-versions.ts';
import { createPartitions } from './create-partitions.ts';
import { createTopics } from './create-topics.ts';
import { deleteRecords } from './delete-records.ts';
import { deleteTopics } from './delete-topics.ts';
import { describeCluster } from './describe-cluster.ts';
import { describeConfigs } from './describe-configs.ts';
import { fetch } from './fetch.ts';
import type { Handlers } from './handler.ts';
import { listOffsets } from './list-offsets.ts';
import { metadata } from './metadata.ts';
import { offsetForLeaderEpoch } from './offset-for-leader-epoch.ts';
import { produce } from './produce.ts';

import { saslAuthenticate } from './sasl-authenticate.ts';
import { saslHandshake } from './sasl-handshake.ts';
import { alterUserScramCredentials, describeUserScramCredentials } from './scram-credentials.ts';

export const handlers: Handlers = {
  AlterConfigs: alterConfigs,
  AlterUserScramCredentials: alterUserScramCredentials,
  ApiVersions: apiVersions(() => servedApis()),
  CreateAcls: createAcls,
  CreatePartitions: createPartitions,
  CreateTopics: createTopics,
  DeleteAcls: deleteAcls,
  DeleteRecords: deleteRecords,
  DeleteTopics: deleteTopics,
  DescribeAcls: describeAcls,
  DescribeCluster: describeCluster,
  DescribeConfigs: describeConfigs,
  DescribeUserScramCredentials: describeUserScramCredentials,
  Fetch: fetch,
  IncrementalAlterConfigs: incrementalAlterConfigs,
  ListOffsets: listOffsets,
  Metadata: metadata,
  OffsetForLeaderEpoch: offsetForLeaderEpoch,
  Produce: produce,
  SaslAuthenticate: saslAuthenticate,
  SaslHandshake: saslHandshake,
};

export const servedApis = (): ApiName[] =>
  (Object.keys(apis) as ApiName[]).filter((name) => handlers[name] !== undefined);
