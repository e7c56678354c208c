/* Finds what is there: schemas by content, by id, by GUID, by version. */

import { refuse } from '../errors.ts';
import { guidOf } from '../model/identity.ts';
import type { SchemaContent, SchemaRecord } from '../model/schema-record.ts';
import { defaultContext, joinSubject, splitSubject } from '../model/subject.ts';
import { mergeMetadata, mergeRuleSets } from '../model/config.ts';
import { canonical } from './content.ts';
import type { RegistryService } from './registry-service.ts';

export interface LookupOptions {
  readonly normalize: boolean;
  /** Softly deleted versions too. */
  readonly deleted: boolean;
}

/** The version of a subject that is this schema; undefined where there is none. Throws RegistryError 42201. */
export function lookUp(
  service: RegistryService,
  subject: string,
  given: SchemaContent,
  options: LookupOptions,
): SchemaRecord | undefined {
  const found = lookUpAsGiven(service, subject, given, options);
  if (found !== undefined) return found;
  const latest = service.latest(subject);
  if (latest === undefined) return undefined;
  // As registering would fill it.
  const config = service.state.configInScope(subject);
  const metadata = mergeMetadata(
    mergeMetadata(config.defaultMetadata, given.metadata ?? latest.metadata),
    config.overrideMetadata,
  );
  const ruleSet = mergeRuleSets(
    mergeRuleSets(config.defaultRuleSet, given.ruleSet ?? latest.ruleSet),
    config.overrideRuleSet,
  );
  if (metadata === given.metadata && ruleSet === given.ruleSet) return undefined;
  return lookUpAsGiven(service, subject, { ...given, metadata, ruleSet }, options);
}
function lookUpAsGiven(
  service: RegistryService,
  subject: string,
  given: SchemaContent,
  options: LookupOptions,
): SchemaRecord | undefined {
  const { content, parsed } = canonical(service, subject, given, {
    normalize: options.normalize,
    isNew: false,
  });
  const { state } = service;
  const live = (record: SchemaRecord): boolean => options.deleted || !record.deleted;
  const id = state.idOfGuid(subject, guidOf(content));
  const same = id === undefined ? [] : state.withId(subject, id);
  const here = same.find((r) => r.subject === subject && live(r) && r.schemaType === content.schemaType);
  if (here !== undefined || content.references.length > 0) return here;
  // Sent with all that it refers to in it.
  const resolved = parsed.formatted('resolved');
  return state
    .versions(subject, options.deleted)
    .findLast(
      (r) =>
        r.references.length > 0 &&
        r.schemaType === content.schemaType &&
        service.parse(subject, r).formatted('resolved') === resolved,
    );
}

/** A version of a subject, `latest` or a number; of a subject without a context in any context that has it. */
export function versionOf(
  service: RegistryService,
  subject: string,
  version: string,
  deleted: boolean,
): SchemaRecord {
  const number = versionNumber(version);
  for (const candidate of inContexts(service, subject)) {
    const found =
      number === -1 ? latestOf(service, candidate, deleted) : service.state.version(candidate, number);
    if (found !== undefined && (deleted || !found.deleted)) return found;
  }
  throw service.state.hasSubject(subject, deleted)
    ? refuse.versionNotFound(number === -1 ? 'latest' : number)
    : refuse.subjectNotFound(subject);
}
const latestOf = (service: RegistryService, subject: string, deleted: boolean): SchemaRecord | undefined =>
  service.latest(subject) ?? (deleted ? service.state.versions(subject, true).at(-1) : undefined);

/** -1 for the latest. Throws RegistryError 42202. */
export function versionNumber(text: string): number {
  if (text.trim().toLowerCase() === 'latest' || text === '-1') return -1;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 2 ** 31 - 1) throw refuse.invalidVersion(text);
  return number;
}
/** The subject, and behind it those of its name in other contexts where it names none. */
export function inContexts(service: RegistryService, subject: string): string[] {
  const { context, name } = splitSubject(subject);
  if (context !== defaultContext || name === '') return [subject];
  return service.state.contexts().map((other) => joinSubject({ context: other, name }));
}

/** Every version with an id, in the context of `subject`; where that has not got it and names none, in that of its name
 *  elsewhere. Throws RegistryError 40403. */
export function schemasWithId(service: RegistryService, id: number, subject: string): SchemaRecord[] {
  const { name } = splitSubject(subject);
  const here = service.state.withId(subject, id);
  const own = here.filter((r) => name === '' || r.subject === subject);
  if (own.length > 0) return here;
  for (const other of inContexts(service, subject)) {
    const found = service.state.withId(other, id);
    if (found.some((r) => r.subject === other)) return found;
  }
  if (here.length === 0) throw refuse.schemaNotFound(id);
  return here;
}
/** In which contexts a GUID has which id. */
export const idsOfGuid = (service: RegistryService, guid: string): { context: string; id: number }[] =>
  service.state.contexts().flatMap((context) => {
    const id = service.state.idOfGuid(joinSubject({ context, name: '' }), guid);
    return id === undefined ? [] : [{ context, id }];
  });
/** Throws RegistryError 40403. */
export function schemaWithGuid(service: RegistryService, guid: string): SchemaRecord {
  const found = idsOfGuid(service, guid)[0];
  const prefix = joinSubject({ context: found?.context ?? defaultContext, name: '' });
  const record = found === undefined ? undefined : service.state.withId(prefix, found.id)[0];
  if (record === undefined) throw refuse.schemaNotFound(guid);
  return record;
}
/** The newest version whose metadata has these properties. Throws RegistryError 40401 and 40402. */
export function latestWithMetadata(
  service: RegistryService,
  subject: string,
  wanted: ReadonlyMap<string, string>,
  deleted: boolean,
): SchemaRecord {
  if (!service.state.hasSubject(subject, deleted)) throw refuse.subjectNotFound(subject);
  const found = service.state
    .versions(subject, deleted)
    .findLast((record) =>
      [...wanted].every(([name, value]) => record.metadata?.properties?.[name] === value),
    );
  if (found === undefined) throw refuse.schemaNotFound();
  return found;
}
