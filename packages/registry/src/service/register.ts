/* Registers a schema under a subject: gives it an id, the one that its content has already where there is one, and the
 * subject's next version. */

import {
  isReadOnly,
  mergeMetadata,
  mergeRuleSets,
  takesIds,
  type RegistryMode,
  type SubjectConfig,
} from '../model/config.ts';
import { refuse } from '../errors.ts';
import { guidOf } from '../model/identity.ts';
import type { SchemaContent, SchemaRecord } from '../model/schema-record.ts';
import { contextOf, contextPrefix, defaultContext, isInvalidSubject } from '../model/subject.ts';
import { contextRecord, schemaRecord, schemaTombstone } from '../state/log-records.ts';
import type { Append } from '../storage/storage.ts';
import { canonical, type CanonicalSchema } from './content.ts';
import { incompatibilityMessages } from './compatibility.ts';
import { lookUp } from './lookup.ts';
import type { RegistryService } from './registry-service.ts';

export interface RegisterRequest {
  /** An empty schema stands for the latest one: metadata alone change. */
  readonly content: SchemaContent;
  /** With modes that take ids; undefined where the registry gives one. */
  readonly id: number | undefined;
  /** The version that it must become; 0 for any, -1 for the next one, noted in its metadata. */
  readonly version: number;
  readonly normalize: boolean;
}
export interface Registered {
  readonly record: SchemaRecord;
  /** Metadata or rules came from the configuration or the version before. */
  readonly modified: boolean;
}
const versionProperty = 'confluent:version';

/** Throws RegistryError: 42201 no schema, 409 incompatible, 42205 not in this mode, 42208 no subject. */
export async function register(
  service: RegistryService,
  subject: string,
  request: RegisterRequest,
): Promise<Registered> {
  if (isInvalidSubject(subject)) throw refuse.invalidSubject(subject);
  const known = knownAlready(service, subject, request);
  if (known !== undefined) return { record: known, modified: false };
  return service.storage.exclusively((append) => registerAlone(service, subject, request, append));
}
const setsMore = (config: SubjectConfig): boolean =>
  [config.defaultMetadata, config.overrideMetadata, config.defaultRuleSet, config.overrideRuleSet].some(
    (part) => part !== undefined,
  );
/** Whoever registers what is there needs not wait for those who write. */
function knownAlready(
  service: RegistryService,
  subject: string,
  request: RegisterRequest,
): SchemaRecord | undefined {
  const config = service.state.configInScope(subject);
  if (request.version !== 0 || request.content.schema === '' || setsMore(config)) return undefined;
  const found = lookUp(service, subject, request.content, { normalize: request.normalize, deleted: false });
  return found !== undefined && (request.id === undefined || request.id === found.id) ? found : undefined;
}
function checkMode(subject: string, id: number | undefined, mode: RegistryMode): void {
  const where = `Subject ${subject} in context ${contextOf(subject)}`;
  if (isReadOnly(mode)) throw refuse.notPermitted(`${where} is in read-only mode`);
  if (id !== undefined && !takesIds(mode)) throw refuse.notPermitted(`${where} is not in import mode`);
  if (id === undefined && mode !== 'READWRITE')
    throw refuse.notPermitted(`${where} is not in read-write mode`);
}

async function registerAlone(
  service: RegistryService,
  subject: string,
  request: RegisterRequest,
  append: Append,
): Promise<Registered> {
  const { state } = service;
  const mode = state.modeInScope(subject);
  checkMode(subject, request.id, mode);
  const all = state.versions(subject, true);
  const live = all.filter((record) => !record.deleted);
  const nextVersion = (all.at(-1)?.version ?? 0) + 1;
  const filled =
    mode === 'IMPORT'
      ? { content: request.content, modified: false }
      : fill(service, subject, request, live.at(-1), nextVersion);
  const next = canonical(service, subject, filled.content, { normalize: request.normalize, isNew: true });
  const found = existing(service, subject, next.content, request);
  if (typeof found === 'object') return { record: found, modified: filled.modified };
  if (mode !== 'IMPORT') {
    const messages = incompatibilityMessages(service, subject, next, live);
    if (messages.length > 0) throw refuse.incompatible(subject, messages);
  }
  const version = request.version > 0 ? request.version : nextVersion;
  if (version !== nextVersion && mode !== 'IMPORT')
    throw refuse.invalidSchema(
      `Version is not one more than previous version: found ${version}, expected ${nextVersion}`,
    );
  const id = found ?? state.maxId(subject) + 1;
  checkId(service, subject, id, next);
  const record: SchemaRecord = {
    subject,
    version,
    id,
    guid: guidOf(next.content),
    deleted: false,
    ...next.content,
  };
  const context = contextOf(subject);
  if (context !== defaultContext && !state.hasContext(context)) await append(contextRecord(context));
  // A version of before with the same id would be a second one of the same schema.
  for (const old of all)
    if (old.deleted && old.id === id && old.version < version)
      await append(schemaTombstone(subject, old.version));
  await append(schemaRecord(record));
  return { record, modified: filled.modified };
}

/** Metadata and rules of the configuration, and of the version before where the request has none. */
function fill(
  service: RegistryService,
  subject: string,
  request: RegisterRequest,
  previous: SchemaRecord | undefined,
  nextVersion: number,
): { content: SchemaContent; modified: boolean } {
  const config = service.state.configInScope(subject);
  const { content, version } = request;
  const empty = content.schema.trim() === '';
  if (empty && previous === undefined) throw refuse.invalidSchema('Empty schema');
  const base = empty
    ? {
        ...content,
        schema: previous!.schema,
        schemaType: previous!.schemaType,
        references: previous!.references,
      }
    : content;
  const specific = content.metadata ?? previous?.metadata;
  let metadata = mergeMetadata(mergeMetadata(config.defaultMetadata, specific), config.overrideMetadata);
  const ruleSet = mergeRuleSets(
    mergeRuleSets(config.defaultRuleSet, content.ruleSet ?? previous?.ruleSet),
    config.overrideRuleSet,
  );
  if (version !== 0 || metadata?.properties?.[versionProperty] !== undefined)
    metadata = mergeMetadata(metadata, {
      properties: { [versionProperty]: String(version > 0 ? version : nextVersion) },
    });
  const modified = empty || metadata !== undefined || ruleSet !== undefined;
  return { content: { ...base, metadata, ruleSet }, modified };
}

/** The version that is this schema already, or the id that its content has, or that the request gives. */
function existing(
  service: RegistryService,
  subject: string,
  content: SchemaContent,
  request: RegisterRequest,
): SchemaRecord | number | undefined {
  const id = service.state.idOfGuid(subject, guidOf(content));
  if (id === undefined || (request.id !== undefined && request.id !== id)) return request.id;
  const here = service.state
    .withId(subject, id)
    .find((r) => r.subject === subject && !r.deleted && r.schemaType === content.schemaType);
  return request.version === 0 && here !== undefined ? here : id;
}
function checkId(service: RegistryService, subject: string, id: number, { content }: CanonicalSchema): void {
  const other = service.state.withId(subject, id)[0];
  if (other !== undefined && other.guid !== guidOf(content))
    throw refuse.notPermitted(
      `Overwrite new schema with id ${id} in context ${contextPrefix(subject) || defaultContext} is not permitted.`,
    );
}
