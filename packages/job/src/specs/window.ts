/* What operators on windows are asked for. Lengths in ms; windows align in local time where `zone` is set. */

import type { AggregateCall } from '#expr';

export type WindowShape =
  | { readonly kind: 'tumble'; readonly sizeMs: number; readonly offsetMs: number }
  /** `newestFirst`: Flink's table function merges the last slice first, its group function the first. */
  | {
      readonly kind: 'hop';
      readonly sizeMs: number;
      readonly slideMs: number;
      readonly offsetMs: number;
      readonly newestFirst: boolean;
    }
  | {
      readonly kind: 'cumulate';
      readonly sizeMs: number;
      readonly stepMs: number;
      readonly offsetMs: number;
    };

/** What a query may ask about a window: TIMESTAMP(3) start and end in local time; the rowtime is the end less 1 ms. */
export type WindowProperty = 'start' | 'end' | 'rowtime' | 'rowtime-ltz' | 'proctime';

export type WindowSource =
  | { readonly kind: 'rowtime'; readonly shape: WindowShape; readonly column: number }
  | { readonly kind: 'proctime'; readonly shape: WindowShape }
  /** The rows carry their window already: cascaded aggregation over window_start and window_end. */
  | { readonly kind: 'attached'; readonly start: number; readonly end: number }
  /** The rows are partials of slices, one a key: the local end of the slice, how many rows are behind it, then what each call
   *  holds. */
  | {
      readonly kind: 'slices';
      readonly shape: WindowShape;
      readonly end: number;
      readonly rows: number;
    };

export interface WindowAggregateSpec {
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly retract: boolean;
  readonly window: WindowSource;
  readonly properties: readonly WindowProperty[];
  /** Set where windows align in local time: TIMESTAMP_LTZ, processing time. */
  readonly zone: string | undefined;
}

/** The first of two phases. Emits keys, TIMESTAMP(3) end of the slice, BIGINT rows, partials. */
export interface LocalWindowAggregateSpec {
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly window: Extract<WindowSource, { readonly kind: 'rowtime' }>;
  readonly zone: string | undefined;
}

/** GROUP BY TUMBLE(…) or HOP(…) whose results go out before their windows close, and after. */
export interface EmitWindowAggregateSpec {
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly retract: boolean;
  readonly updateBefore: boolean;
  readonly shape: WindowShape;
  /** The rowtime column; undefined: processing time. */
  readonly time: number | undefined;
  readonly properties: readonly WindowProperty[];
  readonly zone: string | undefined;
  /** Before the window closes, and of rows behind its end: 0 with each row, more: every so often by the clock; undefined: not. */
  readonly earlyMs: number | undefined;
  readonly lateMs: number | undefined;
  /** How long behind its end a window still takes rows. */
  readonly latenessMs: number;
}

/** TUMBLE, HOP and CUMULATE as table functions without an aggregation. */
export interface WindowTableSpec {
  readonly shape: WindowShape;
  /** The rowtime column; undefined: processing time. */
  readonly time: number | undefined;
  /** What stands behind the row: start, end, time. */
  readonly properties: readonly WindowProperty[];
  readonly zone: string | undefined;
}

export interface SessionSpec {
  readonly keys: readonly number[];
  readonly gapMs: number;
  /** The rowtime column; undefined: processing time. */
  readonly time: number | undefined;
  /** Set where sessions are measured in local time: TIMESTAMP_LTZ, processing time. */
  readonly zone: string | undefined;
  readonly properties: readonly WindowProperty[];
}
export type SessionTableSpec = SessionSpec;
export interface SessionAggregateSpec extends SessionSpec {
  readonly calls: readonly AggregateCall[];
  readonly retract: boolean;
}
