/* Values of PostgreSQL as cells. */

import { decimalCell, type Cell } from '../cell.ts';
import { shownTimestamp } from '../dialect/iso-time.ts';
import type { Family } from '../table/column.ts';

/** The family of a type by the name that format_type gives it. */
export function postgresFamily(type: string): Family {
  if (/^(smallint|integer|bigint|oid)$/.test(type)) return 'integer';
  if (/^numeric/.test(type)) return 'decimal';
  if (/^(real|double precision)$/.test(type)) return 'float';
  if (type === 'boolean') return 'boolean';
  if (/^(text|character|character varying|name|uuid|citext)(\(\d+\))?$/.test(type)) return 'text';
  if (type === 'date') return 'date';
  if (/^timestamp/.test(type)) return 'timestamp';
  if (/^time/.test(type)) return 'time';
  return type === 'bytea' ? 'bytes' : 'other';
}

function integer(text: string): Cell {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
const timestamp = (text: string): Cell => shownTimestamp(text.replace(/[+]00(:?00)?$/, ''));

/** By the number of the type (pg_type.oid); others stay text. */
const parsers: Readonly<Record<number, (text: string) => Cell>> = {
  16: (text) => text === 't',
  20: integer,
  21: integer,
  23: integer,
  26: integer,
  700: Number,
  701: Number,
  1700: decimalCell,
  1114: timestamp,
  1184: timestamp,
};
export const postgresParsers = (oid: number): ((text: string) => Cell) =>
  parsers[oid] ?? ((text: string) => text);
