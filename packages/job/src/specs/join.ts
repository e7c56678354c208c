/* What joins are asked for. */

import type { ConnectorTable } from '#catalog';
import type { Field } from '#data';
import type { Expr } from '#expr';

/** A regular join of two inputs that may both change. Input 0 is the left one. */
export interface JoinSpec {
  /** 'semi' and 'anti' give left rows alone. */
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';
  /** Columns that must be equal, pair by pair; the two sides of a pair have the same type. Empty: every pair meets. */
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  /** For each pair, whether NULL meets nothing (=) or NULL meets NULL (IS NOT DISTINCT FROM). */
  readonly filterNulls: readonly boolean[];
  /** What else must hold, over the left columns and then the right ones. */
  readonly condition: Expr | undefined;
  /** What tells the rows of a side apart, so that a row of known key replaces its former self; undefined: all columns.
   *  Updates may come without -U where the join key is part of it and there is no condition: then such a row meets those
   *  that its former self met. */
  readonly leftUniqueKey: readonly number[] | undefined;
  readonly rightUniqueKey: readonly number[] | undefined;
  /** The rows of a side only come: they are kept as a list, for none is looked for again. */
  readonly leftInsertOnly: boolean;
  readonly rightInsertOnly: boolean;
  /** How long a row of a side is kept after it was last written, ms; 0: for ever. */
  readonly leftTtlMs: number;
  readonly rightTtlMs: number;
  /** Batch: results only at the end of input, insert-only. */
  readonly finalOnly: boolean;
}

/** The same, keeping what it gave: a row that is taken back takes that with it, whatever the table has by then. */
export interface KeptLookupJoinSpec extends LookupJoinSpec {
  /** Columns of the input that tell its rows apart. */
  readonly keptBy: readonly number[];
  readonly ttlMs: number;
}

/** FOR SYSTEM_TIME AS OF a processing time. */
export interface LookupJoinSpec {
  readonly connector: string;
  readonly table: ConnectorTable;
  /** The columns behind the input's. */
  readonly lookedUp: readonly Field[];
  /** For each key an index into `lookedUp` and a column of the input. */
  readonly keys: readonly { readonly right: number; readonly left: number }[];
  readonly left: boolean;
  readonly condition: Expr | undefined;
  readonly async: boolean;
  readonly ordered: boolean;
  readonly capacity: number;
  /** NULL is asked for as any other value; without, nothing is found for it. */
  readonly asksNull?: boolean;
  /** How long an answer is waited for, when several are under way; undefined: without end. */
  readonly timeoutMs?: number | undefined;
}
