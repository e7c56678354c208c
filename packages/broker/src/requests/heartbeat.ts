/* Heartbeat (12): a member of a classic group lives, and hears whether it must join again. */

import { errorCodes } from '#kafka';
import type { Handler } from './handler.ts';

export const heartbeat: Handler<'Heartbeat'> = (request, { cluster, may }) => {
  if (!may('read', 'group', request.groupId)) return { errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED };
  if (request.groupId === '') return { errorCode: errorCodes.INVALID_GROUP_ID };
  const group = cluster.groups.get(request.groupId);
  const error = group?.kind === 'classic' ? group.heartbeat(request) : 'UNKNOWN_MEMBER_ID';
  return { errorCode: errorCodes[error ?? 'NONE'] };
};
