/* The columns that a JSON Schema gives: for tables that take them from a registry. */

import { UserError } from '#base';
import { notNull, types, withNullable, type Field, type LogicalType } from '#data';
import { isArray, isObject, type Json, type JsonObject } from '#schemas';

const numbers: Readonly<Record<string, LogicalType>> = {
  int8: types.TINYINT,
  int16: types.SMALLINT,
  int32: types.INT,
  int64: types.BIGINT,
  float32: types.FLOAT,
  float64: types.DOUBLE,
};

/** A property that is not required may be NULL. Throws FMT1006 for a schema of no object, and for a property that no column can
 *  be, by its name. */
export function rowsOfJsonSchema(schema: Json): Field[] {
  if (!isObject(schema) || !isObject(schema.get('properties')))
    throw new UserError('FMT1006', {
      message: 'the schema gives no columns: an object with properties does',
    });
  return fieldsOf(schema, '');
}

function fieldsOf(schema: JsonObject, path: string): Field[] {
  const properties = schema.get('properties') as JsonObject;
  const required = schema.get('required');
  return [...properties].map(([name, property]) => {
    const type = typeOf(property, `${path}${name}`);
    const must = isArray(required) && required.includes(name);
    return { name, type: must ? type : withNullable(type, true) };
  });
}

/** Nullable where null is a value of it. */
function typeOf(schema: Json, path: string): LogicalType {
  if (!isObject(schema)) throw refuse(path, 'of any type');
  const either = schema.get('oneOf') ?? schema.get('anyOf');
  if (isArray(either)) {
    const some = either.filter((s) => !isObject(s) || s.get('type') !== 'null');
    if (some.length !== 1) throw refuse(path, `one of ${some.length} types`);
    return withNullable(typeOf(some[0]!, path), some.length < either.length);
  }
  const kind = schema.get('type');
  const kinds = (isArray(kind) ? kind : [kind]).filter((k) => k !== 'null');
  if (kinds.length !== 1) throw refuse(path, kind === undefined ? 'of any type' : 'of several types');
  const type = notNull(someType(schema, kinds[0]!, path));
  return withNullable(type, isArray(kind) && kind.includes('null'));
}
function someType(schema: JsonObject, kind: Json | undefined, path: string): LogicalType {
  const hint = numbers[String(schema.get('connect.type'))];
  switch (kind) {
    case 'boolean':
      return types.BOOLEAN;
    case 'integer':
      return hint ?? types.BIGINT;
    case 'number':
      return hint ?? types.DOUBLE;
    case 'string':
      return types.STRING;
    case 'array':
      return types.array(typeOf(schema.get('items') ?? true, `${path}[]`));
    case 'object': {
      const more = schema.get('additionalProperties');
      if (isObject(schema.get('properties'))) return types.row(fieldsOf(schema, `${path}.`));
      if (isObject(more)) return types.map(notNull(types.STRING), typeOf(more, `${path}{}`));
      throw refuse(path, 'an object without properties');
    }
    default:
      throw refuse(path, kind === undefined ? 'of any type' : `of type ${String(kind)}`);
  }
}
function refuse(path: string, what: string): UserError {
  return new UserError('FMT1006', {
    message: `property '${path}' of the schema is ${what}, which no column can be`,
    hint: 'Declare the columns: properties that the table does not have are passed over.',
  });
}
