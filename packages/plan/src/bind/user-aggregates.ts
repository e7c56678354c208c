/* Calls of a user's aggregates under the names that the planner knows them by. */

import type { FunctionCall, Identifier, Query } from '#sql';
import type { Session } from './session.ts';

/** The query with them; itself where it has none. */
export function withUserAggregates(query: Query, { userAggregate }: Session): Query {
  if (userAggregate === undefined) return query;
  const nameOf = ({ name }: FunctionCall): Identifier[] | undefined => {
    const own = userAggregate(name.map((n) => n.text).join('.'));
    return own === undefined ? undefined : [{ ...name.at(-1)!, text: own }];
  };
  const visit = (node: unknown): unknown => {
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) {
      const items = node.map(visit);
      return items.some((item, i) => item !== node[i]) ? items : node;
    }
    const changed: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(node)) {
      const after = visit(value);
      if (after !== value) changed[key] = after;
    }
    const name = 'kind' in node && node.kind === 'call' ? nameOf(node as FunctionCall) : undefined;
    if (name !== undefined) changed['name'] = name;
    return Object.keys(changed).length === 0 ? node : { ...node, ...changed };
  };
  return visit(query) as Query;
}
