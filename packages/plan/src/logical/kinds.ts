/* All kinds of relation, and what is the same for each: walking, pruning, windows, text. */

import { aggregateKind } from './nodes/aggregate.ts';
import { checkKind } from './nodes/check.ts';
import { expandKind } from './nodes/expand.ts';
import { filterKind } from './nodes/filter.ts';
import { freshnessKind } from './nodes/freshness.ts';
import { fromChangelogKind } from './nodes/from-changelog.ts';
import { joinKind } from './nodes/join.ts';
import { lookupJoinKind } from './nodes/lookup-join.ts';
import { matchKind } from './nodes/match.ts';
import { overKind } from './nodes/over.ts';
import { predictKind } from './nodes/predict.ts';
import { processKind } from './nodes/process.ts';
import { projectKind } from './nodes/project.ts';
import { rankKind } from './nodes/rank.ts';
import { refusedKind } from './nodes/refused.ts';
import { replicateKind } from './nodes/replicate.ts';
import { scanKind } from './nodes/scan.ts';
import { sortKind } from './nodes/sort.ts';
import { temporalJoinKind } from './nodes/temporal-join.ts';
import { toChangelogKind } from './nodes/to-changelog.ts';
import { unionKind } from './nodes/union.ts';
import { unnestKind } from './nodes/unnest.ts';
import { valuesKind } from './nodes/values.ts';
import { windowTableKind } from './nodes/window-table.ts';
import { partColumns, type RelKind, type WindowColumns, type WindowPart } from './kind.ts';
import type { Rel } from './rel.ts';

const kinds: { readonly [K in Rel['kind']]: RelKind<Extract<Rel, { kind: K }>> } = {
  aggregate: aggregateKind,
  check: checkKind,
  expand: expandKind,
  filter: filterKind,
  freshness: freshnessKind,
  'from-changelog': fromChangelogKind,
  join: joinKind,
  'lookup-join': lookupJoinKind,
  match: matchKind,
  over: overKind,
  predict: predictKind,
  process: processKind,
  project: projectKind,
  rank: rankKind,
  refused: refusedKind,
  replicate: replicateKind,
  scan: scanKind,
  sort: sortKind,
  'temporal-join': temporalJoinKind,
  'to-changelog': toChangelogKind,
  union: unionKind,
  unnest: unnestKind,
  values: valuesKind,
  'window-table': windowTableKind,
};
export const relKind = (rel: Rel): RelKind<Rel> => kinds[rel.kind];

export const inputsOf = (rel: Rel): readonly Rel[] => relKind(rel).inputs(rel);
export const withInputs = (rel: Rel, inputs: readonly Rel[]): Rel => relKind(rel).withInputs(rel, inputs);

/** Which columns of a relation are window_start, window_end and window_time of one window, and which window. */
export const windowColumns = (rel: Rel): WindowColumns =>
  relKind(rel).windows(rel, inputsOf(rel).map(windowColumns));

/** True when these group keys make a window aggregation: both ends of one window are among them. */
export function groupsByWindow(input: Rel, keys: readonly number[]): boolean {
  const windows = windowColumns(input);
  const has = (part: WindowPart): boolean => partColumns(windows, part).some((c) => keys.includes(c));
  return has('start') && has('end');
}

/** The relational tree as it was bound, before any rewrite. */
export function relText(rel: Rel, indent = ''): string {
  const below = inputsOf(rel).map((r) => relText(r, `${indent}   `));
  return [`${indent}${relKind(rel).text(rel)}`, ...below].join('\n');
}
