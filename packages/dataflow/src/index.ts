export * from './contracts/index.ts';
export { Job, type JobState, type SnapshotForm } from './runtime/job.ts';
export { serveShare } from './runtime/threads/serve-share.ts';
export type { NodeMetrics } from './runtime/metrics.ts';
export type { SilentSplits, SplitProgress } from './runtime/split-watermarks.ts';
export { stateKey, type JobSettings, type JobSnapshot } from './runtime/settings.ts';
export { readLogical, type LogicalState } from './runtime/operator-state.ts';
export { inMemory, storesOf, type NewStore, type StateOnDisk, type StorePlace } from './runtime/stores.ts';
export { fitOf, savepointOf, type NodeFit } from './runtime/savepoint.ts';
