/* A draft of a contract from what a table is like, in the short form: to be read and changed by a person. */

import { stringify } from 'yaml';
import type { ColumnProfile, Family, Profile } from '#quality';

const types: Readonly<Record<Family, string>> = {
  integer: 'integer',
  decimal: 'decimal',
  float: 'number',
  boolean: 'boolean',
  text: 'string',
  date: 'date',
  timestamp: 'timestamp',
  time: 'time',
  bytes: 'binary',
  other: 'object',
};
/** A text column of so few values, each so often, is a set. */
const enumMax = 12;
const repeatsMin = 5;
const personal = /e-?mail|phone|mobile|first_?name|last_?name|full_?name|birth|address|iban|ssn|passport/i;

export function draftContract(name: string, profile: Profile): string {
  const keyed = profile.columns.find((c) => /^(id|.*_id|uuid)$/i.test(c.name) && isUnique(c, profile.rows));
  return stringify({
    contract: { name, version: '0.1.0', owner: 'unknown', status: 'draft' },
    schema: profile.columns.map((column) => fieldOf(column, profile.rows, column === keyed)),
    sla: { completeness: { min_percentage: 95 } },
    consumers: [],
  });
}
const isUnique = ({ nulls, distinct }: ColumnProfile, rows: number): boolean =>
  rows > 0 && nulls === 0 && distinct === rows;

function fieldOf(column: ColumnProfile, rows: number, isKey: boolean): Record<string, unknown> {
  const { name, family, nulls, distinct, top, lengths, min } = column;
  const there = rows - nulls;
  const [, precision, scale] = /\((\d+),\s*(\d+)\)/.exec(column.type) ?? [];
  return {
    name,
    type: types[family],
    ...(nulls === 0 && rows > 0 ? { not_null: true } : {}),
    ...(isKey ? { primary_key: true } : {}),
    ...(family === 'decimal' && precision !== undefined
      ? { precision: Number(precision), scale: Number(scale) }
      : {}),
    ...(family === 'text' && top.length > 0 && distinct <= enumMax && there >= distinct * repeatsMin
      ? { enum: top.map((t) => t.value) }
      : {}),
    ...(typeof min === 'number' && min >= 0 && !isKey ? { minimum: 0 } : {}),
    ...(family === 'text' && lengths !== null && lengths[0] === lengths[1] && top.length === 0
      ? { min_length: lengths[0], max_length: lengths[1] }
      : {}),
    ...(personal.test(name) ? { pii: true } : {}),
  };
}
