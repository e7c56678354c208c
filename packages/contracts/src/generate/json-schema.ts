/* A JSON Schema (2020-12) of one row. */

import { keyOf, type ContractField, type ContractTable, type LogicalType } from '../model.ts';

const types: Readonly<Record<LogicalType, { readonly type: string; readonly format?: string }>> = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  decimal: { type: 'number' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  timestamp: { type: 'string', format: 'date-time' },
  time: { type: 'string', format: 'time' },
  binary: { type: 'string' },
  object: { type: 'object' },
  array: { type: 'array' },
  map: { type: 'object' },
};

export function jsonSchema(table: ContractTable): string {
  const key = keyOf(table);
  return `${JSON.stringify(
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: table.name,
      description: table.description,
      ...objectSchema(table.fields),
      ...(key.length === 0 ? {} : { 'x-primary-key': key }),
    },
    null,
    2,
  )}\n`;
}
function objectSchema(fields: readonly ContractField[]): Record<string, unknown> {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((f) => [f.name, fieldSchema(f)])),
    required: fields.filter((f) => f.required).map((f) => f.name),
  };
}
function fieldSchema(field: ContractField): Record<string, unknown> {
  const { type = 'string', required, enum: set } = field;
  const { type: jsonType, format } = types[type];
  return {
    ...(type === 'object' && field.fields !== undefined ? objectSchema(field.fields) : {}),
    type: required ? jsonType : [jsonType, 'null'],
    description: field.description,
    format: field.format ?? format,
    pattern: field.pattern,
    enum: set === undefined || required ? set : [...set, null],
    minimum: number(field.minimum),
    maximum: number(field.maximum),
    exclusiveMinimum: number(field.exclusiveMinimum),
    exclusiveMaximum: number(field.exclusiveMaximum),
    minLength: field.minLength,
    maxLength: field.maxLength,
    multipleOf: type === 'decimal' && field.scale !== undefined ? 10 ** -field.scale : undefined,
    ...(type === 'array' && field.items !== undefined ? { items: fieldSchema(field.items) } : {}),
    ...(field.unique ? { 'x-unique': true } : {}),
  };
}
const number = (bound: number | string | undefined): number | undefined =>
  typeof bound === 'number' ? bound : undefined;
