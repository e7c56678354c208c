/* Every request that is answered, by name. What is not in this table is not advertised. */

import { apis, type ApiName } from '#kafka';
import { apiVersions } from './api-versions.ts';
import { consumerGroupDescribe } from './consumer-group-describe.ts';
import { consumerGroupHeartbeat } from './consumer-group-heartbeat.ts';
import { createTopics } from './create-topics.ts';
import { deleteGroups } from './delete-groups.ts';
import { deleteTopics } from './delete-topics.ts';
import { describeGroups } from './describe-groups.ts';
import { fetch } from './fetch.ts';
import { findCoordinator } from './find-coordinator.ts';
import type { Handlers } from './handler.ts';
import { heartbeat } from './heartbeat.ts';
import { joinGroup } from './join-group.ts';
import { leaveGroup } from './leave-group.ts';
import { listGroups } from './list-groups.ts';
import { listOffsets } from './list-offsets.ts';
import { metadata } from './metadata.ts';
import { offsetCommit } from './offset-commit.ts';
import { offsetDelete } from './offset-delete.ts';
import { offsetFetch } from './offset-fetch.ts';
import { produce } from './produce.ts';
import { syncGroup } from './sync-group.ts';

export const handlers: Handlers = {
  ApiVersions: apiVersions(() => servedApis()),
  ConsumerGroupDescribe: consumerGroupDescribe,
  ConsumerGroupHeartbeat: consumerGroupHeartbeat,
  CreateTopics: createTopics,
  DeleteGroups: deleteGroups,
  DeleteTopics: deleteTopics,
  DescribeGroups: describeGroups,
  Fetch: fetch,
  FindCoordinator: findCoordinator,
  Heartbeat: heartbeat,
  JoinGroup: joinGroup,
  LeaveGroup: leaveGroup,
  ListGroups: listGroups,
  ListOffsets: listOffsets,
  Metadata: metadata,
  OffsetCommit: offsetCommit,
  OffsetDelete: offsetDelete,
  OffsetFetch: offsetFetch,
  Produce: produce,
  SyncGroup: syncGroup,
};

export const servedApis = (): ApiName[] =>
  (Object.keys(apis) as ApiName[]).filter((name) => handlers[name] !== undefined);
