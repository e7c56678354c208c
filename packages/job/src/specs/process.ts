/* What the operator of a process table function is asked for. */

import type { ChangelogMode } from '#catalog';
import type { Field } from '#data';
import type { Expr } from '#expr';

export interface ProcessSpec {
  /** The function's name within: #expr's userProcess. */
  readonly fn: string;
  /** One for each table of the function, in order. */
  readonly inputs: readonly ProcessInput[];
  /** All columns of the row in hand stand in front of what goes out; else those of the partition, once for each table. */
  readonly passesColumns: boolean;
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
  /** The rowtime's column; undefined: the call has no on_time. */
  readonly time: number | undefined;
}
