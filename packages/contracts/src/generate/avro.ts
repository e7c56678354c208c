/* An Avro schema of one row. */

import type { ContractField, ContractTable } from '../model.ts';

/** Names of Avro: letters, digits and _; others are replaced. */
const avroName = (name: string): string => name.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(\d)/, '_$1');

export function avroSchema(table: ContractTable): string {
  return `${JSON.stringify(recordOf(table.name, table.fields, table.description), null, 2)}\n`;
}
function recordOf(name: string, fields: readonly ContractField[], doc: string | undefined): object {
  return {
    type: 'record',
    name: avroName(name),
    doc,
    fields: fields.map((field) => {
      const type = typeOf(field, name);
      // A field that may be missing is null first, so that readers of older data have a default.
      return field.required
        ? { name: avroName(field.name), type, doc: field.description }
        : { name: avroName(field.name), type: ['null', type], default: null, doc: field.description };
    }),
  };
}
function typeOf(field: ContractField, parent: string): unknown {
  switch (field.type) {
    case 'integer':
      return 'long';
    case 'number':
      return 'double';
    case 'decimal':
      return {
        type: 'bytes',
        logicalType: 'decimal',
        precision: field.precision ?? 38,
        scale: field.scale ?? (field.precision === undefined ? 10 : 0),
      };
    case 'boolean':
      return 'boolean';
    case 'date':
      return { type: 'int', logicalType: 'date' };
    case 'timestamp':
      return { type: 'long', logicalType: 'timestamp-millis' };
    case 'time':
      return { type: 'int', logicalType: 'time-millis' };
    case 'binary':
      return 'bytes';
    case 'object':
      return field.fields === undefined
        ? { type: 'map', values: 'string' }
        : recordOf(`${parent}_${field.name}`, field.fields, field.description);
    case 'array':
      return {
        type: 'array',
        items: field.items === undefined ? 'string' : typeOf(field.items, `${parent}_${field.name}`),
      };
    case 'map':
      return { type: 'map', values: 'string' };
    default:
      return field.format === 'uuid' ? { type: 'string', logicalType: 'uuid' } : 'string';
  }
}
