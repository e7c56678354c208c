/* The rewrites in their order. */

import type { Rel } from '../logical/rel.ts';
import { mergeCalcs } from './merge-calc.ts';
import { pruneColumns } from './prune.ts';
import { pushFilters } from './push-filters.ts';
import { pullWindows } from './window-aggregate.ts';

export function rewrite(rel: Rel): Rel {
  return mergeCalcs(pruneColumns(pushFilters(mergeCalcs(pullWindows(mergeCalcs(rel))))));
}
