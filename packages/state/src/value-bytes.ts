/* Values of any type as self-delimiting bytes of a snapshot. */

import { mapTypes, type Instant, type LogicalType, type MapValue, type Value } from '#data';
import { BytesWriter, type StateReader, type StateWriter } from './bytes.ts';

export function writeValueBytes(to: StateWriter, type: LogicalType, value: Value): void {
  to.u8(value === null ? 0 : 1);
  if (value === null) return;
  switch (type.kind) {
    case 'BOOLEAN':
      return to.u8(value === true ? 1 : 0);
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'DATE':
    case 'TIME':
    case 'INTERVAL_YEAR_MONTH':
      return to.i32(value as number);
    case 'FLOAT':
    case 'DOUBLE':
      return to.f64(value as number);
    case 'BIGINT':
    case 'DECIMAL':
    case 'INTERVAL_DAY_TIME':
      return to.bigint(value as bigint);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      to.f64((value as Instant).ms);
      return to.i32((value as Instant).ns);
    case 'CHAR':
    case 'VARCHAR':
      return to.text(value as string);
    case 'BINARY':
    case 'VARBINARY':
    case 'VARIANT':
    case 'BITMAP':
      return to.bytes(value as Uint8Array);
    case 'ROW':
      return type.fields.forEach((f, i) => {
        writeValueBytes(to, f.type, (value as Value[])[i]!);
      });
    case 'ARRAY':
      to.i32((value as Value[]).length);
      for (const item of value as Value[]) writeValueBytes(to, type.element, item);
      return;
    case 'MAP':
    case 'MULTISET': {
      const [k, v] = mapTypes(type);
      const { entries } = value as MapValue;
      to.i32(entries.length);
      for (const [key, item] of entries) {
        writeValueBytes(to, k, key);
        writeValueBytes(to, v, item);
      }
      return;
    }
    case 'NULL':
    case 'SYMBOL':
      return;
  }
}

/** Equal values in equal bytes: the entries of a MAP by the bytes of their keys. */
export function writeKeyBytes(to: StateWriter, type: LogicalType, value: Value): void {
  if (value === null) return to.u8(0);
  switch (type.kind) {
    case 'ROW':
      to.u8(1);
      return type.fields.forEach((f, i) => {
        writeKeyBytes(to, f.type, (value as Value[])[i]!);
      });
    case 'ARRAY':
      to.u8(1);
      to.i32((value as Value[]).length);
      for (const item of value as Value[]) writeKeyBytes(to, type.element, item);
      return;
    case 'MAP':
    case 'MULTISET': {
      const [k, v] = mapTypes(type);
      const entries = (value as MapValue).entries.map(([key, item]) => {
        const writer = new BytesWriter();
        writeKeyBytes(writer, k, key);
        const keyBytes = writer.written.slice();
        writeKeyBytes(writer, v, item);
        return { keyBytes, bytes: writer.written };
      });
      entries.sort((a, b) => Buffer.compare(a.keyBytes, b.keyBytes));
      to.u8(1);
      to.i32(entries.length);
      for (const { bytes } of entries) to.bytes(bytes);
      return;
    }
    default:
      return writeValueBytes(to, type, value);
  }
}

export function readValueBytes(from: StateReader, type: LogicalType): Value {
  if (from.u8() === 0) return null;
  switch (type.kind) {
    case 'BOOLEAN':
      return from.u8() === 1;
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'DATE':
    case 'TIME':
    case 'INTERVAL_YEAR_MONTH':
      return from.i32();
    case 'FLOAT':
    case 'DOUBLE':
      return from.f64();
    case 'BIGINT':
    case 'DECIMAL':
    case 'INTERVAL_DAY_TIME':
      return from.bigint();
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return { ms: from.f64(), ns: from.i32() };
    case 'CHAR':
    case 'VARCHAR':
      return from.text();
    case 'BINARY':
    case 'VARBINARY':
    case 'VARIANT':
    case 'BITMAP':
      return from.bytes();
    case 'ROW':
      return type.fields.map((f) => readValueBytes(from, f.type));
    case 'ARRAY':
      return Array.from({ length: from.i32() }, () => readValueBytes(from, type.element));
    case 'MAP':
    case 'MULTISET': {
      const [k, v] = mapTypes(type);
      return {
        entries: Array.from(
          { length: from.i32() },
          () => [readValueBytes(from, k), readValueBytes(from, v)] as const,
        ),
      };
    }
    case 'NULL':
    case 'SYMBOL':
      return null;
  }
}
