/* The schema of the files that a table's rows are written to: as Flink 2.3 writes it. */

import type { SchemaElement } from 'hyparquet';
import { UserError } from '#base';
import { mapTypes, typeText, type Field, type LogicalType } from '#data';
import { formatName } from './malformed.ts';
import type { TimeUnit } from './times.ts';

/** How timestamps are written: as INT64 in this unit, or as INT96. */
export type TimestampForm = TimeUnit | 'INT96';

const rootName = 'flink_schema';

/** The root and what is below it, each node in front of its children. Throws FMT1003. */
export function schemaOfRows(fields: readonly Field[], timestamps: TimestampForm): SchemaElement[] {
  return [
    { name: rootName, num_children: fields.length },
    ...fields.flatMap((f) => elements(f.name, f.type, timestamps, f.name)),
  ];
}

function elements(name: string, type: LogicalType, form: TimestampForm, path: string): SchemaElement[] {
  const repetition_type = type.nullable ? 'OPTIONAL' : 'REQUIRED';
  const group = (converted_type: 'LIST' | 'MAP' | undefined, children: SchemaElement[], count: number) => [
    { name, repetition_type, num_children: count, ...annotated(converted_type) } as SchemaElement,
    ...children,
  ];
  switch (type.kind) {
    case 'ROW':
      return group(
        undefined,
        type.fields.flatMap((f) => elements(f.name, f.type, form, `${path}.${f.name}`)),
        type.fields.length,
      );
    case 'ARRAY':
      return group(
        'LIST',
        [
          { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
          ...elements('element', type.element, form, `${path}.element`),
        ],
        1,
      );
    case 'MAP':
    case 'MULTISET': {
      const [key, value] = mapTypes(type);
      return group(
        'MAP',
        [
          {
            name: 'key_value',
            repetition_type: 'REPEATED',
            num_children: 2,
            converted_type: 'MAP_KEY_VALUE',
          },
          ...elements('key', { ...key, nullable: false }, form, `${path}.key`),
          ...elements('value', value, form, `${path}.value`),
        ],
        1,
      );
    }
    default:
      return [{ name, repetition_type, ...leaf(type, form, path) }];
  }
}
const annotated = (type: 'LIST' | 'MAP' | undefined): Partial<SchemaElement> =>
  type === undefined ? {} : { converted_type: type, logical_type: { type } };

function leaf(type: LogicalType, form: TimestampForm, path: string): Omit<SchemaElement, 'name'> {
  switch (type.kind) {
    case 'BOOLEAN':
      return { type: 'BOOLEAN' };
    // Their newer annotation the library writes as other readers do not take it; the older one means the same.
    case 'TINYINT':
      return { type: 'INT32', converted_type: 'INT_8' };
    case 'SMALLINT':
      return { type: 'INT32', converted_type: 'INT_16' };
    case 'INT':
      return { type: 'INT32' };
    case 'BIGINT':
      return { type: 'INT64' };
    case 'FLOAT':
      return { type: 'FLOAT' };
    case 'DOUBLE':
      return { type: 'DOUBLE' };
    case 'CHAR':
    case 'VARCHAR':
      return { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
    case 'BINARY':
    case 'VARBINARY':
      return { type: 'BYTE_ARRAY' };
    case 'DATE':
      return { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } };
    case 'TIME':
      return {
        type: 'INT32',
        converted_type: 'TIME_MILLIS',
        logical_type: { type: 'TIME', isAdjustedToUTC: true, unit: 'MILLIS' },
      };
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestamp(form);
    case 'DECIMAL': {
      const { precision, scale } = type;
      return {
        type: 'FIXED_LEN_BYTE_ARRAY',
        type_length: decimalBytes(precision),
        converted_type: 'DECIMAL',
        precision,
        scale,
        logical_type: { type: 'DECIMAL', precision, scale },
      };
    }
    default:
      throw new UserError('FMT1003', {
        message: `column '${path}': the format ${formatName} has nothing for ${typeText(type)}`,
        hint: 'CAST it to a type that it has, or leave the column out.',
      });
  }
}
function timestamp(form: TimestampForm): Omit<SchemaElement, 'name'> {
  if (form === 'INT96') return { type: 'INT96' };
  return {
    type: 'INT64',
    ...(form === 'NANOS' ? {} : { converted_type: `TIMESTAMP_${form}` as const }),
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: form },
  };
}
/** The fewest bytes that hold every number of so many digits, with its sign. */
export function decimalBytes(precision: number): number {
  const greatest = 10n ** BigInt(precision) - 1n;
  let bytes = 1;
  while (1n << BigInt(bytes * 8 - 1) <= greatest) bytes++;
  return bytes;
}
