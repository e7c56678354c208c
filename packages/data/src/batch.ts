/* A batch: some rows in columns, what kind of change each is, and where the watermark moves among them.
 *
 *   rows      0    1    2    3
 *   marks       ▲         ▲          mark (1, w): after the first row the watermark is w
 *
 * Mark (i, w) holds after the batch's first i rows (0 ≤ i ≤ rows). Marks are in order of i; of several at one i only the
 * last counts, but for a watermark in front of idleness. Watermarks never go back. NaN means that the stream becomes idle
 * there; any other mark makes it active.
 * A batch may have no rows and only a mark. Invariant I2: batch borders carry no meaning.
 */

import type { Column } from './column.ts';

/** Kinds of change, as Flink's RowKind byte. */
export const changeKind = { insert: 0, updateBefore: 1, updateAfter: 2, delete: 3 } as const;
export const changeText = ['+I', '-U', '+U', '-D'] as const;
export type ChangeText = (typeof changeText)[number];

/** True for +I and +U. */
export const isAdd = (kind: number): boolean => (kind & 1) === 0;

/** Epoch milliseconds of event time. */
export type EventTime = number & { readonly unit: 'event-ms' };
/** Before any watermark. */
export const minWatermark = -Infinity as EventTime;
/** After the last row of a bounded input. */
export const maxWatermark = Infinity as EventTime;
/** The mark that says "idle from here". */
export const idleMark = Number.NaN as EventTime;

export interface Marks {
  readonly count: number;
  /** After how many rows of the batch. */
  readonly at: Int32Array;
  /** The watermark in ms, Infinity at the end of input, NaN for idle. */
  readonly watermark: Float64Array;
}
export const noMarks: Marks = { count: 0, at: new Int32Array(0), watermark: new Float64Array(0) };

export interface Batch {
  readonly rows: number;
  readonly columns: readonly Column[];
  /** One changeKind a row; absent when all are inserts. */
  readonly kinds: Uint8Array | undefined;
  readonly marks: Marks;
  /** Where row `row` came from. Of batches of a source that knows, filtered and projected or not; to be asked before the
   *  source is polled again. */
  readonly origin?: ((row: number) => RowOrigin) | undefined;
}

/** Where a row came from. */
export interface RowOrigin {
  /** In words: a record of a topic, a line of a file. */
  readonly place: string;
  /** Of a record of Kafka. */
  readonly position?: RecordPosition;
  /** How often the record was sent again because of what became of it; 0 where that is not known. */
  readonly replayed?: number;
}
export interface RecordPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Ms since the epoch; negative where the record has none. */
  readonly timestamp: number;
}

/** A mark that a later one at the same place does not replace: the watermark that holds while the stream is idle. */
export const becomesIdle = (mark: number, next: number): boolean => Number.isNaN(next) && !Number.isNaN(mark);

/** The watermark behind the batch's last mark; -Infinity when the batch says nothing of it. */
export function lastWatermark({ count, watermark }: Marks): number {
  for (let m = count - 1; m >= 0; m--) if (!Number.isNaN(watermark[m]!)) return watermark[m]!;
  return -Infinity;
}

export function oneMark(at: number, watermark: number): Marks {
  return { count: 1, at: Int32Array.of(at), watermark: Float64Array.of(watermark) };
}

/** A batch without rows that only moves the watermark. `columns` must fit the stream's types (see emptyColumns). */
export function markBatch(columns: readonly Column[], watermark: number): Batch {
  return { rows: 0, columns, kinds: undefined, marks: oneMark(0, watermark) };
}
