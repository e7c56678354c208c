/* Configuration and mode of a subject, a context, or all (null). */

import { refuse } from '../errors.ts';
import { isReadOnly, type RegistryMode, type SubjectConfig } from '../model/config.ts';
import { clearSubjectRecord, configRecord, modeRecord, schemaTombstone } from '../state/log-records.ts';
import type { RegistryService } from './registry-service.ts';
import { contextOf, splitSubject } from '../model/subject.ts';

/** A setting of null goes back to what the scope above says; one that is not named stays. */
export type ConfigUpdate = { readonly [K in keyof SubjectConfig]?: SubjectConfig[K] | null };

/** Throws RegistryError 42205 in a read-only mode. */
export function updateConfig(
  service: RegistryService,
  subject: string | null,
  update: ConfigUpdate,
): Promise<void> {
  return service.storage.exclusively(async (append) => {
    if (isReadOnly(service.state.modeInScope(subject)))
      throw refuse.notPermitted(`Subject ${subject} is in read-only mode`);
    const merged = { ...service.state.config(subject), ...update };
    const kept = Object.fromEntries(
      Object.entries(merged).filter(([, value]) => value !== null && value !== undefined),
    );
    await append(configRecord(subject, kept));
  });
}
/** Resolves to what was set; undefined where nothing was. */
export function deleteConfig(
  service: RegistryService,
  subject: string | null,
): Promise<SubjectConfig | undefined> {
  return service.storage.exclusively(async (append) => {
    const before = service.state.config(subject);
    if (isReadOnly(service.state.modeInScope(subject)))
      throw refuse.notPermitted(`Subject ${subject} is in read-only mode`);
    if (before !== undefined) await append(configRecord(subject, undefined));
    return before;
  });
}

/** Subjects that a setting of `subject` is for. */
function subjectsIn(service: RegistryService, subject: string | null, deleted: 'none' | 'too'): string[] {
  if (subject === null) return service.state.subjects(':*:', deleted);
  const { name } = splitSubject(subject);
  return service.state.subjects(subject, deleted).filter((other) => name === '' || other === subject);
}

/** Into IMPORT only where there are no schemas, unless `force`: ids that are imported must not be taken. Throws
 *  RegistryError 42205. */
export function setMode(
  service: RegistryService,
  subject: string | null,
  mode: RegistryMode,
  force: boolean,
): Promise<void> {
  return service.storage.exclusively(async (append) => {
    if (mode === 'IMPORT' && service.state.modeInScope(subject) !== 'IMPORT' && !force) {
      if (subjectsIn(service, subject, 'none').length > 0)
        throw refuse.notPermitted('Cannot import since found existing subjects');
      for (const gone of subjectsIn(service, subject, 'too'))
        for (const { version } of service.state.versions(gone, true))
          await append(schemaTombstone(gone, version));
      await append(clearSubjectRecord(subject));
    }
    await append(modeRecord(subject, mode));
  });
}
/** Resolves to the mode that was set; undefined where none was. `recursive`: and those of all subjects of the context that is
 *  meant, the default one for null. */
export function deleteMode(
  service: RegistryService,
  subject: string | null,
  recursive = false,
): Promise<RegistryMode | undefined> {
  return service.storage.exclusively(async (append) => {
    const before = service.state.mode(subject);
    if (before !== undefined) await append(modeRecord(subject, undefined));
    if (recursive && splitSubject(subject ?? '').name === '')
      for (const other of service.state.subjectsWithMode())
        if (other !== subject && contextOf(other) === contextOf(subject ?? ''))
          await append(modeRecord(other, undefined));
    return before;
  });
}
