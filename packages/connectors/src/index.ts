export * from './blackhole/descriptor.ts';
export * from './datagen/descriptor.ts';
export * from './print/descriptor.ts';
