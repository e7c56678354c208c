/* The columns of an Avro schema, with the mapping of times under which they can be written too. */

import { UserError } from '#base';
import { AvroSchema, type AvroType, type ParsedSchema } from '#schemas';
import type { SchemaColumns } from '../schema-columns.ts';
import type { FormatOptions } from '../format-options.ts';
import { rowsOfSchema } from './rows-of-schema.ts';

const legacyKey = 'timestamp_mapping.legacy';

/** A timestamp is TIMESTAMP_LTZ and a local timestamp TIMESTAMP, unless the table asks for the legacy mapping. */
export function columnsOfAvro(root: AvroType, options?: FormatOptions): SchemaColumns {
  if (options?.has(legacyKey) === true)
    return { fields: rowsOfSchema(root, options.boolean(legacyKey)), options: {} };
  return { fields: rowsOfSchema(root, false), options: { [legacyKey]: 'false' } };
}

/** The type in a schema of a registry. Throws FMT1006 for a schema of another type. */
export function avroRoot(schema: ParsedSchema | undefined): AvroType {
  if (schema instanceof AvroSchema) return schema.root;
  throw new UserError('FMT1006', {
    message: `the subject's schema is of type ${schema?.type ?? 'none'}, not AVRO`,
  });
}
