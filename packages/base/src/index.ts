export * from './assert.ts';
export * from './byte-writer.ts';
export * from './bytes-text.ts';
export * from './did-you-mean.ts';
export * from './errors.ts';
export * from './limits.ts';
export * from './rng.ts';
export * from './world.ts';
