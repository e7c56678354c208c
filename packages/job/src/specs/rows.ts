/* What operators on single rows, and on rows in an order, are asked for. */

import type { LogicalType } from '#data';
import type { CalcPlan } from '#expr';

export interface CalcSpec {
  readonly plan: CalcPlan;
}

/** UNION ALL, and what becomes of -U before a sink that is written by key. */
export interface UnionSpec {
  readonly updateBefore: 'keep' | 'drop' | 'delete';
}

/** Each row once per set: `nulls` are the columns that it leaves out, `id` goes behind the row. */
export interface ExpandSpec {
  readonly sets: readonly { readonly id: number; readonly nulls: readonly number[] }[];
}

export interface UnnestSpec {
  readonly column: number;
  readonly ordinality: boolean;
  readonly left: boolean;
  readonly type: LogicalType;
}

/** Rows as often as their last column says, which does not go out. */
export type ReplicateSpec = Readonly<Record<string, never>>;

export interface LimitSpec {
  readonly offset: number;
  readonly limit: number | undefined;
}

export interface SortKeySpec {
  readonly column: number;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}
export interface SortSpec {
  readonly keys: readonly SortKeySpec[];
  /** By the rowtime, which is the first key, as it passes; or once at the end of the input (batch). */
  readonly mode: 'rowtime' | 'end';
}

/** Ranks that are seen, and how their changes go out. */
export interface RankRange {
  /** Both included: 1 is the first. */
  readonly from: number;
  readonly to: number;
  /** The rows of one position go out as updates of one another, whatever their keys. */
  readonly byPosition: boolean;
  /** The number of the row stands behind its columns. */
  readonly numbered: boolean;
  /** -U goes out in front of +U. */
  readonly updateBefore: boolean;
}
export interface RankSpec extends RankRange {
  readonly partition: readonly number[];
  /** None: by order of arrival. */
  readonly keys: readonly SortKeySpec[];
  /** How the input changes: rows only come, rows rise by `rowKey`, or any row may be taken back. */
  readonly strategy: 'append' | 'update' | 'retract';
  /** For 'update': by which columns a row replaces its former self; the partition is among them. */
  readonly rowKey: readonly number[];
  /** `table.exec.state.ttl`, ms; 0: for ever. */
  readonly ttlMs: number;
}

/** An upsert stream made whole. */
export interface NormalizeSpec {
  readonly keys: readonly number[];
  readonly updateBefore: boolean;
  readonly ttlMs: number;
}

/** Rows before a sink whose key is not the query's. */
export interface MaterializeSpec {
  /** The sink's primary key. */
  readonly keys: readonly number[];
  /** By which columns the input tells rows apart; undefined: by all. */
  readonly inputKey: readonly number[] | undefined;
  readonly ttlMs: number;
}

/** The same, settled at each watermark: ON CONFLICT DO NOTHING and DO ERROR. */
export interface CompactSpec extends MaterializeSpec {
  readonly conflict: 'NOTHING' | 'ERROR';
  /** Of the sink's primary key. */
  readonly keyNames: readonly string[];
}
