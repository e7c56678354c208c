/* A message of Debezium as columns: the row before, the row after, and what was done. */

import { types, type Field } from '#data';

/** The members of an envelope around rows of `fields`, as Flink has them. */
export const envelopeOf = (fields: readonly Field[]): Field[] => [
  { name: 'before', type: types.row(fields) },
  { name: 'after', type: types.row(fields) },
  { name: 'op', type: types.STRING },
];
