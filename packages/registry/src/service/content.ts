/* What a client sent as a schema, made ready to be stored or looked up: canonical text, references with their versions. */

import type { ParsedSchema } from '#schemas';
import { takesIds } from '../model/config.ts';
import { refuse } from '../errors.ts';
import type { SchemaContent, SchemaReference } from '../model/schema-record.ts';
import { inContextOf } from '../model/subject.ts';
import type { RegistryService } from './registry-service.ts';

export interface CanonicalSchema {
  readonly content: SchemaContent;
  readonly parsed: ParsedSchema;
}
export interface CanonicalOptions {
  readonly normalize: boolean;
  readonly isNew: boolean;
}
const compare = (a: SchemaReference, b: SchemaReference): number =>
  a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : a.version - b.version;

/** References to the latest version name it; in the normal form they are sorted, and none is there twice. */
function fixedReferences(
  service: RegistryService,
  subject: string,
  references: readonly SchemaReference[],
  normalize: boolean,
): SchemaReference[] {
  const fixed = references.map((reference) => {
    if (reference.version !== -1) return reference;
    const latest = service.latest(inContextOf(subject, reference.subject));
    if (latest === undefined)
      throw refuse.invalidSchema(
        `No schema reference found for subject "${reference.subject}" and version latest`,
      );
    return { ...reference, version: latest.version };
  });
  if (!normalize) return fixed;
  const distinct = new Map(fixed.map((reference) => [JSON.stringify(reference), reference]));
  return [...distinct.values()].sort(compare);
}

/** Throws RegistryError 42201 for what is no schema. */
export function canonical(
  service: RegistryService,
  subject: string,
  given: SchemaContent,
  options: CanonicalOptions,
): CanonicalSchema {
  const references = fixedReferences(service, subject, given.references, options.normalize);
  const { isNew } = options;
  const strict = isNew && !takesIds(service.state.modeInScope(subject));
  const first = service.parse(subject, { ...given, references }, strict);
  const text = options.normalize ? first.normalText : first.text;
  const content = { ...given, references, schema: text };
  return { content, parsed: text === first.text ? first : service.parse(subject, content) };
}
