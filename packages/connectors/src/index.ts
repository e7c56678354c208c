export * from './blackhole/descriptor.ts';
export * from './datagen/descriptor.ts';
export * from './demo-events/descriptor.ts';
export * from './filesystem/descriptor.ts';
export * from './nexmark/descriptor.ts';
export { nexmarkEvents, nexmarkJson, type NexmarkStream } from './nexmark/events.ts';
export { nexmarkFields } from './nexmark/schema.ts';
export * from './print/descriptor.ts';
