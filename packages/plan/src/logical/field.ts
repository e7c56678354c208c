/* What every relation is made of: fields with their time attributes, keys of an order, windows. */

import type { Field, LogicalType } from '#data';
import type { ColumnExpr } from '#expr';

/** A field of a relation. `time` marks a time attribute: what windows and temporal operators may use. A processing time
 *  that came through a regular join is fixed: no window may use it, but it still says that a lookup happens now. */
export interface RelField extends Field {
  readonly time: TimeAttribute | 'fixed-proctime' | undefined;
}
export type TimeAttribute = 'rowtime' | 'proctime';
export const isTimeAttribute = (time: RelField['time']): time is TimeAttribute =>
  time === 'rowtime' || time === 'proctime';

export interface SortKey {
  readonly column: number;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

/** Lengths in ms. `time` is a column of the input. */
export interface WindowSpec {
  readonly kind: 'tumble' | 'hop' | 'cumulate' | 'session';
  readonly time: number;
  readonly timeKind: 'rowtime' | 'proctime';
  readonly timeType: LogicalType;
  readonly sizeMs: number; // the gap of a session
  readonly slideMs: number; // HOP's slide, CUMULATE's step, else 0
  readonly offsetMs: number;
  /** Written as a table function, not in GROUP BY. */
  readonly tableFunction: boolean;
  /** PARTITION BY of a SESSION table function. */
  readonly partition: readonly number[];
}

/** Which rows of the partition count, from which row on and up to which: -2 is 2 before the current row, 0 the current row,
 *  infinities the ends of the partition. By 'range' the edges are ms of an interval, or a difference of the sort key, and
 *  rows equal in the order count as one. */
export interface OverFrame {
  readonly unit: 'rows' | 'range';
  readonly from: number;
  readonly to: number;
}
export interface OverWindow {
  readonly partition: readonly number[];
  readonly keys: readonly SortKey[];
  readonly frame: OverFrame;
}
export type GroupWindowProperty = 'start' | 'end' | 'rowtime' | 'proctime';

/** The columns of a row with these fields, each as an expression. */
export const identity = (fields: readonly Field[]): ColumnExpr[] =>
  fields.map((f, index) => ({ kind: 'column', index, type: f.type }));
