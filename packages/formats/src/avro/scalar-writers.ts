/* Writers of single values: one for each pair of a column's type and an Avro type that fit each other. */

import { UserError, type ByteWriter } from '#base';
import { wideAt, type Column, type ExactColumn, type LogicalType } from '#data';
import type { AvroType, EnumType } from '#schemas';
import { logicalOf, numberOf } from './read-plan.ts';
import { decimalBytes, writeBytes, writeDouble, writeFloat, writeInt, writeLong } from './write-values.ts';

/** Writes row `row` of a column, which is not NULL there. */
export type CellWriter = (column: Column, row: number, to: ByteWriter) => void;

type Of<L extends Column['layout']> = Column & { readonly layout: L };
const i32 = (column: Column, row: number): number => (column as Of<'i32'>).values[row]!;
const f64 = (column: Column, row: number): number => (column as Of<'f64'>).values[row]!;
const exact = (column: Column, row: number): number | bigint => {
  const values = column as ExactColumn;
  return values.wide ? wideAt(values, row) : values.values[row]!;
};
const textAt = (column: Column, row: number): string => {
  const { data, starts, lengths } = column as Of<'bytes'>;
  return Buffer.from(data.buffer, data.byteOffset + starts[row]!, lengths[row]!).toString();
};

const integers = new Set(['TINYINT', 'SMALLINT', 'INT']);

/** Undefined where values of the column's type are none of the schema's. */
export function scalarWriter(schema: AvroType, type: LogicalType, name: string): CellWriter | undefined {
  const { kind } = type;
  switch (schema.kind) {
    case 'null':
      return kind === 'NULL' ? () => {} : undefined;
    case 'boolean':
      return kind === 'BOOLEAN' ? (c, row, to) => to.byte(i32(c, row)) : undefined;
    case 'int':
      return integers.has(kind) || kind === 'DATE' || kind === 'TIME'
        ? (c, row, to) => writeInt(to, i32(c, row))
        : undefined;
    case 'long':
      return longWriter(schema, type);
    case 'float':
      if (kind === 'FLOAT') return (c, row, to) => writeFloat(to, f64(c, row));
      return undefined;
    case 'double':
      return kind === 'FLOAT' || kind === 'DOUBLE' ? (c, row, to) => writeDouble(to, f64(c, row)) : undefined;
    case 'string':
      return kind === 'CHAR' || kind === 'VARCHAR' ? writeSlice : undefined;
    case 'bytes':
      if (kind === 'BINARY' || kind === 'VARBINARY') return writeSlice;
      return kind === 'DECIMAL' ? decimalWriter(schema, type, name) : undefined;
    case 'fixed':
      return fixedWriter(schema, type, name);
    case 'enum':
      return kind === 'CHAR' || kind === 'VARCHAR' ? enumWriter(schema, name) : undefined;
    default:
      return undefined;
  }
}

const writeSlice: CellWriter = (column, row, to) => {
  const { data, starts, lengths } = column as Of<'bytes'>;
  writeBytes(to, data, starts[row]!, lengths[row]!);
};

function longWriter(schema: AvroType, type: LogicalType): CellWriter | undefined {
  switch (type.kind) {
    case 'BIGINT':
      return (c, row, to) => writeLong(to, exact(c, row));
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
      return (c, row, to) => writeInt(to, i32(c, row));
    case 'TIME':
      return logicalOf(schema) === 'time-micros'
        ? (c, row, to) => writeLong(to, i32(c, row) * 1000)
        : undefined;
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const logical = logicalOf(schema) ?? '';
      if (/micros$/.test(logical)) return (c, row, to) => writeTime(to, c as Of<'time'>, row, 1000);
      if (/nanos$/.test(logical)) return (c, row, to) => writeTime(to, c as Of<'time'>, row, 1_000_000);
      return (c, row, to) => writeLong(to, (c as Of<'time'>).millis[row]!);
    }
    default:
      return undefined;
  }
}
function writeTime(to: ByteWriter, { millis, nanos }: Of<'time'>, row: number, unitsPerMilli: number): void {
  const part = Math.floor((nanos?.[row] ?? 0) / (1_000_000 / unitsPerMilli));
  const value = millis[row]! * unitsPerMilli + part;
  if (Number.isSafeInteger(value)) writeLong(to, value);
  else writeLong(to, BigInt(millis[row]!) * BigInt(unitsPerMilli) + BigInt(part));
}

function decimalWriter(
  schema: AvroType,
  type: LogicalType & { readonly kind: 'DECIMAL' },
  name: string,
): CellWriter | undefined {
  if (logicalOf(schema) !== 'decimal' || (numberOf(schema, 'scale') ?? 0) !== type.scale) return undefined;
  const size = schema.kind === 'fixed' ? schema.size : undefined;
  return (column, row, to) => {
    const bytes = decimalBytes(BigInt(exact(column, row)), size);
    if (bytes === undefined)
      throw new UserError('FMT1005', {
        message: `column '${name}': ${String(exact(column, row))} without its point does not fit ${size} bytes`,
      });
    if (size === undefined) writeLong(to, bytes.length);
    to.bytes(bytes);
  };
}

function fixedWriter(
  schema: AvroType & { readonly kind: 'fixed' },
  type: LogicalType,
  name: string,
): CellWriter | undefined {
  const { size } = schema;
  if (type.kind === 'DECIMAL') return decimalWriter(schema, type, name);
  if (type.kind === 'CHAR' || type.kind === 'VARCHAR') {
    if (logicalOf(schema) !== 'uuid' || size !== 16) return undefined;
    return (column, row, to) => {
      const text = textAt(column, row);
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
        throw new UserError('FMT1005', { message: `column '${name}': '${text}' is no UUID` });
      to.bytes(Buffer.from(text.replaceAll('-', ''), 'hex'));
    };
  }
  if (type.kind !== 'BINARY' && type.kind !== 'VARBINARY') return undefined;
  return (column, row, to) => {
    const { data, starts, lengths } = column as Of<'bytes'>;
    if (lengths[row] !== size)
      throw new UserError('FMT1005', {
        message: `column '${name}' has ${lengths[row]} bytes, and its field is fixed of ${size}`,
      });
    to.bytes(data, starts[row]!, starts[row]! + size);
  };
}

function enumWriter({ symbols, fullName }: EnumType, name: string): CellWriter {
  const indexes = new Map(symbols.map((symbol, i) => [symbol, i]));
  return (column, row, to) => {
    const text = textAt(column, row);
    const index = indexes.get(text);
    if (index === undefined)
      throw new UserError('FMT1005', {
        message: `column '${name}': '${text}' is no symbol of the enum '${fullName}'`,
        hint: `Its symbols are ${symbols.join(', ')}.`,
      });
    writeInt(to, index);
  };
}
