/* What operators declare: tables by name, their keys, rows and cells by type. Plain data: it goes into manifests and
 * savepoints, and state is matched by it. */

import type { LogicalType } from '#data';

/** A cell beside the rows: a raw number of the operator's own, or a value of an SQL type. */
export type CellType = 'f64' | 'i32' | 'u8' | LogicalType;

/** How long a slot lives after it was last renewed, by the clock of the runs. */
export interface Ttl {
  readonly ms: number;
  /** What renews it: being made or written, or being found as well. */
  readonly renewedBy: 'create-write' | 'read-write';
}

/** A table with one slot a key. */
export interface KeyedSpec {
  readonly name: string;
  readonly key: readonly LogicalType[];
  /** Columns of a whole row kept for the key; none by default. */
  readonly row?: readonly LogicalType[];
  readonly cells?: Readonly<Record<string, CellType>>;
  readonly ttl?: Ttl | undefined;
  /** The table is gone through by `scan`: all of it stays in memory. */
  readonly resident?: boolean;
}

/** A sort key over the columns of the rows, or over a cell. */
export interface OrderKey {
  readonly column: number | string;
  readonly descending?: boolean;
  readonly nullsLast?: boolean;
}

/** Rows that belong to the slots of another table. */
export interface OwnedSpec {
  readonly name: string;
  readonly row: readonly LogicalType[];
  readonly cells?: Readonly<Record<string, CellType>>;
  /** Absent: in order of arrival. Rows equal in all keys stand in order of arrival. */
  readonly order?: readonly OrderKey[];
  /** Absent: rows are not found by value. 'row': equal rows may stand beside each other, the oldest is found first.
   *  Columns: the rows of one owner differ in them. */
  readonly find?: 'row' | readonly number[];
  readonly ttl?: Ttl | undefined;
}

export interface TimersSpec {
  readonly name: string;
  readonly domain: 'event' | 'processing';
}

/** One number of an operator. `merge`: what the numbers of several instances are together at another parallelism. */
export interface ScalarSpec {
  readonly name: string;
  readonly initial: number;
  readonly merge: 'min' | 'max' | 'sum';
}
