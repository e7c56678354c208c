/* JoinGroup (11): waits for the next generation of a classic group; in a consumer group it is answered at once. */

import { errorCodes } from '#kafka';
import { refusedJoin } from '../cluster/groups/classic-group.ts';
import { joinClassic } from '../cluster/groups/classic-join.ts';
import { joinMixed } from '../cluster/groups/mixed-group.ts';
import type { Handler } from './handler.ts';

export const joinGroup: Handler<'JoinGroup'> = async (request, { cluster, client, version, may }) => {
  const { groups, world } = cluster;
  const { settings } = groups;
  const { groupId, memberId, sessionTimeoutMs } = request;
  if (!may('read', 'group', groupId)) return refusedJoin('GROUP_AUTHORIZATION_FAILED', memberId);
  if (groupId === '') return refusedJoin('INVALID_GROUP_ID', memberId);
  if (sessionTimeoutMs < settings.sessionMsMin || sessionTimeoutMs > settings.sessionMsMax)
    return refusedJoin('INVALID_SESSION_TIMEOUT', memberId);
  const group = groups.classicFor(groupId, memberId === '');
  if (group === undefined) return refusedJoin('UNKNOWN_MEMBER_ID', memberId);
  const ask = { request, client, version, settings, world };
  const answer =
    group.kind === 'consumer' ? joinMixed(group, ask, cluster.topics) : await joinClassic(group, ask);
  // Null names no protocol from version 7 on; older versions cannot say null.
  const nameless = answer.errorCode === errorCodes.NONE ? {} : { protocolName: version >= 7 ? null : '' };
  return { ...answer, ...nameless };
};
