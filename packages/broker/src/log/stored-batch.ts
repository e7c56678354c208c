/* A batch as a log has it. */

import type { RecordBatch } from '#records';

export interface StoredBatch {
  readonly head: RecordBatch;
  /** Read when asked for. */
  readonly bytes: Buffer;
}
