/* The logical plan: relational algebra over typed, resolved expressions. A closed, readonly union on `kind`; columns by
 * index; every node knows the fields that it gives. Made by the binder, rewritten by rules, read by traits and targets.
 * A kind is one file in nodes/: its data, how it is made, its inputs, its pruning, its text. */

import type { AggregateRel } from './nodes/aggregate.ts';
import type { CheckRel } from './nodes/check.ts';
import type { ExpandRel } from './nodes/expand.ts';
import type { FilterRel } from './nodes/filter.ts';
import type { FreshnessRel } from './nodes/freshness.ts';
import type { FromChangelogRel } from './nodes/from-changelog.ts';
import type { JoinRel } from './nodes/join.ts';
import type { LookupJoinRel } from './nodes/lookup-join.ts';
import type { MatchRel } from './nodes/match.ts';
import type { OverRel } from './nodes/over.ts';
import type { PredictRel } from './nodes/predict.ts';
import type { ProcessRel } from './nodes/process.ts';
import type { ProjectRel } from './nodes/project.ts';
import type { RankRel } from './nodes/rank.ts';
import type { RefusedRel } from './nodes/refused.ts';
import type { ReplicateRel } from './nodes/replicate.ts';
import type { ScanRel } from './nodes/scan.ts';
import type { SortRel } from './nodes/sort.ts';
import type { TemporalJoinRel } from './nodes/temporal-join.ts';
import type { ToChangelogRel } from './nodes/to-changelog.ts';
import type { UnionRel } from './nodes/union.ts';
import type { UnnestRel } from './nodes/unnest.ts';
import type { ValuesRel } from './nodes/values.ts';
import type { WindowTableRel } from './nodes/window-table.ts';

export type Rel =
  | AggregateRel
  | CheckRel
  | ExpandRel
  | FilterRel
  | FreshnessRel
  | FromChangelogRel
  | JoinRel
  | LookupJoinRel
  | MatchRel
  | OverRel
  | PredictRel
  | ProcessRel
  | ProjectRel
  | RankRel
  | RefusedRel
  | ReplicateRel
  | ScanRel
  | SortRel
  | TemporalJoinRel
  | ToChangelogRel
  | UnionRel
  | UnnestRel
  | ValuesRel
  | WindowTableRel;
