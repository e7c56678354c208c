/* The columns that a record's schema gives: for tables that take them from a registry or a file. */

import { UserError } from '#base';
import { notNull, types, withNullable, type Field, type LogicalType } from '#data';
import type { AvroType } from '#schemas';
import { logicalOf, numberOf } from './read-plan.ts';

/** Of a record, or of a union with one. `legacy`: timestamp-millis and -micros are TIMESTAMP, as Flink's legacy mapping has them; else they are TIMESTAMP_LTZ.
 *  Throws FMT1006 for a schema that is no record, and for a field that no column can be, by its name. */
export function rowsOfSchema(schema: AvroType, legacy: boolean): Field[] {
  if (schema.kind === 'union') {
    const records = schema.branches.filter((branch) => branch.kind === 'record');
    if (records.length === 1) return rowsOfSchema(records[0]!, legacy);
  }
  if (schema.kind !== 'record')
    throw new UserError('FMT1006', {
      message: `a schema of type ${schema.kind} gives no columns: a record does`,
    });
  return new Reader(legacy).fields(schema, '');
}

const decimalDigitsMax = 38;

class Reader {
  readonly #legacy: boolean;
  readonly #open = new Set<AvroType>();

  constructor(legacy: boolean) {
    this.#legacy = legacy;
  }
  fields(schema: AvroType & { readonly kind: 'record' }, path: string): Field[] {
    this.#open.add(schema);
    const fields = schema.fields.map((f) => ({ name: f.name, type: this.#type(f.type, `${path}${f.name}`) }));
    this.#open.delete(schema);
    return fields;
  }
  #refuse(path: string, what: string): UserError {
    return new UserError('FMT1006', {
      message: `field '${path}' of the schema is ${what}, which no column can be`,
      hint: 'Declare the columns: fields that the table does not have are passed over.',
    });
  }
  #type(schema: AvroType, path: string): LogicalType {
    if (schema.kind === 'union') {
      const some = schema.branches.filter((b) => b.kind !== 'null');
      if (some.length === 0) return types.NULL;
      const [first, ...others] = some.map((branch) => this.#type(branch, path));
      const one = others.reduce((a, b) => a && common(a, b), first);
      if (one === undefined) throw this.#refuse(path, `a union of ${some.map((b) => b.kind).join(', ')}`);
      return withNullable(one, some.length < schema.branches.length);
    }
    return schema.kind === 'null' ? types.NULL : notNull(this.#some(schema, path));
  }
  #some(schema: AvroType, path: string): LogicalType {
    const logical = logicalOf(schema) ?? '';
    switch (schema.kind) {
      case 'boolean':
        return types.BOOLEAN;
      case 'int':
        return logical === 'date' ? types.DATE : logical === 'time-millis' ? types.time(3) : types.INT;
      case 'long':
        return this.#long(logical);
      case 'float':
        return types.FLOAT;
      case 'double':
        return types.DOUBLE;
      case 'string':
      case 'enum':
        return types.STRING;
      case 'bytes':
        return this.#decimal(schema) ?? types.BYTES;
      case 'fixed':
        if (logical === 'uuid' && schema.size === 16) return types.STRING;
        return this.#decimal(schema) ?? (schema.size === 0 ? types.BYTES : types.binary(schema.size));
      case 'array':
        return types.array(this.#type(schema.items, `${path}[]`));
      case 'map':
        return types.map(notNull(types.STRING), this.#type(schema.values, `${path}{}`));
      case 'record':
        if (this.#open.has(schema)) throw this.#refuse(path, `'${schema.fullName}', which holds itself`);
        if (schema.fields.length === 0) throw this.#refuse(path, 'a record without fields');
        return types.row(this.fields(schema, `${path}.`));
      default:
        throw this.#refuse(path, schema.kind);
    }
  }
  #long(logical: string): LogicalType {
    const unit = /^(local-)?timestamp-(millis|micros|nanos)$/.exec(logical);
    if (unit === null) return logical === 'time-micros' ? types.time(3) : types.BIGINT;
    const precision = unit[2] === 'millis' ? 3 : unit[2] === 'micros' ? 6 : 9;
    return unit[1] !== undefined || this.#legacy ? types.timestamp(precision) : types.timestampLtz(precision);
  }
  #decimal(schema: AvroType): LogicalType | undefined {
    if (logicalOf(schema) !== 'decimal') return undefined;
    const precision = numberOf(schema, 'precision') ?? 0;
    const scale = numberOf(schema, 'scale') ?? 0;
    if (precision < 1 || precision > decimalDigitsMax || scale < 0 || scale > precision) return undefined;
    return types.decimal(precision, scale);
  }
}

/** The type of a union's branches where one holds the other's values. */
function common(a: LogicalType, b: LogicalType): LogicalType | undefined {
  if (a.kind === b.kind && (a.kind === 'VARCHAR' || a.kind === 'VARBINARY')) return a;
  const order = ['INT', 'BIGINT', 'FLOAT', 'DOUBLE'];
  const [x, y] = [order.indexOf(a.kind), order.indexOf(b.kind)];
  if (x < 0 || y < 0) return undefined;
  const wide = x > y ? a : b;
  // A FLOAT keeps 24 bits of a whole number.
  return wide.kind === 'FLOAT' ? notNull(types.DOUBLE) : wide;
}
