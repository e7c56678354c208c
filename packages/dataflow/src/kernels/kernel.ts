/* The contract of aggregates on runs: one kernel a call, for all slots of a table.
 *
 *   slots, ops, argument columns ─▶ add ─▶ the table's cells        images: before and after each row, two for one
 *
 * A slot stands for a group, a window's group or a session; its accumulators are cells of its table, and what does not
 * fit into cells is a table that the slots own. */

import type { Column, ColumnBuilder } from '#data';
import type { OverCall } from '#expr';
import type { StateScope, Table } from '#state';

/** What is to be done with a row: bits. */
export const op = {
  /** The row is taken back. */
  retract: 1,
  /** The first row of its slot: what the cells hold is nothing. */
  opens: 2,
  /** The row says nothing to this call: FILTER, a value seen before, a slot that nobody knows. */
  skip: 4,
  /** The last row of its slot is taken back. */
  closes: 8,
} as const;

/** Rows of a run, as one kernel sees them. Entry i is row `from + i`. */
export interface KernelRows {
  readonly slots: Int32Array;
  readonly ops: Uint8Array;
  /** Of the call's arguments, in their order. */
  readonly args: readonly Column[];
  readonly from: number;
  readonly count: number;
}

export interface Kernel {
  /** Adds rows and takes rows back, in their order. With `withImages`, leaves the result before and after row i as 2i and
   *  2i + 1 of `images`. */
  add(rows: KernelRows, withImages: boolean): void;
  /** Adds what another kernel of the same call holds at `from[i]` to `into[i]`, in that order. */
  merge(into: Int32Array, from: Int32Array, count: number, source: Kernel): void;
  /** The cells of these slots are as new. */
  reset(slots: Int32Array, count: number): void;
  /** Leaves the results of these slots in `images`. */
  result(slots: Int32Array, count: number): void;
  readonly images: Images;
}

/** Results in the order in which a kernel made them. */
export interface Images {
  /** Sets `changed[i]` where 2i and 2i + 1 differ: as Flink compares, -0 is 0, and NaN is never what it was. */
  markChanges(changed: Uint8Array, count: number): void;
  /** Appends those at `picks` to a builder of the call's type. */
  appendTo(builder: ColumnBuilder, picks: Int32Array, count: number): void;
}

/** How a call becomes a kernel: it adds its cells to `table`, and declares what the slots own in `scope`. */
export interface KernelSetup {
  readonly call: OverCall;
  /** Rows may be taken back. */
  readonly retract: boolean;
  readonly table: Table;
  readonly scope: StateScope;
  /** Distinguishes the call's cells and tables from those of others. */
  readonly name: string;
}
