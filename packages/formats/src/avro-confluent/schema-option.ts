/* The option `schema`: the table's own Avro schema. It is written, where it is to be another than the columns give, and what is read
 * has its defaults and aliases. */

import { toMillraceError } from '#base';
import type { OptionSpec } from '#catalog';
import { parseAvro, type RecordType } from '#schemas';
import type { FormatOptions } from '../format-options.ts';

export const schemaSpec: OptionSpec = {
  key: 'schema',
  type: 'string',
  doc: 'The Avro schema to write with, as JSON, by default the one that the columns give; when reading its defaults and aliases count.',
};

/** Undefined where the table does not say. Throws FMT1004 for what is no schema of a record. */
export function schemaOption(options: FormatOptions): RecordType | undefined {
  const text = options.string('schema');
  if (text === undefined) return undefined;
  let type;
  try {
    type = parseAvro(text, { checkDefaults: true });
  } catch (thrown) {
    const { message, hint } = toMillraceError(thrown);
    throw options.refuse('schema', message, hint);
  }
  if (type.kind === 'record') return type;
  throw options.refuse('schema', `found a schema of type ${type.kind}, and rows are records`);
}
