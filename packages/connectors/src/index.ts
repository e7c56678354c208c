export * from './kafka/descriptor.ts';
export * from './upsert-kafka/descriptor.ts';
