export type { Accounts, LookupAccount } from './accounts.ts';
export { ChangeQueue, type Change } from './builtin.ts';
export { compileJob } from './compile.ts';
export type { Execution } from './execution.ts';
export { Executor, type ExecutorSettings, type JobOptions } from './executor.ts';
export type { StateChoice } from './durability/durability.ts';
export {
  EngineJob,
  type CheckpointStats,
  type EngineJobState,
  type JobTotals,
  type Restarting,
} from './job.ts';
export * from './functions/convert.ts';
export type { LoadModule } from './functions/functions.ts';
export type {
  AggregateDefinition,
  FunctionDefinition,
  ScalarDefinition,
  TableFunctionDefinition,
} from './functions/user-function.ts';
export type {
  ListView,
  MapView,
  ProcessArgumentDefinition,
  ProcessChangelogAsked,
  ProcessChangelogMode,
  ProcessChanges,
  ProcessContext,
  ProcessFunctionDefinition,
  ProcessRowKind,
  ProcessStateDefinition,
  StateHandle,
  StateEntry,
  TimeContext,
} from './functions/process-definition.ts';
export type { ModelDefinition } from './functions/model-provider.ts';
export * from './json-value.ts';
export { heldBackBy, watermarksOf, type NodeWatermark, type SplitWatermark } from './watermarks.ts';
export type { NodeFit } from '#dataflow';
export { readSavepoint } from './durability/savepoints.ts';
export { createTableText } from './found-columns.ts';
export type { EvolvedColumn } from './evolution/widen-tables.ts';
export type { TableDrift } from './drift.ts';
export type { CheckCounts, Freshness } from './checks.ts';
