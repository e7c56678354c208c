/* What a statement gives that was executed. */

import type { Field, Row } from '#data';
import type { ChangeQueue } from './builtin.ts';
import type { EngineJob } from './job.ts';

export type Execution =
  | { readonly kind: 'ok' }
  /** A table at once: SHOW, DESCRIBE, EXPLAIN, SET. */
  | { readonly kind: 'table'; readonly fields: readonly Field[]; readonly rows: readonly Row[] }
  /** A query's changes as they come. */
  | {
      readonly kind: 'query';
      readonly fields: readonly Field[];
      readonly job: EngineJob;
      /** Its changes are all +I. */
      readonly insertOnly: boolean;
      readonly changes: ChangeQueue;
    }
  | { readonly kind: 'job'; readonly job: EngineJob };
