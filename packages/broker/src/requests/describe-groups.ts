/* DescribeGroups (15): classic groups and their members. A group that is not there is dead; version 6 says so by an error. */

import { errorCodes, type Messages, type Sparse } from '#kafka';
import type { ClassicGroup } from '../cluster/groups/classic-group.ts';
import { authorizedOperations, notAsked } from '../security/authorized-operations.ts';
import type { Handler } from './handler.ts';

type Answer = Sparse<Messages['DescribeGroups']['response']['groups'][number]>;

export const describeGroups: Handler<'DescribeGroups'> = (request, { cluster, version, may }) => ({
  groups: [...new Set(request.groups)].map((groupId): Answer => {
    if (!may('describe', 'group', groupId))
      return { groupId, errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED };
    const group = cluster.groups.get(groupId);
    const operations = request.includeAuthorizedOperations
      ? authorizedOperations(may, 'group', groupId)
      : notAsked;
    if (group?.kind === 'classic') return { ...describe(group), authorizedOperations: operations };
    const why = group === undefined ? 'not found' : 'not a classic group';
    return {
      groupId,
      groupState: 'Dead',
      authorizedOperations: operations,
      ...(version < 6
        ? {}
        : { errorCode: errorCodes.GROUP_ID_NOT_FOUND, errorMessage: `Group ${groupId} is ${why}.` }),
    };
  }),
});

function describe(group: ClassicGroup): Answer {
  const stable = group.state === 'Stable';
  return {
    groupId: group.id,
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: stable ? (group.protocolName ?? '') : '',
    members: group.members.all().map((m) => ({
      memberId: m.id,
      groupInstanceId: m.instanceId,
      clientId: m.clientId,
      clientHost: m.clientHost,
      ...(stable ? { memberMetadata: group.metadataOf(m) } : {}),
      memberAssignment: m.assignment,
    })),
  };
}
