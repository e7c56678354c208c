export * from './batch-writer.ts';
export * from './decompress.ts';
export * from './fetch-slots.ts';
export * from './memory-layer.ts';
export * from './record-batch.ts';
export * from './record-block.ts';
export * from './record-index.ts';
export * from './rewrite-batch.ts';
export { compress } from './seal.ts';
