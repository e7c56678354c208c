export * from './checkpoint.ts';
export { CheckpointFolder, type Found } from './checkpoint-folder.ts';
