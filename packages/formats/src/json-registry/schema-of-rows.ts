/* The JSON Schema (draft 7) that a table's columns give. What JSON cannot tell, as the width of a number, stands beside it as
 * Confluent's converters have it. */

import { mapTypes, type Field, type LogicalType } from '#data';

type Schema = Readonly<Record<string, unknown>>;

export const jsonSchemaOfRows = (fields: readonly Field[]): string =>
  JSON.stringify({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Row',
    ...objectOf(fields),
  });

const objectOf = (fields: readonly Field[]): Schema => {
  const required = fields.filter((f) => !f.type.nullable).map((f) => f.name);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((f) => [f.name, schemaOf(f.type)])),
    ...(required.length === 0 ? {} : { required }),
  };
};

function schemaOf(type: LogicalType): Schema {
  const some = notNull(type);
  return type.nullable ? { oneOf: [{ type: 'null' }, some] } : some;
}

function notNull(type: LogicalType): Schema {
  switch (type.kind) {
    case 'BOOLEAN':
      return { type: 'boolean' };
    case 'TINYINT':
      return { type: 'integer', 'connect.type': 'int8' };
    case 'SMALLINT':
      return { type: 'integer', 'connect.type': 'int16' };
    case 'INT':
      return { type: 'integer', 'connect.type': 'int32' };
    case 'BIGINT':
      return { type: 'integer', 'connect.type': 'int64' };
    case 'FLOAT':
      return { type: 'number', 'connect.type': 'float32' };
    case 'DOUBLE':
      return { type: 'number', 'connect.type': 'float64' };
    case 'DECIMAL':
      return { type: 'number' };
    case 'ARRAY':
      return { type: 'array', items: schemaOf(type.element) };
    case 'MAP':
    case 'MULTISET':
      return { type: 'object', additionalProperties: schemaOf(mapTypes(type)[1]) };
    case 'ROW':
      return objectOf(type.fields);
    default:
      return { type: 'string' };
  }
}
