/* Everything that a registry knows, as the records of its log say one after the other. Equal logs give equal states. */

import type { CompatibilityLevel } from '#schemas';
import type { RegistryMode, SubjectConfig } from '../model/config.ts';
import type { SchemaRecord } from '../model/schema-record.ts';
import {
  inContextOf,
  contextOf,
  contextPrefix,
  defaultContext,
  globalContext,
  hasPrefix,
  splitSubject,
} from '../model/subject.ts';
import { eventOf, type LogRecord } from './log-records.ts';

/** Of one context: ids are given within it. */
interface ContextIds {
  /** Every version with an id, deleted softly or not. */
  readonly byId: Map<number, Map<string, SchemaRecord>>;
  readonly byGuid: Map<string, number>;
  maxId: number;
}
const placeOf = ({ subject, version }: SchemaRecord): string => `${subject} ${version}`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export class RegistryState {
  readonly #subjects = new Map<string, Map<number, SchemaRecord>>();
  readonly #ids = new Map<string, ContextIds>();
  /** By subject; '' for all. */
  readonly #configs = new Map<string, SubjectConfig>();
  readonly #modes = new Map<string, RegistryMode>();
  readonly #contexts = new Set<string>();
  readonly #defaultLevel: CompatibilityLevel;

  /** The level where nothing else is set. */
  constructor(defaultLevel: CompatibilityLevel = 'BACKWARD') {
    this.#defaultLevel = defaultLevel;
  }

  apply(record: LogRecord): void {
    const event = eventOf(record);
    switch (event?.kind) {
      case 'schema':
        this.#setSchema(event.subject, event.version, event.record);
        break;
      case 'config':
        set(this.#configs, event.subject ?? '', event.config);
        break;
      case 'mode':
        set(this.#modes, event.subject ?? '', event.mode);
        break;
      case 'delete-subject':
        for (const old of this.versions(event.subject, true))
          if (old.version <= event.version)
            this.#setSchema(old.subject, old.version, { ...old, deleted: true });
        break;
      case 'context':
        if (event.present) this.#contexts.add(event.context);
        else this.#contexts.delete(event.context);
        break;
      default:
    }
  }
  #idsOf(subject: string): ContextIds {
    const context = contextOf(subject);
    const found = this.#ids.get(context) ?? { byId: new Map(), byGuid: new Map(), maxId: 0 };
    this.#ids.set(context, found);
    return found;
  }
  #setSchema(subject: string, version: number, record: SchemaRecord | undefined): void {
    const versions = this.#subjects.get(subject) ?? new Map<number, SchemaRecord>();
    const ids = this.#idsOf(subject);
    const before = versions.get(version);
    if (before !== undefined) {
      const others = ids.byId.get(before.id);
      others?.delete(placeOf(before));
      if (others?.size === 0) {
        ids.byId.delete(before.id);
        if (ids.byGuid.get(before.guid) === before.id) ids.byGuid.delete(before.guid);
      }
    }
    if (record === undefined) versions.delete(version);
    else {
      versions.set(version, record);
      const others = ids.byId.get(record.id) ?? new Map<string, SchemaRecord>();
      ids.byId.set(record.id, others.set(placeOf(record), record));
      ids.byGuid.set(record.guid, record.id);
      ids.maxId = Math.max(ids.maxId, record.id);
      const context = contextOf(subject);
      if (context !== defaultContext) this.#contexts.add(context);
    }
    if (versions.size === 0) this.#subjects.delete(subject);
    else this.#subjects.set(subject, versions);
  }

  /** Names of subjects, sorted; those with softly deleted versions alone only where asked for. */
  subjects(prefix: string, deleted: 'none' | 'too' | 'only'): string[] {
    return [...this.#subjects]
      .filter(([subject]) => hasPrefix(subject, prefix))
      .filter(([, versions]) => {
        const gone = [...versions.values()].every((record) => record.deleted);
        return deleted === 'too' || (deleted === 'only') === gone;
      })
      .map(([subject]) => subject)
      .sort(compare);
  }
  hasSubject(subject: string, deleted: boolean): boolean {
    return this.versions(subject, deleted).length > 0;
  }
  /** Oldest first. */
  versions(subject: string, deleted: boolean): SchemaRecord[] {
    return [...(this.#subjects.get(subject)?.values() ?? [])]
      .filter((record) => deleted || !record.deleted)
      .sort((a, b) => a.version - b.version);
  }
  version(subject: string, version: number): SchemaRecord | undefined {
    return this.#subjects.get(subject)?.get(version);
  }
  /** All schemas, by subject and version. */
  *all(): Iterable<SchemaRecord> {
    for (const subject of [...this.#subjects.keys()].sort(compare)) yield* this.versions(subject, true);
  }
  /** In the context of a subject: every version with that id. */
  withId(subject: string, id: number): SchemaRecord[] {
    const found = this.#ids.get(contextOf(subject))?.byId.get(id)?.values() ?? [];
    return [...found].sort((a, b) => compare(a.subject, b.subject) || a.version - b.version);
  }
  idOfGuid(subject: string, guid: string): number | undefined {
    return this.#ids.get(contextOf(subject))?.byGuid.get(guid);
  }
  maxId(subject: string): number {
    return this.#ids.get(contextOf(subject))?.maxId ?? 0;
  }
  /** Ids of schemas that refer to a version, sorted; `deleted`: those that are softly deleted too. */
  referrers(subject: string, version: number, deleted = false): number[] {
    const ids = new Set<number>();
    for (const record of this.all()) {
      if (record.deleted && !deleted) continue;
      const refers = record.references.some(
        (r) => r.version === version && refersTo(record.subject, r.subject, subject),
      );
      if (refers) ids.add(record.id);
    }
    return [...ids].sort((a, b) => a - b);
  }
  /** The default one first. */
  contexts(): string[] {
    return [defaultContext, ...[...this.#contexts].filter((c) => c !== defaultContext).sort(compare)];
  }
  hasContext(context: string): boolean {
    return this.#contexts.has(context);
  }

  /** Names of subjects that stand for others, by the others; both sorted. */
  aliases(): ReadonlyMap<string, readonly string[]> {
    const found = [...this.#configs]
      .flatMap(([subject, { alias = '' }]) =>
        alias === '' ? [] : [{ subject, target: inContextOf(subject, alias) }],
      )
      .sort((a, b) => compare(a.subject, b.subject));
    const byTarget = Map.groupBy(found, ({ target }) => target);
    return new Map([...byTarget].map(([target, of]) => [target, of.map(({ subject }) => subject)]));
  }
  /** Subjects that have a mode of their own, sorted. */
  subjectsWithMode(): string[] {
    return [...this.#modes.keys()].filter((subject) => subject !== '').sort(compare);
  }

  config(subject: string | null): SubjectConfig | undefined {
    return this.#configs.get(subject ?? '');
  }
  mode(subject: string | null): RegistryMode | undefined {
    return this.#modes.get(subject ?? '');
  }
  /** From the widest to the narrowest: all, the global context, the subject's context, the subject. */
  #scopes(subject: string | null): string[] {
    if (subject === null) return [''];
    return [...new Set(['', globalContext, contextPrefix(subject), subject])];
  }
  configInScope(subject: string | null): SubjectConfig {
    return Object.assign(
      { compatibilityLevel: this.#defaultLevel } satisfies SubjectConfig,
      ...this.#scopes(subject).map((scope) => this.#configs.get(scope)),
    ) as SubjectConfig;
  }
  modeInScope(subject: string | null): RegistryMode {
    if (this.#modes.get('') === 'READONLY_OVERRIDE') return 'READONLY_OVERRIDE';
    const modes = this.#scopes(subject).map((scope) => this.#modes.get(scope));
    return modes.findLast((mode) => mode !== undefined) ?? 'READWRITE';
  }
}
function set<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
function refersTo(from: string, reference: string, subject: string): boolean {
  if (reference === subject) return true;
  const { context, name } = splitSubject(reference);
  return (
    context === defaultContext &&
    contextOf(from) === contextOf(subject) &&
    name === splitSubject(subject).name
  );
}
