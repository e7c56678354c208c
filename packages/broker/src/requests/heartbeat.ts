/* Heartbeat (12): a member of the classic protocol lives, and hears whether it must join again. */

import { errorCodes } from '#kafka';
import { heartbeatMixed } from '../cluster/groups/mixed-group.ts';
import type { Handler } from './handler.ts';

export const heartbeat: Handler<'Heartbeat'> = (request, { cluster, may }) => {
  if (!may('read', 'group', request.groupId)) return { errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED };
  if (request.groupId === '') return { errorCode: errorCodes.INVALID_GROUP_ID };
  const group = cluster.groups.get(request.groupId);
  if (group === undefined) return { errorCode: errorCodes.UNKNOWN_MEMBER_ID };
  const error = group.kind === 'classic' ? group.heartbeat(request) : heartbeatMixed(group, request);
  return { errorCode: errorCodes[error ?? 'NONE'] };
};
