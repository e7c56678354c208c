/// <reference types="node" preserve="true" />
/* millrace: the library. */

import './ambient-types.ts';
import './node-version.ts';
export type { ChangeCallback, QueryChange } from './callback-sink.ts';
export type { Rows } from './iterable-source.ts';
export type { Accounts, CheckCounts, CheckpointStats, Job, JobMetrics } from './job.ts';
export {
  Millrace,
  type ExecuteOptions,
  type MillraceOptions,
  type RunOptions,
  type TableDefinition,
} from './millrace.ts';
export type {
  FunctionDefinition,
  ListView,
  MapView,
  ModelDefinition,
  ProcessChangelogAsked,
  ProcessChangelogMode,
  ProcessChanges,
  ProcessContext,
  StateEntry,
  StateHandle,
  TimeContext,
} from '#engine';
export { BugError, ExternalError, MillraceError, UserError } from '#base';
