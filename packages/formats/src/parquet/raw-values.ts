/* From values of columns to what the library writes: plain numbers and bytes, lists, and objects for rows and entries. */

import { UserError } from '#base';
import {
  mapTypes,
  readValue,
  typeText,
  type Column,
  type Instant,
  type LogicalType,
  type MapValue,
  type Value,
} from '#data';
import { decimalBytes, type TimestampForm } from './schema-of-rows.ts';
import type { Times } from './times.ts';

/** Adds up about how many bytes values take. */
export interface Size {
  bytes: number;
}
type ToRaw = (value: Exclude<Value, null>, size: Size) => unknown;
/** What row `row` holds. Throws FMT1005 for a value that cannot be written. */
export type ReadRaw = (column: Column, row: number, size: Size) => unknown;

export function rawReader(type: LogicalType, form: TimestampForm, times: Times): ReadRaw {
  const toRaw = rawOf(type, form, times);
  const ofAny: ReadRaw = (column, row, size) => {
    const value = readValue(column, type, row);
    return value === null ? null : toRaw(value, size);
  };
  if (type.kind !== 'VARCHAR' && type.kind !== 'CHAR') return ofAny;
  // The bytes of a text are what is written.
  return (column, row, size) => {
    if (column.layout !== 'bytes') return ofAny(column, row, size);
    if (column.valid?.[row] === 0) return null;
    const start = column.starts[row]!;
    const length = column.lengths[row]!;
    size.bytes += length + 4;
    return column.data.slice(start, start + length);
  };
}

function rawOf(type: LogicalType, form: TimestampForm, times: Times): ToRaw {
  const sized =
    (bytes: number, toRaw: (value: Exclude<Value, null>) => unknown): ToRaw =>
    (value, size) => {
      size.bytes += bytes;
      return toRaw(value);
    };
  switch (type.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return (value, size) => {
        const bytes = new Uint8Array(Buffer.from(value as string));
        size.bytes += bytes.length + 4;
        return bytes;
      };
    case 'BINARY':
    case 'VARBINARY':
      return (value, size) => {
        size.bytes += (value as Uint8Array).length + 4;
        return new Uint8Array(value as Uint8Array);
      };
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      if (form === 'INT96') return sized(12, (value) => times.toInt96(value as Instant));
      return sized(8, (value) => {
        const count = times.toCount(value as Instant, form);
        if (count !== undefined) return count;
        throw new UserError('FMT1005', {
          message: `a ${typeText(type)} of ${(value as Instant).ms} ms since 1970 does not fit 64 bits of ${form.toLowerCase()}`,
          hint: "Set 'parquet.timestamp.time.unit' = 'micros', or leave 'parquet.write.int64.timestamp' away.",
        });
      });
    case 'DECIMAL': {
      const length = decimalBytes(type.precision);
      return sized(length, (value) => bigEndian(value as bigint, length));
    }
    case 'ARRAY': {
      const element = nullable(rawOf(type.element, form, times));
      return (value, size) => (value as readonly Value[]).map((item) => element(item, size));
    }
    case 'MAP':
    case 'MULTISET': {
      const [keyType, valueType] = mapTypes(type);
      const key = nullable(rawOf(keyType, form, times));
      const item = nullable(rawOf(valueType, form, times));
      return (value, size) =>
        (value as MapValue).entries.map(([k, v]) => {
          if (k === null)
            throw new UserError('FMT1005', {
              message: 'a key of a map is NULL, which Parquet does not have',
              hint: 'Filter such rows.',
            });
          return { key: key(k, size), value: item(v, size) };
        });
    }
    case 'ROW': {
      const fields = type.fields.map((f) => [f.name, nullable(rawOf(f.type, form, times))] as const);
      return (value, size) => {
        const row = Object.create(null) as Record<string, unknown>;
        fields.forEach(([name, toRaw], i) => {
          row[name] = toRaw((value as readonly Value[])[i]!, size);
        });
        return row;
      };
    }
    default:
      return sized(type.kind === 'BIGINT' || type.kind === 'DOUBLE' ? 8 : 4, (value) => value);
  }
}
const nullable =
  (toRaw: ToRaw) =>
  (value: Value, size: Size): unknown =>
    value === null ? null : toRaw(value, size);

function bigEndian(value: bigint, length: number): Uint8Array {
  const hex = BigInt.asUintN(length * 8, value)
    .toString(16)
    .padStart(length * 2, '0');
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
