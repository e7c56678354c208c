export * from './checkpoint.ts';
export { readCheckpoint } from './read-checkpoint.ts';
export { writeWhole } from './whole-files.ts';
export { CheckpointFolder, type Found } from './checkpoint-folder.ts';
