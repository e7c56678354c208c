/* Records of the `_schemas` topic: keys and values as JSON, as Confluent's registry writes and reads them.
 *
 *   {"keytype":"SCHEMA","subject":"s","version":1,"magic":1}   {"subject":"s","version":1,"id":1,"schema":"…","deleted":false}
 *   {"keytype":"CONFIG","subject":null,"magic":0}              {"subject":null,"compatibilityLevel":"FULL"}
 *   {"keytype":"DELETE_SUBJECT","subject":"s","magic":0}       {"subject":"s","version":3}
 *
 * A value of null takes a key away. */

import { guidBytes, guidOfBytes, isSchemaType } from '#schemas';
import { isMode, type RegistryMode, type SubjectConfig } from '../model/config.ts';
import { guidOf } from '../model/identity.ts';
import type { SchemaContent, SchemaRecord } from '../model/schema-record.ts';

/** As it stands in the log: value null is a tombstone. */
export interface LogRecord {
  readonly key: string;
  readonly value: string | null;
}
/** What a record says. */
export type RegistryEvent =
  | {
      readonly kind: 'schema';
      readonly subject: string;
      readonly version: number;
      readonly record: SchemaRecord | undefined;
    }
  | { readonly kind: 'config'; readonly subject: string | null; readonly config: SubjectConfig | undefined }
  | { readonly kind: 'mode'; readonly subject: string | null; readonly mode: RegistryMode | undefined }
  /** All versions up to this one are softly deleted. */
  | { readonly kind: 'delete-subject'; readonly subject: string; readonly version: number }
  | { readonly kind: 'clear-subject'; readonly subject: string | null }
  | { readonly kind: 'context'; readonly context: string; readonly present: boolean }
  /** Says nothing: written to find the end of the log. */
  | { readonly kind: 'noop' };

const schemaKey = (subject: string, version: number): string =>
  JSON.stringify({ keytype: 'SCHEMA', subject, version, magic: 1 });
const plainKey = (keytype: string, subject: string | null): string =>
  JSON.stringify({ keytype, subject, magic: 0 });

export function schemaRecord(record: SchemaRecord): LogRecord {
  const { subject, version, id, guid, schemaType, references, metadata, ruleSet, schema, deleted } = record;
  const value = {
    subject,
    version,
    id,
    md5: guidBytes(guid).toString('base64'),
    ...(schemaType === 'AVRO' ? {} : { schemaType }),
    ...(references.length === 0 ? {} : { references }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(ruleSet === undefined ? {} : { ruleSet }),
    schema,
    deleted,
  };
  return { key: schemaKey(subject, version), value: JSON.stringify(value) };
}
export const schemaTombstone = (subject: string, version: number): LogRecord => ({
  key: schemaKey(subject, version),
  value: null,
});
export const configRecord = (subject: string | null, config: SubjectConfig | undefined): LogRecord => ({
  key: plainKey('CONFIG', subject),
  value: config === undefined ? null : JSON.stringify({ subject, ...config }),
});
export const modeRecord = (subject: string | null, mode: RegistryMode | undefined): LogRecord => ({
  key: plainKey('MODE', subject),
  value: mode === undefined ? null : JSON.stringify({ subject, mode }),
});
export const deleteSubjectRecord = (subject: string, version: number): LogRecord => ({
  key: plainKey('DELETE_SUBJECT', subject),
  value: JSON.stringify({ subject, version }),
});
export const clearSubjectRecord = (subject: string | null): LogRecord => ({
  key: plainKey('CLEAR_SUBJECT', subject),
  value: JSON.stringify({ subject }),
});
const tenant = 'default';
export const contextRecord = (context: string, present = true): LogRecord => ({
  key: JSON.stringify({ keytype: 'CONTEXT', tenant, context, magic: 0 }),
  value: present ? JSON.stringify({ tenant, context }) : null,
});
export const noopRecord: LogRecord = { key: JSON.stringify({ keytype: 'NOOP', magic: 0 }), value: null };

type Members = Readonly<Record<string, unknown>>;
function membersOf(text: string): Members | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Members) : undefined;
  } catch {
    return undefined;
  }
}
const subjectOf = (key: Members): string | null =>
  typeof key['subject'] === 'string' ? key['subject'] : null;

/** What the record says; undefined for one of another kind, or of no kind: newer registries may write such. */
export function eventOf({ key, value }: LogRecord): RegistryEvent | undefined {
  const k = membersOf(key);
  const v = value === null ? undefined : membersOf(value);
  if (k === undefined || (value !== null && v === undefined)) return undefined;
  const subject = subjectOf(k);
  switch (k['keytype']) {
    case 'SCHEMA': {
      const version = Number(k['version']);
      if (subject === null || !Number.isInteger(version)) return undefined;
      const record = v === undefined ? undefined : readSchema(subject, version, v);
      return v !== undefined && record === undefined
        ? undefined
        : { kind: 'schema', subject, version, record };
    }
    case 'CONFIG': {
      const { subject: _, ...config } = v ?? {};
      return { kind: 'config', subject, config: v === undefined ? undefined : (config as SubjectConfig) };
    }
    case 'MODE':
      return { kind: 'mode', subject, mode: isMode(v?.['mode']) ? v['mode'] : undefined };
    case 'DELETE_SUBJECT':
      if (subject === null || v === undefined) return undefined;
      return { kind: 'delete-subject', subject, version: Number(v['version']) };
    case 'CLEAR_SUBJECT':
      return { kind: 'clear-subject', subject };
    case 'CONTEXT':
      return { kind: 'context', context: String(k['context']), present: v !== undefined };
    case 'NOOP':
      return { kind: 'noop' };
    default:
      return undefined;
  }
}
function readSchema(subject: string, version: number, value: Members): SchemaRecord | undefined {
  const { id, schema, schemaType = 'AVRO', references, metadata, ruleSet, deleted, md5 } = value;
  if (typeof id !== 'number' || typeof schema !== 'string' || typeof schemaType !== 'string')
    return undefined;
  if (!isSchemaType(schemaType)) return undefined;
  const content: SchemaContent = {
    schemaType,
    schema,
    references: (references ?? []) as SchemaContent['references'],
    ...(metadata ? { metadata: metadata as NonNullable<SchemaContent['metadata']> } : {}),
    ...(ruleSet ? { ruleSet: ruleSet as NonNullable<SchemaContent['ruleSet']> } : {}),
  };
  const guid = typeof md5 === 'string' ? guidOfBytes(Buffer.from(md5, 'base64')) : guidOf(content);
  return { subject, version, id, guid, deleted: deleted === true, ...content };
}
