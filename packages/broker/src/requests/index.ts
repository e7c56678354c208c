/* Every request that is answered, by name. What is not in this table is not advertised. */

import { apis, type ApiName } from '#kafka';
import { apiVersions } from './api-versions.ts';
import { createTopics } from './create-topics.ts';
import { deleteRecords } from './delete-records.ts';
import { deleteTopics } from './delete-topics.ts';
import { fetch } from './fetch.ts';
import type { Handlers } from './handler.ts';
import { listOffsets } from './list-offsets.ts';
import { metadata } from './metadata.ts';
import { offsetForLeaderEpoch } from './offset-for-leader-epoch.ts';
import { produce } from './produce.ts';

export const handlers: Handlers = {
  ApiVersions: apiVersions(() => servedApis()),
  CreateTopics: createTopics,
  DeleteRecords: deleteRecords,
  DeleteTopics: deleteTopics,
  Fetch: fetch,
  ListOffsets: listOffsets,
  Metadata: metadata,
  OffsetForLeaderEpoch: offsetForLeaderEpoch,
  Produce: produce,
};

export const servedApis = (): ApiName[] =>
  (Object.keys(apis) as ApiName[]).filter((name) => handlers[name] !== undefined);
