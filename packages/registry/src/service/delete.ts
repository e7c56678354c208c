/* Takes schemas away: softly, so that data with their ids can still be read, and then for good. */

import { refuse } from '../errors.ts';
import { isReadOnly } from '../model/config.ts';
import type { SchemaRecord } from '../model/schema-record.ts';
import {
  configRecord,
  contextRecord,
  deleteSubjectRecord,
  modeRecord,
  schemaRecord,
  schemaTombstone,
} from '../state/log-records.ts';
import type { Append } from '../storage/storage.ts';
import { versionNumber } from './lookup.ts';
import type { RegistryService } from './registry-service.ts';
import { contextOf, joinSubject } from '../model/subject.ts';

function checkWritable(service: RegistryService, subject: string): void {
  if (isReadOnly(service.state.modeInScope(subject)))
    throw refuse.notPermitted(`Subject ${subject} is in read-only mode`);
}
function checkUnreferenced(service: RegistryService, { subject, version }: SchemaRecord): void {
  if (service.state.referrers(subject, version).length > 0) throw refuse.referenceExists(subject, version);
}
/** What was set for a subject goes with its last version. */
async function deleteSettings(service: RegistryService, subject: string, append: Append): Promise<void> {
  if (service.state.mode(subject) !== undefined) await append(modeRecord(subject, undefined));
  if (service.state.config(subject) !== undefined) await append(configRecord(subject, undefined));
}

/** Resolves to the version. Throws RegistryError 40401, 40402, 40406, 40407, 42205, 42206. */
export function deleteVersion(
  service: RegistryService,
  subject: string,
  version: string,
  permanent: boolean,
): Promise<number> {
  return service.storage.exclusively(async (append) => {
    checkWritable(service, subject);
    if (!service.state.hasSubject(subject, true)) throw refuse.subjectNotFound(subject);
    const number = versionNumber(version);
    const record = number === -1 ? service.latest(subject) : service.state.version(subject, number);
    if (record === undefined) throw refuse.versionNotFound(version);
    if (permanent && !record.deleted) throw refuse.versionNotSoftDeleted(subject, record.version);
    if (!permanent && record.deleted) throw refuse.versionSoftDeleted(subject, record.version);
    checkUnreferenced(service, record);
    if (permanent) await append(schemaTombstone(subject, record.version));
    else {
      await append(schemaRecord({ ...record, deleted: true }));
      if (!service.state.hasSubject(subject, false)) await deleteSettings(service, subject, append);
    }
    return record.version;
  });
}

/** Resolves to the versions, oldest first. Throws RegistryError 40401, 40404, 40405, 42205, 42206. */
export function deleteSubject(
  service: RegistryService,
  subject: string,
  permanent: boolean,
): Promise<number[]> {
  return service.storage.exclusively(async (append) => {
    checkWritable(service, subject);
    if (!service.state.hasSubject(subject, true)) throw refuse.subjectNotFound(subject);
    const live = service.state.versions(subject, false);
    if (permanent && live.length > 0) throw refuse.subjectNotSoftDeleted(subject);
    if (!permanent && live.length === 0) throw refuse.subjectSoftDeleted(subject);
    const gone = permanent ? service.state.versions(subject, true) : live;
    for (const record of gone) checkUnreferenced(service, record);
    if (permanent) for (const { version } of gone) await append(schemaTombstone(subject, version));
    else {
      await append(deleteSubjectRecord(subject, gone.at(-1)!.version));
      await deleteSettings(service, subject, append);
    }
    return gone.map((record) => record.version);
  });
}

/** A context without subjects. Throws RegistryError 40401 and 42205. */
export function deleteContext(service: RegistryService, context: string): Promise<void> {
  return service.storage.exclusively(async (append) => {
    const name = contextOf(`:${context}:`);
    if (!service.state.hasContext(name)) throw refuse.contextNotFound(context);
    const prefix = joinSubject({ context: name, name: '' });
    if (service.state.subjects(prefix, 'too').length > 0)
      throw refuse.notPermitted(`The context ${context} is not empty`);
    await append(contextRecord(context, false));
  });
}
