/* What the API gives back for a schema: members in Confluent's order, Avro's type and empty lists left out. */

import type { RegistryService } from '../service/registry-service.ts';
import type { SchemaRecord } from '../model/schema-record.ts';

function content({ schemaType, references, metadata, ruleSet }: SchemaRecord): object {
  return {
    ...(schemaType === 'AVRO' ? {} : { schemaType }),
    ...(references.length === 0 ? {} : { references }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(ruleSet === undefined ? {} : { ruleSet }),
  };
}
/** In the form that was asked for; the stored one where the type has not got it. */
const textOf = (service: RegistryService, record: SchemaRecord, format: string): string =>
  format === '' ? record.schema : service.parse(record.subject, record).formatted(format);

export const schemaAnswer = (service: RegistryService, record: SchemaRecord, format: string): object => ({
  subject: record.subject,
  version: record.version,
  id: record.id,
  guid: record.guid,
  ...content(record),
  schema: textOf(service, record, format),
  ...(record.deleted ? { deleted: true } : {}),
});
/** By its id: without the subject, unless one was asked for. */
export const byIdAnswer = (
  service: RegistryService,
  record: SchemaRecord,
  format: string,
  maxId: number | undefined,
): object => ({
  ...content(record),
  schema: textOf(service, record, format),
  guid: record.guid,
  ...(maxId === undefined ? {} : { maxId }),
});
/** What was registered; the schema too where it is another than was sent, or a form of it is asked for. */
export const registeredAnswer = (
  service: RegistryService,
  record: SchemaRecord,
  modified: boolean,
  format: string,
): object => ({
  id: record.id,
  version: record.version,
  guid: record.guid,
  ...(modified || format !== '' ? { ...content(record), schema: textOf(service, record, format) } : {}),
});
