/* DeleteGroups (42): groups without members, with their offsets. */

import { errorCodes } from '#kafka';
import type { Handler } from './handler.ts';

export const deleteGroups: Handler<'DeleteGroups'> = (request, { cluster, may }) => ({
  results: [...new Set(request.groupsNames)].map((groupId) => ({
    groupId,
    errorCode:
      errorCodes[
        may('delete', 'group', groupId)
          ? (cluster.groups.delete(groupId) ?? 'NONE')
          : 'GROUP_AUTHORIZATION_FAILED'
      ],
  })),
});
