/* What an expression may ask of its surroundings: settings of the job, and the clock and chance that World gives. */

import type { Rng } from '#base';

export interface EvalContext {
  /** `table.local-time-zone`, an IANA name or a fixed offset. */
  readonly timeZone: string;
  /** Processing time of the batch at hand, ms since the epoch: PROCTIME(), CURRENT_ROW_TIMESTAMP(), NOW() in streaming. */
  now(): number;
  /** Start of the query, ms: CURRENT_TIMESTAMP, LOCALTIME, CURRENT_DATE … in batch mode. */
  readonly queryStart: number;
  readonly batchMode: boolean;
  readonly rng: Rng;
  /** `table.exec.legacy-cast-behaviour`. */
  readonly legacyCast: boolean;
  /** The current watermark of the operator, or -Infinity: CURRENT_WATERMARK(). */
  watermark(): number;
}
