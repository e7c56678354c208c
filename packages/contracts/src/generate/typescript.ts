/* A TypeScript interface of one row, as the library gives it. */

import type { ContractField, ContractTable, LogicalType } from '../model.ts';

/** SQL to JavaScript as in `millrace`: BIGINT bigint, DECIMAL and times text. */
const types: Readonly<Record<LogicalType, string>> = {
  string: 'string',
  integer: 'bigint',
  number: 'number',
  decimal: 'string',
  boolean: 'boolean',
  date: 'string',
  timestamp: 'string',
  time: 'string',
  binary: 'Uint8Array',
  object: 'Record<string, unknown>',
  array: 'unknown[]',
  map: 'Map<string, unknown>',
};
const pascal = (name: string): string => {
  const joined = name
    .split(/[^A-Za-z0-9]+/)
    .filter((p) => p !== '')
    .map((p) => p[0]!.toUpperCase() + p.slice(1))
    .join('');
  return /^[A-Za-z]/.test(joined) ? joined : `Row${joined}`;
};
const member = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

export const typescriptTypes = (table: ContractTable): string =>
  `export interface ${pascal(table.name)} ${bodyOf(table.fields, '')}\n`;

function bodyOf(fields: readonly ContractField[], indent: string): string {
  const lines = fields.flatMap((f) => [
    ...(f.description === undefined
      ? []
      : [`${indent}  /** ${f.description.replaceAll('*/', '* /').replaceAll(/\s+/g, ' ')} */`]),
    `${indent}  readonly ${member(f.name)}: ${typeOf(f, indent)}${f.required ? '' : ' | null'};`,
  ]);
  return `{\n${lines.join('\n')}\n${indent}}`;
}
function typeOf(field: ContractField, indent: string): string {
  const { type = 'string', enum: set } = field;
  if (set !== undefined && type === 'string')
    return set
      .filter((v) => v !== null)
      .map((v) => JSON.stringify(v))
      .join(' | ');
  if (type === 'object' && field.fields !== undefined) return bodyOf(field.fields, `${indent}  `);
  if (type === 'array' && field.items !== undefined) return `readonly (${typeOf(field.items, indent)})[]`;
  return types[type];
}
