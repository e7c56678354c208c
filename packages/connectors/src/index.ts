export * from './kafka/descriptor.ts';
