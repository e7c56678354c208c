/* A message of Debezium as columns: the row before, the row after, and what was done. */

import { UserError } from '#base';
import { types, type Field } from '#data';
import type { AvroType } from '#schemas';

/** The members of an envelope around rows of `fields`, as Flink has them. */
export const envelopeOf = (fields: readonly Field[]): Field[] => [
  { name: 'before', type: types.row(fields) },
  { name: 'after', type: types.row(fields) },
  { name: 'op', type: types.STRING },
];

/** The row after, of an envelope's schema. Throws FMT1006 for another schema. */
export function rowOfEnvelope(schema: AvroType): AvroType {
  if (schema.kind === 'union')
    return rowOfEnvelope(schema.branches.find((b) => b.kind === 'record') ?? schema.branches[0]!);
  const after = schema.kind === 'record' ? schema.fields.find((f) => f.name === 'after')?.type : undefined;
  const row = after?.kind === 'union' ? after.branches.find((b) => b.kind === 'record') : after;
  if (row?.kind === 'record') return row;
  throw new UserError('FMT1006', {
    message: "the subject's schema is no message of Debezium: it has no record 'after'",
  });
}
