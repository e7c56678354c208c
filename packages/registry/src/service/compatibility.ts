/* Whether a schema may follow those that a subject has, by the subject's level. */

import { conflictMessages, conflictOf, type Conflict } from '#schemas';
import type { SubjectConfig } from '../model/config.ts';
import type { SchemaRecord } from '../model/schema-record.ts';
import type { CanonicalSchema } from './content.ts';
import type { RegistryService } from './registry-service.ts';

/** Reserved names: fields that must not come back (metadata property `confluent:reserved`). */
const reservedProperty = 'confluent:reserved';
const reservedOf = (metadata: SchemaRecord['metadata']): string[] =>
  (metadata?.properties?.[reservedProperty] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

function reservedMessages(
  { content, parsed }: CanonicalSchema,
  previous: SchemaRecord | undefined,
): string[] {
  const now = reservedOf(content.metadata);
  const gone = reservedOf(previous?.metadata).filter((name) => !now.includes(name));
  const taken = now.filter((name) => parsed.fieldNames.includes(name));
  return [
    ...gone.map(
      (name) =>
        `{errorType:'RESERVED_FIELD_REMOVED', description:'The new schema no longer reserves the field "${name}", which the old schema reserves. Keep it in the metadata property ${reservedProperty}'}`,
    ),
    ...taken.map(
      (name) =>
        `{errorType:'FIELD_CONFLICTS_WITH_RESERVED_FIELD', description:'The new schema has the field "${name}", which its metadata reserves. Use another name'}`,
    ),
  ];
}

/** The first previous schema that the level forbids, for whoever wants more than messages. `previous`: oldest first. */
export function conflictIn(
  service: RegistryService,
  subject: string,
  next: CanonicalSchema,
  previous: readonly SchemaRecord[],
  config: SubjectConfig,
): Conflict | undefined {
  const group = config.compatibilityGroup;
  const valueOf = (metadata: SchemaRecord['metadata']): string | undefined =>
    group === undefined ? undefined : metadata?.properties?.[group];
  const wanted = valueOf(next.content.metadata);
  const asked = previous
    .filter((record) => valueOf(record.metadata) === wanted)
    .map((record) => ({ version: record.version, schema: service.parse(subject, record) }));
  return conflictOf(next.parsed, asked, config.compatibilityLevel ?? 'BACKWARD');
}

/** Why it may not, as Confluent's registry lists it; empty where it may. `previous`: oldest first. */
export function incompatibilityMessages(
  service: RegistryService,
  subject: string,
  next: CanonicalSchema,
  previous: readonly SchemaRecord[],
): string[] {
  const config = service.state.configInScope(subject);
  const validateFields = config.validateFields ?? false;
  const reserved = validateFields ? reservedMessages(next, previous.at(-1)) : [];
  const conflict = conflictIn(service, subject, next, previous, config);
  const messages = [...reserved, ...(conflict === undefined ? [] : conflictMessages(conflict))];
  if (messages.length === 0) return [];
  return [
    ...messages,
    `{validateFields: '${validateFields}', compatibility: '${config.compatibilityLevel ?? 'BACKWARD'}'}`,
  ];
}
