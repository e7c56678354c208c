/* The rewrites in their order: rules in stages, the plan checked after each. */

import type { Session } from '../bind/session.ts';
import { checkRels } from '../logical/check-rels.ts';
import type { Rel } from '../logical/rel.ts';
import { asyncCalls } from './async-calls.ts';
import { groupsOfOne } from './groups-of-one.ts';
import { mergeCalc } from './merge-calc.ts';
import { pruneColumns } from './prune-columns.ts';
import { pushFilter } from './push-filters.ts';
import { pushIntoJoin } from './push-into-joins.ts';
import { everywhere, untilStill, type Stage } from './rule.ts';
import { shareScans } from './share-scans.ts';
import { filterToRank } from './top-n.ts';
import { pullWindow } from './window-aggregate.ts';

const mergeCalcs = everywhere('merge projections and filters', mergeCalc);
const stages: readonly Stage[] = [
  everywhere('asynchronous functions', asyncCalls),
  mergeCalcs,
  everywhere('window functions under GROUP BY', pullWindow),
  mergeCalcs,
  everywhere('filters on row numbers', filterToRank),
  mergeCalcs,
  everywhere('groups of one row', groupsOfOne),
  mergeCalcs,
  untilStill('filters below joins', pushIntoJoin, mergeCalc),
  everywhere('filters into scans', pushFilter),
  { name: 'columns that are read', run: pruneColumns },
  mergeCalcs,
  { name: 'one scan a table', run: shareScans },
  mergeCalcs,
];

/** The relations of one job, rewritten together. */
export function rewriteAll(rels: readonly Rel[], session: Session): readonly Rel[] {
  checkRels(rels, 'binding');
  return stages.reduce<readonly Rel[]>((now, { name, run }) => {
    const after = run(now, session);
    checkRels(after, name);
    return after;
  }, rels);
}
