/* What operators are asked for that rank rows once and for all, keep one of a key, or look at the rows before each. */

import type { OverCall } from '#expr';
import type { SortKeySpec } from './rows.ts';

/** The first or the last row of each key. */
export interface DeduplicateSpec {
  readonly keys: readonly number[];
  readonly keep: 'first' | 'last';
  /** The rowtime column; undefined: in order of arrival. */
  readonly time: number | undefined;
  /** Columns in which a row must differ from the one before to take its place in order of arrival. */
  readonly compared: readonly number[];
  /** For 'last'. */
  readonly updateBefore: boolean;
  /** `table.exec.state.ttl`, ms; 0: for ever. */
  readonly ttlMs: number;
}

/** The first rows of each partition of a window. */
export interface WindowRankSpec {
  /** The columns of the window among them. */
  readonly partition: readonly number[];
  /** The column of the window's end; undefined: all at the end of the input (batch). */
  readonly end: number | undefined;
  readonly keys: readonly SortKeySpec[];
  /** Ranks that are seen, both included: 1 is the first. */
  readonly from: number;
  readonly to: number;
  readonly numbered: boolean;
  /** Of rows equal in the sort keys the one that came last ranks first; for a single row. */
  readonly latestOfEquals: boolean;
  /** Set where windows align in local time. */
  readonly zone: string | undefined;
}

/** Functions over the rows before each row, by time: each row goes out once. */
export interface OverAggregateSpec {
  readonly partition: readonly number[];
  /** RANK and DENSE_RANK have the sort keys for arguments. */
  readonly calls: readonly OverCall[];
  /** `preceding`: rows before the current one, or ms; Infinity: all. */
  readonly frame: { readonly unit: 'rows' | 'range'; readonly preceding: number };
  /** The rowtime column; undefined: processing time, which is the order of arrival. */
  readonly time: number | undefined;
  /** `table.exec.state.ttl`, ms; 0: for ever. */
  readonly ttlMs: number;
}

/** Functions over the rows before each row in any order, kept up to date. */
export interface OverSortedSpec {
  readonly partition: readonly number[];
  readonly keys: readonly SortKeySpec[];
  /** RANK and DENSE_RANK have the sort keys for arguments. */
  readonly calls: readonly OverCall[];
  /** By range rows equal in the sort keys have the same results. */
  readonly unit: 'rows' | 'range';
  readonly updateBefore: boolean;
  /** `table.exec.state.ttl`, ms; 0: for ever. */
  readonly ttlMs: number;
}

/** Functions over any rows around each row, at the end of the input (batch). */
export interface OverFinalSpec {
  readonly partition: readonly number[];
  readonly keys: readonly SortKeySpec[];
  readonly calls: readonly OverCall[];
  /** From which row to which: negative before the current one, infinities the ends of the partition; by 'range' in ms, or in
   *  differences of the sort key. */
  readonly frame: { readonly unit: 'rows' | 'range'; readonly from: number; readonly to: number };
}
