/* What operators are asked for that rank rows once and for all, or keep one of a key. */

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
