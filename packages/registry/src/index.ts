export { Registry, type RegistryOptions } from './registry.ts';
export type { Authentication } from './rest/authentication.ts';
export type { SchemaTopic, TopicReader } from './storage/topic-storage.ts';
export type { LogRecord } from './state/log-records.ts';
export type { Metadata, Rule, RuleSet, SchemaReference } from './model/schema-record.ts';
export {
  isRefusal,
  RegistryClient,
  RegistryRefusal,
  type CompatibilityAnswer,
  type RegisteredSchema,
  type RegistryClientOptions,
  type SchemaToRegister,
} from './client/client.ts';
export * from './client/subject-names.ts';
export {
  readMessageIndexes,
  readSchemaId,
  schemaIdHeaders,
  writeMessageIndexes,
  writeSchemaGuid,
  writeSchemaId,
  type WrittenSchema,
} from '#schemas';
