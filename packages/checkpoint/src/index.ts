export * from './checkpoint.ts';
export { readCheckpoint, writeCheckpoint } from './checkpoint-files.ts';
export { CheckpointFolder, type Found } from './checkpoint-folder.ts';
