/* All kinds of node. */

import type { NodeKind } from './kind.ts';
import type { PlanNode } from './node.ts';
import { calcKind } from './nodes/calc.ts';
import { checkRowsKind } from './nodes/check-rows.ts';
import { compactKind } from './nodes/compact.ts';
import { deadLettersKind } from './nodes/dead-letters.ts';
import { deduplicateKind } from './nodes/deduplicate.ts';
import { dropUpdateBeforeKind } from './nodes/drop-update-before.ts';
import { emitWindowAggregateKind } from './nodes/emit-window-aggregate.ts';
import { expandKind } from './nodes/expand.ts';
import { freshnessKind } from './nodes/freshness.ts';
import { fromChangelogKind } from './nodes/from-changelog.ts';
import { groupAggregateKind } from './nodes/group-aggregate.ts';
import { intervalJoinKind } from './nodes/interval-join.ts';
import { joinKind } from './nodes/join.ts';
import { limitKind } from './nodes/limit.ts';
import { lookupJoinKind } from './nodes/lookup-join.ts';
import { matchKind } from './nodes/match.ts';
import { materializeKind } from './nodes/materialize.ts';
import { normalizeKind } from './nodes/normalize.ts';
import { orderedRowsKind } from './nodes/ordered-rows.ts';
import { overAggregateKind } from './nodes/over-aggregate.ts';
import { overFinalKind } from './nodes/over-final.ts';
import { overSortedKind } from './nodes/over-sorted.ts';
import { predictKind } from './nodes/predict.ts';
import { processKind } from './nodes/process.ts';
import { rankKind } from './nodes/rank.ts';
import { replicateKind } from './nodes/replicate.ts';
import { scanKind } from './nodes/scan.ts';
import { sinkKind } from './nodes/sink.ts';
import { sortKind } from './nodes/sort.ts';
import { temporalJoinKind } from './nodes/temporal-join.ts';
import { toChangelogKind } from './nodes/to-changelog.ts';
import { unionKind } from './nodes/union.ts';
import { unnestKind } from './nodes/unnest.ts';
import { valuesKind } from './nodes/values.ts';
import { windowAggregateKind } from './nodes/window-aggregate.ts';
import { windowJoinKind } from './nodes/window-join.ts';
import { windowRankKind } from './nodes/window-rank.ts';
import { windowTableKind } from './nodes/window-table.ts';

const kinds: { readonly [K in PlanNode['kind']]: NodeKind<Extract<PlanNode, { kind: K }>> } = {
  calc: calcKind,
  'check-rows': checkRowsKind,
  compact: compactKind,
  'dead-letters': deadLettersKind,
  deduplicate: deduplicateKind,
  'drop-update-before': dropUpdateBeforeKind,
  'emit-window-aggregate': emitWindowAggregateKind,
  expand: expandKind,
  freshness: freshnessKind,
  'from-changelog': fromChangelogKind,
  'group-aggregate': groupAggregateKind,
  'interval-join': intervalJoinKind,
  join: joinKind,
  limit: limitKind,
  'lookup-join': lookupJoinKind,
  match: matchKind,
  materialize: materializeKind,
  normalize: normalizeKind,
  'ordered-rows': orderedRowsKind,
  'over-aggregate': overAggregateKind,
  'over-final': overFinalKind,
  'over-sorted': overSortedKind,
  predict: predictKind,
  process: processKind,
  rank: rankKind,
  replicate: replicateKind,
  scan: scanKind,
  sink: sinkKind,
  sort: sortKind,
  'temporal-join': temporalJoinKind,
  'to-changelog': toChangelogKind,
  union: unionKind,
  unnest: unnestKind,
  values: valuesKind,
  'window-aggregate': windowAggregateKind,
  'window-join': windowJoinKind,
  'window-rank': windowRankKind,
  'window-table': windowTableKind,
};
export const nodeKind = (node: PlanNode): NodeKind<PlanNode> => kinds[node.kind];
export const nodeTitle = (node: PlanNode): string => nodeKind(node).title(node);
