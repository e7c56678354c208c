/* Reads single values out of columns: the slow, obvious way, for tests, edges and the interpreter. */

import { wideAt, type Column } from './column.ts';
import type { Batch } from './batch.ts';
import type { LogicalType } from './types.ts';
import type { Row, Value } from './values.ts';

const text = new TextDecoder('utf-8', { ignoreBOM: true });

/** The value of `row` in `column`, whose logical type is `type`. */
export function readValue(column: Column, type: LogicalType, row: number): Value {
  if (column.valid !== undefined && column.valid[row] === 0) return null;
  switch (column.layout) {
    case 'i32':
      return type.kind === 'NULL'
        ? null
        : type.kind === 'BOOLEAN'
          ? column.values[row] !== 0
          : column.values[row]!;
    case 'f64':
      return column.values[row]!;
    case 'exact':
      return column.wide ? wideAt(column, row) : BigInt(column.values[row]!);
    case 'time':
      return { ms: column.millis[row]!, ns: column.nanos === undefined ? 0 : column.nanos[row]! };
    case 'bytes': {
      const start = column.starts[row]!;
      const slice = column.data.subarray(start, start + column.lengths[row]!);
      return type.kind === 'CHAR' || type.kind === 'VARCHAR' ? text.decode(slice) : new Uint8Array(slice);
    }
    case 'row': {
      const fields = (type as { fields: readonly { type: LogicalType }[] }).fields;
      return column.fields.map((c, i) => readValue(c, fields[i]!.type, row));
    }
    case 'list': {
      const element = (type as { element: LogicalType }).element;
      const start = column.starts[row]!;
      return Array.from({ length: column.lengths[row]! }, (_, i) =>
        readValue(column.element, element, start + i),
      );
    }
    case 'map': {
      const [key, value] = mapTypes(type);
      const start = column.starts[row]!;
      return {
        entries: Array.from(
          { length: column.lengths[row]! },
          (_, i) =>
            [readValue(column.keys, key, start + i), readValue(column.values, value, start + i)] as const,
        ),
      };
    }
  }
}

/** Key and value types of a MAP, or element and INT of a MULTISET. */
export function mapTypes(type: LogicalType): [LogicalType, LogicalType] {
  if (type.kind === 'MAP') return [type.key, type.value];
  if (type.kind === 'MULTISET') return [type.element, { kind: 'INT', nullable: false }];
  throw new TypeError(`not a map type: ${type.kind}`);
}

/** All cells of one row of a batch. */
export function readRow(batch: Batch, types: readonly LogicalType[], row: number): Row {
  return batch.columns.map((column, i) => readValue(column, types[i]!, row));
}
