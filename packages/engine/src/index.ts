export { ChangeQueue, type Change } from './builtin.ts';
export { compileJob } from './compile.ts';
export type { Execution } from './execution.ts';
export { Executor, type ExecutorSettings, type JobOptions } from './executor.ts';
export { EngineJob, type JobTotals } from './job.ts';
export * from './json-value.ts';
