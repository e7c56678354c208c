export { Registry, type RegistryOptions } from './registry.ts';
export type { Authentication } from './rest/authentication.ts';
export type { SchemaTopic, TopicReader } from './storage/topic-storage.ts';
export type { LogRecord } from './state/log-records.ts';
