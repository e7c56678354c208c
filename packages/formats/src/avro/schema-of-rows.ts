/* The Avro schema that Flink derives of a table's columns: what `avro` reads and writes, and what `avro-confluent` registers.
 * Name for name as Flink 2.3 has it, so that both get the same id for the same table. */

import { UserError } from '#base';
import { typeText, type Field, type LogicalType, type TemporalType } from '#data';
import {
  JsonNumber,
  type AvroField,
  type AvroType,
  type Json,
  type RecordType,
  type UnionType,
} from '#schemas';

const rootName = 'org.apache.flink.avro.generated.record';

export interface AvroMapping {
  /** The format's name, for messages. */
  readonly format: string;
  /** 'timestamp_mapping.legacy': TIMESTAMP is timestamp-millis, and TIMESTAMP_LTZ is nothing. */
  readonly legacyTimes: boolean;
}

const none: ReadonlyMap<string, Json> = new Map();
const plain = (
  kind: 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string',
): AvroType => ({
  kind,
  properties: none,
});
const logical = (kind: 'int' | 'long', name: string): AvroType => ({
  kind,
  properties: new Map([['logicalType', name]]),
});

/** Throws FMT1003 for a column that Avro has no type for. */
export function schemaOfRows(fields: readonly Field[], mapping: AvroMapping): RecordType {
  return recordOf(fields, rootName, '', mapping);
}

function recordOf(fields: readonly Field[], name: string, path: string, mapping: AvroMapping): RecordType {
  return {
    kind: 'record',
    isError: false,
    fullName: name,
    aliases: [],
    doc: undefined,
    properties: none,
    fields: fields.map(
      (f): AvroField => ({
        name: checkedName(f.name, `${path}${f.name}`, mapping),
        type: typeOf(f.type, `${name}_${f.name}`, `${path}${f.name}`, mapping),
        doc: undefined,
        default: f.type.nullable ? null : undefined,
        order: 'ascending',
        aliases: [],
        properties: none,
      }),
    ),
  };
}
function checkedName(name: string, path: string, { format }: AvroMapping): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new UserError('FMT1003', {
    message: `column '${path}': Avro has no such name of a field, found '${name}' in the format '${format}'`,
    hint: 'Names are letters, digits and _, and begin with no digit.',
  });
}

function typeOf(type: LogicalType, name: string, path: string, mapping: AvroMapping): AvroType {
  const some = notNullType(type, name, path, mapping);
  if (!type.nullable || some.kind === 'null') return some;
  const union: UnionType = { kind: 'union', branches: [plain('null'), some], properties: none };
  return union;
}

function notNullType(type: LogicalType, name: string, path: string, mapping: AvroMapping): AvroType {
  switch (type.kind) {
    case 'NULL':
      return plain('null');
    case 'BOOLEAN':
      return plain('boolean');
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
      return plain('int');
    case 'BIGINT':
      return plain('long');
    case 'FLOAT':
      return plain('float');
    case 'DOUBLE':
      return plain('double');
    case 'CHAR':
    case 'VARCHAR':
      return plain('string');
    case 'BINARY':
    case 'VARBINARY':
      return plain('bytes');
    case 'DATE':
      return logical('int', 'date');
    case 'TIME':
      if (type.precision > 3) throw unsupported(type, path, mapping, 'Avro has TIME up to precision 3.');
      return logical('int', 'time-millis');
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timeType(type, path, mapping);
    case 'DECIMAL': {
      const number = (value: number): Json => new JsonNumber(String(value));
      return {
        kind: 'bytes',
        properties: new Map<string, Json>([
          ['logicalType', 'decimal'],
          ['precision', number(type.precision)],
          ['scale', number(type.scale)],
        ]),
      };
    }
    case 'ROW':
      return recordOf(type.fields, name, `${path}.`, mapping);
    case 'ARRAY':
      return { kind: 'array', items: typeOf(type.element, name, `${path}[]`, mapping), properties: none };
    case 'MAP':
    case 'MULTISET': {
      const [key, value]: [LogicalType, LogicalType] =
        type.kind === 'MAP' ? [type.key, type.value] : [type.element, { kind: 'INT', nullable: false }];
      if (key.kind !== 'CHAR' && key.kind !== 'VARCHAR')
        throw unsupported(type, path, mapping, 'Keys of a map are strings in Avro.');
      return { kind: 'map', values: typeOf(value, name, `${path}{}`, mapping), properties: none };
    }
    default:
      throw unsupported(type, path, mapping);
  }
}

function timeType(type: TemporalType, path: string, mapping: AvroMapping): AvroType {
  const { precision, kind } = type;
  if (mapping.legacyTimes) {
    const off = `'${mapping.format}.timestamp_mapping.legacy' = 'false'`;
    if (kind === 'TIMESTAMP_LTZ') throw unsupported(type, path, mapping, `Set ${off}.`);
    if (precision > 3)
      throw unsupported(type, path, mapping, `Declare TIMESTAMP(3), or set ${off} for up to six digits.`);
    return logical('long', 'timestamp-millis');
  }
  if (precision > 6) throw unsupported(type, path, mapping, 'Avro has times up to precision 6.');
  const local = kind === 'TIMESTAMP' ? 'local-' : '';
  return logical('long', `${local}timestamp-${precision <= 3 ? 'millis' : 'micros'}`);
}

function unsupported(type: LogicalType, path: string, { format }: AvroMapping, hint?: string): UserError {
  return new UserError('FMT1003', {
    message: `column '${path}': the format '${format}' has nothing for ${typeText({ ...type, nullable: true })}`,
    hint,
  });
}
