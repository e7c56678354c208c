/* SyncGroup (14): the leader brings the assignment of all, or the broker made it; everybody gets its own. */

import { errorCodes } from '#kafka';
import { syncMixed } from '../cluster/groups/mixed-group.ts';
import type { Handler } from './handler.ts';

export const syncGroup: Handler<'SyncGroup'> = (request, { cluster, version, may }) => {
  if (version >= 5 && (request.protocolType === null || request.protocolName === null))
    return { errorCode: errorCodes.INCONSISTENT_GROUP_PROTOCOL };
  if (!may('read', 'group', request.groupId)) return { errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED };
  if (request.groupId === '') return { errorCode: errorCodes.INVALID_GROUP_ID };
  const group = cluster.groups.get(request.groupId);
  if (group === undefined) return { errorCode: errorCodes.UNKNOWN_MEMBER_ID };
  return group.kind === 'classic' ? group.sync(request) : syncMixed(group, request, cluster.topics);
};
