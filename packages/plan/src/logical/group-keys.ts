/* Columns of a relation that are the keys of the groups its rows are: what tells one row from another as they change. */

import type { Rel } from './rel.ts';

/** Undefined: the rows are no groups, or not all of their keys are left. */
export function groupKeys(rel: Rel): readonly number[] | undefined {
  switch (rel.kind) {
    case 'aggregate':
      return rel.window === undefined ? rel.keys.map((_, i) => i) : undefined;
    case 'filter':
      return groupKeys(rel.input);
    case 'project': {
      const at = groupKeys(rel.input)?.map((key) =>
        rel.exprs.findIndex((e) => e.kind === 'column' && e.index === key),
      );
      return at?.includes(-1) ? undefined : at;
    }
    default:
      return undefined;
  }
}
