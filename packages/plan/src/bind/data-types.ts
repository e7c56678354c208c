/* Type names of SQL text to logical types, with Flink's limits on length, precision and scale. */

import { otherType } from './other-dialects.ts';
import { didYouMean, UserError } from '#base';
import { types, withNullable, type Field, type LogicalType } from '#data';
import { isClassName } from '#expr';
import type { DataType } from '#sql';

/** Throws SQL2010 for a type that is unknown, SQL2011 for parameters out of range. */
export function bindType(type: DataType): LogicalType {
  return withNullable(bare(type), type.nullable ?? true);
}

function parameter(
  type: DataType,
  index: number,
  fallback: number,
  min: number,
  max: number,
  what: string,
): number {
  const value = type.parameters[index] ?? fallback;
  if (value < min || value > max) {
    throw new UserError('SQL2011', {
      at: type.span,
      message: `${type.name}: the ${what} must be between ${min} and ${max}, found ${value}`,
    });
  }
  return value;
}
const lengthMax = 2147483647;

function bare(type: DataType): LogicalType {
  switch (type.name) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
    case 'FLOAT':
    case 'DOUBLE':
    case 'DATE':
    case 'VARIANT':
    case 'BITMAP':
    case 'NULL':
      return types[type.name];
    case 'STRING':
      return types.STRING;
    case 'BYTES':
      return types.BYTES;
    case 'CHAR':
      return types.char(parameter(type, 0, 1, 1, lengthMax, 'length'));
    case 'VARCHAR':
      // Without a length the longest, unlike CHAR: VARCHAR is STRING and VARBINARY is BYTES.
      return types.varchar(parameter(type, 0, lengthMax, 1, lengthMax, 'length'));
    case 'BINARY':
      return types.binary(parameter(type, 0, 1, 1, lengthMax, 'length'));
    case 'VARBINARY':
      return types.varbinary(parameter(type, 0, lengthMax, 1, lengthMax, 'length'));
    case 'DECIMAL': {
      const precision = parameter(type, 0, 10, 1, 38, 'precision');
      return types.decimal(precision, parameter(type, 1, 0, 0, precision, 'scale'));
    }
    case 'TIME':
      // A time has milliseconds; more digits are none, as in Flink.
      return types.time(Math.min(3, parameter(type, 0, 0, 0, 9, 'precision')));
    case 'TIMESTAMP':
      return types.timestamp(parameter(type, 0, 6, 0, 9, 'precision'));
    case 'TIMESTAMP_LTZ':
      return types.timestampLtz(parameter(type, 0, 6, 0, 9, 'precision'));
    case 'INTERVAL':
      return interval(type);
    case 'ARRAY':
      return types.array(bindType(type.elements[0]!));
    case 'MAP':
      return types.map(bindType(type.elements[0]!), bindType(type.elements[1]!));
    case 'MULTISET':
      return types.multiset(bindType(type.elements[0]!));
    case 'ROW':
      return types.row(fieldsOf(type));
    case 'STRUCTURED':
      return structured(type);
    default:
      throw new UserError('SQL2010', {
        at: type.span,
        message: ['TIMESTAMP_TZ', 'RAW'].includes(type.name)
          ? `the type ${type.name} is not supported yet`
          : `no type "${type.name}"`,
        hint:
          otherType(type.name) ??
          didYouMean(type.name, [
            'BOOLEAN',
            'TINYINT',
            'SMALLINT',
            'INT',
            'INTEGER',
            'BIGINT',
            'FLOAT',
            'DOUBLE',
            'DECIMAL',
            'STRING',
            'VARCHAR',
            'CHAR',
            'BYTES',
            'BINARY',
            'VARBINARY',
            'DATE',
            'TIME',
            'TIMESTAMP',
            'TIMESTAMP_LTZ',
            'INTERVAL',
            'ARRAY',
            'MAP',
            'MULTISET',
            'ROW',
            'VARIANT',
            'BITMAP',
          ]),
      });
  }
}

const fieldsOf = (type: DataType): readonly Field[] =>
  type.fields.map((f) => ({ name: f.name.text, type: bindType(f.type) }));

function structured(type: DataType): LogicalType {
  if (type.className === undefined || !isClassName(type.className)) {
    throw new UserError('SQL2011', {
      at: type.span,
      message: `STRUCTURED: '${type.className ?? ''}' is no name of a class`,
      hint: "Write STRUCTURED<'com.example.User', name STRING, …>; the class itself need not be there.",
    });
  }
  return types.structured(type.className, fieldsOf(type));
}

function interval(type: DataType): LogicalType {
  const from = type.interval?.from ?? 'DAY';
  const to = type.interval?.to;
  const unit = to === undefined ? from : `${from} TO ${to}`;
  if (['YEAR', 'MONTH', 'QUARTER'].includes(from)) return types.yearMonth(unit, type.parameters[0] ?? 2);
  return types.dayTime(unit, type.parameters[0] ?? 2, type.parameters[1] ?? 6);
}
