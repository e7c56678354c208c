/* The rewrites in their order. */

import type { Rel } from '../logical/rel.ts';
import { mergeCalcs } from './merge-calc.ts';
import { pruneColumns } from './prune.ts';
import { pushFilters } from './push-filters.ts';
import { shareScans } from './share-scans.ts';
import { pullWindows } from './window-aggregate.ts';

/** The relations of one job: each rewritten, then their scans shared. */
export function rewriteAll(rels: readonly Rel[]): Rel[] {
  return shareScans(rels.map(rewrite)).map(mergeCalcs);
}
function rewrite(rel: Rel): Rel {
  return mergeCalcs(pruneColumns(pushFilters(mergeCalcs(pullWindows(mergeCalcs(rel))))));
}
