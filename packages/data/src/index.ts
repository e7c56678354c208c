export * from './batch.ts';
export * from './batch-builder.ts';
export * from './builder.ts';
export * from './column.ts';
export * from './read.ts';
export * from './types.ts';
export * from './values.ts';
