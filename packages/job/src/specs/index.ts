export * from './aggregate.ts';
export * from './bounded-join.ts';
export * from './changelog.ts';
export * from './check-rows.ts';
export * from './freshness.ts';
export * from './join.ts';
export * from './match.ts';
export * from './over.ts';
export * from './process.ts';
export * from './rows.ts';
export * from './window.ts';

import type { GroupAggregateSpec } from './aggregate.ts';
import type { IntervalJoinSpec, TemporalJoinSpec, WindowJoinSpec } from './bounded-join.ts';
import type { FromChangelogSpec, ToChangelogSpec } from './changelog.ts';
import type { CheckRowsSpec } from './check-rows.ts';
import type { FreshnessSpec } from './freshness.ts';
import type { JoinSpec, KeptLookupJoinSpec, LookupJoinSpec } from './join.ts';
import type { MatchSpec } from './match.ts';
import type {
  DeduplicateSpec,
  OverAggregateSpec,
  OverFinalSpec,
  OverSortedSpec,
  WindowRankSpec,
} from './over.ts';
import type { OrderedRowsSpec, ProcessSpec } from './process.ts';
import type {
  CalcSpec,
  CompactSpec,
  ExpandSpec,
  LimitSpec,
  MaterializeSpec,
  NormalizeSpec,
  RankSpec,
  ReplicateSpec,
  SortSpec,
  UnionSpec,
  UnnestSpec,
} from './rows.ts';
import type {
  EmitWindowAggregateSpec,
  LocalWindowAggregateSpec,
  SessionAggregateSpec,
  SessionTableSpec,
  WindowAggregateSpec,
  WindowTableSpec,
} from './window.ts';

/** The operators by name, each with what a plan says to it: a plan node fills the spec, an operator reads it. */
export interface OperatorSpecs {
  readonly calc: CalcSpec;
  readonly 'check-rows': CheckRowsSpec;
  readonly compact: CompactSpec;
  readonly deduplicate: DeduplicateSpec;
  readonly 'emit-window-aggregate': EmitWindowAggregateSpec;
  readonly expand: ExpandSpec;
  readonly freshness: FreshnessSpec;
  readonly 'from-changelog': FromChangelogSpec;
  readonly 'group-aggregate': GroupAggregateSpec;
  readonly 'interval-join': IntervalJoinSpec;
  readonly join: JoinSpec;
  readonly 'kept-lookup-join': KeptLookupJoinSpec;
  readonly limit: LimitSpec;
  readonly 'local-window-aggregate': LocalWindowAggregateSpec;
  readonly 'lookup-join': LookupJoinSpec;
  readonly match: MatchSpec;
  readonly materialize: MaterializeSpec;
  readonly normalize: NormalizeSpec;
  readonly 'over-aggregate': OverAggregateSpec;
  readonly 'over-final': OverFinalSpec;
  readonly 'over-sorted': OverSortedSpec;
  readonly 'ordered-rows': OrderedRowsSpec;
  readonly process: ProcessSpec;
  readonly rank: RankSpec;
  readonly replicate: ReplicateSpec;
  readonly 'session-aggregate': SessionAggregateSpec;
  readonly 'session-table': SessionTableSpec;
  readonly sort: SortSpec;
  readonly 'temporal-join': TemporalJoinSpec;
  readonly 'to-changelog': ToChangelogSpec;
  readonly union: UnionSpec;
  readonly unnest: UnnestSpec;
  readonly 'window-aggregate': WindowAggregateSpec;
  readonly 'window-join': WindowJoinSpec;
  readonly 'window-rank': WindowRankSpec;
  readonly 'window-table': WindowTableSpec;
}
export type OperatorName = keyof OperatorSpecs;
