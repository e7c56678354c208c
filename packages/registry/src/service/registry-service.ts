/* What every operation of a registry works with: the state, its storage, and schemas that were parsed before. */

import { UserError } from '#base';
import { parseSchema, type CompatibilityLevel, type ParsedSchema, type ReferencedSchema } from '#schemas';
import { refuse } from '../errors.ts';
import { guidOf } from '../model/identity.ts';
import type { SchemaContent, SchemaRecord, SchemaReference } from '../model/schema-record.ts';
import { inContextOf } from '../model/subject.ts';
import { RegistryState } from '../state/registry-state.ts';
import type { SchemaStorage } from '../storage/storage.ts';

const parsedMax = 1000;
const referenceDepthMax = 100;

export class RegistryService {
  readonly state: RegistryState;
  readonly storage: SchemaStorage;
  /** By content; the one that was used longest ago goes first. */
  readonly #parsed = new Map<string, ParsedSchema>();

  constructor(storage: SchemaStorage, defaultLevel?: CompatibilityLevel) {
    this.storage = storage;
    this.state = new RegistryState(defaultLevel);
  }
  open(): Promise<void> {
    return this.storage.open((record) => this.state.apply(record));
  }

  /** The schema, with its references. `isNew`: it is to be registered. Throws RegistryError 42201. */
  parse(subject: string, content: SchemaContent, isNew = false): ParsedSchema {
    const key = `${isNew} ${subject} ${content.schemaType} ${guidOf(content)}`;
    const known = this.#parsed.get(key);
    const parsed = known ?? this.#parse(subject, content, isNew);
    this.#parsed.delete(key);
    this.#parsed.set(key, parsed);
    if (this.#parsed.size > parsedMax) this.#parsed.delete(this.#parsed.keys().next().value!);
    return parsed;
  }
  #parse(subject: string, content: SchemaContent, isNew: boolean): ParsedSchema {
    const references = this.referenced(subject, content.references, isNew);
    try {
      return parseSchema(content.schemaType, content.schema, { references, isNew });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const place = error.at === undefined ? '' : ` (line ${error.at.line}, column ${error.at.column})`;
      const hint = error.hint === undefined ? '' : `. ${error.hint}`;
      throw refuse.invalidSchema(
        `Invalid schema of type ${content.schemaType}, details: ${error.message}${place}${hint}`,
        error,
      );
    }
  }
  /** Schemas that references lead to, those first that others refer to. Throws RegistryError 42201 for one that there is
   *  not. */
  referenced(subject: string, references: readonly SchemaReference[], isNew = false): ReferencedSchema[] {
    const found = new Map<string, ReferencedSchema>();
    const visit = (from: string, list: readonly SchemaReference[], depth: number): void => {
      if (depth > referenceDepthMax) throw refuse.invalidSchema('The references lead to themselves');
      for (const { name, subject: of, version } of list) {
        if (found.has(name)) continue;
        const target = inContextOf(from, of);
        const record = this.recordOf(target, version);
        if (record === undefined || (isNew && depth === 0 && record.deleted))
          throw refuse.invalidSchema(
            `No schema reference found for subject "${of}" and version ${version}, which is referred to as "${name}"`,
          );
        visit(target, record.references, depth + 1);
        found.set(name, { name, text: record.schema });
      }
    };
    visit(subject, references, 0);
    return [...found.values()];
  }
  /** Version -1 is the latest. Softly deleted ones too. */
  recordOf(subject: string, version: number): SchemaRecord | undefined {
    return version === -1 ? this.latest(subject) : this.state.version(subject, version);
  }
  latest(subject: string): SchemaRecord | undefined {
    return this.state.versions(subject, false).at(-1);
  }
}
