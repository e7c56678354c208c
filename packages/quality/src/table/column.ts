/* The columns of a checked table, by the family of their type: what may be compared to what. */

import { didYouMean, UserError } from '#base';

export const families = [
  'integer',
  'decimal',
  'float',
  'boolean',
  'text',
  'date',
  'timestamp',
  'time',
  'bytes',
  'other',
] as const;
export type Family = (typeof families)[number];

export interface TableColumn {
  readonly name: string;
  /** As the system that holds the table names it: BIGINT, timestamp without time zone. */
  readonly type: string;
  readonly family: Family;
}

export const isNumeric = (family: Family): boolean =>
  family === 'integer' || family === 'decimal' || family === 'float';
export const isTemporal = (family: Family): boolean => family === 'date' || family === 'timestamp';

/** Throws QLT2001 for a name that is no column. */
export function columnNamed(columns: readonly TableColumn[], name: string): TableColumn {
  const found = columns.find((c) => c.name === name);
  if (found !== undefined) return found;
  throw new UserError('QLT2001', {
    message: `there is no column "${name}"`,
    hint: didYouMean(
      name,
      columns.map((c) => c.name),
    ),
  });
}
