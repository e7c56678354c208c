/* What the operator of a process table function is asked for. */

import type { ChangelogMode } from '#catalog';
import type { Field } from '#data';
import type { Expr } from '#expr';
import type { SortSpec } from './rows.ts';

export interface ProcessSpec {
  /** The function's name within: #expr's userProcess. */
  readonly fn: string;
  /** One for each table of the function, in order. */
  readonly inputs: readonly ProcessInput[];
  /** All columns of the row in hand stand in front of what goes out; else those of the partition, once for each table. */
  readonly passesColumns: boolean;
  /** The time of the row or timer stands behind what goes out. */
  readonly emitsTime: boolean;
  /** By argument of the function; undefined for a table. */
  readonly scalars: readonly (Expr | undefined)[];
  /** The kinds of change that go out. */
  readonly changes: ChangelogMode;
  /** For states that say nothing of it themselves; 0: for ever. */
  readonly ttlMs: number;
}
export interface ProcessInput {
  /** Columns of the table, as the function sees them. */
  readonly fields: readonly Field[];
  /** Columns whose values make a partition, of the same types in all tables; without, all rows are one, or each is its own. */
  readonly partition: readonly number[];
  /** The column that says when a row was; undefined: nothing does. */
  readonly time: number | undefined;
}
/** A table in an order of its partitions' own. */
export interface OrderedRowsSpec {
  readonly partition: readonly number[];
  /** By a rowtime first, ascending. */
  readonly keys: SortSpec['keys'];
}
