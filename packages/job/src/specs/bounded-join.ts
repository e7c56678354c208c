/* What joins are asked for that are bounded in time. Input 0 is the left one. */

import type { Expr } from '#expr';

/** Which rows meet, time aside. */
export interface MeetSpec {
  /** Columns that must be equal, pair by pair; the two sides of a pair have the same type. Empty: every pair meets. */
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  /** For each pair, whether NULL meets nothing (=) or NULL meets NULL (IS NOT DISTINCT FROM). */
  readonly filterNulls: readonly boolean[];
  /** What else must hold, over the left columns and then the right ones. */
  readonly condition: Expr | undefined;
}

/** Rows whose times lie near to one another. Both inputs only insert. */
export interface IntervalJoinSpec extends MeetSpec {
  readonly type: 'inner' | 'left' | 'right' | 'full';
  /** The rowtime columns; undefined: processing time. */
  readonly times: { readonly left: number; readonly right: number } | undefined;
  /** Ms: the left time lies in [right + lower, right + upper]. Where lower is above upper nobody meets anybody. */
  readonly lowerMs: number;
  readonly upperMs: number;
  /** How long rows are kept beyond the time of their last partner, ms. */
  readonly lagMs: number;
}

/** Rows of one window, once it closes. Both inputs only insert. */
export interface WindowJoinSpec extends MeetSpec {
  /** 'semi' and 'anti' give left rows alone. */
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';
  /** The columns of each side that hold the window's end, in local time where `zone` is set. */
  readonly leftEnd: number;
  readonly rightEnd: number;
  readonly zone: string | undefined;
}

/** Left rows, each with the right row that held at its time. Both inputs may change. */
export interface TemporalJoinSpec extends MeetSpec {
  readonly type: 'inner' | 'left';
  /** The rowtime columns. */
  readonly leftTime: number;
  readonly rightTime: number;
  /** `table.exec.state.ttl`, ms; 0: for ever. */
  readonly ttlMs: number;
}
