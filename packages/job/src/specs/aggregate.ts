/* What aggregates outside of windows are asked for. */

import type { AggregateCall } from '#expr';

/** GROUP BY without a window: one result a key. */
export interface GroupAggregateSpec {
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  /** The input may carry -U and -D. */
  readonly retract: boolean;
  readonly updateBefore: boolean;
  /** `table.exec.state.ttl`, ms; 0: for ever. */
  readonly ttlMs: number;
  /** Batch: results only at the end of input. */
  readonly finalOnly: boolean;
}
