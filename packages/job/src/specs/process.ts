/* What the operator of a process table function is asked for. */

import type { Field } from '#data';
import type { Expr } from '#expr';

export interface ProcessSpec {
  /** The function's name within: #expr's userProcess. */
  readonly fn: string;
  /** Columns whose values make a partition; without, all rows are one, or each is its own. */
  readonly partition: readonly number[];
  /** Columns of the row in hand that stand in front of what goes out. */
  readonly passes: readonly number[];
  /** The rowtime's column; undefined: the call has no on_time. */
  readonly time: number | undefined;
  /** By argument of the function; undefined for the table. */
  readonly scalars: readonly (Expr | undefined)[];
  /** Columns of the table, as the function sees them. */
  readonly input: readonly Field[];
  /** For states that say nothing of it themselves; 0: for ever. */
  readonly ttlMs: number;
}
