/* ListGroups (16): all groups, or those in some states or of some types, by names of which the case does not matter. */

import { clusterName } from '../security/acls.ts';
import type { Handler } from './handler.ts';

export const listGroups: Handler<'ListGroups'> = (request, { cluster, may }) => {
  const all = may('describe', 'cluster', clusterName);
  const states = lower(request.statesFilter);
  const types = lower(request.typesFilter);
  const wanted = (filter: ReadonlySet<string>, value: string): boolean =>
    filter.size === 0 || filter.has(value.toLowerCase());
  return {
    groups: cluster.groups
      .all()
      .filter((g) => all || may('describe', 'group', g.id))
      .filter((g) => wanted(states, g.state) && wanted(types, g.kind))
      .map((g) => ({
        groupId: g.id,
        protocolType: g.kind === 'consumer' ? 'consumer' : (g.protocolType ?? ''),
        groupState: g.state,
        groupType: g.kind,
      })),
  };
};
const lower = (names: readonly string[]): ReadonlySet<string> => new Set(names.map((n) => n.toLowerCase()));
