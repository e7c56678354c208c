/* Values of DuckDB as cells. */

import type { DuckDBValue } from '@duckdb/node-api';
import { decimalCell, type Cell } from '../cell.ts';
import { shownTimestamp } from '../dialect/iso-time.ts';
import type { Family } from '../table/column.ts';
import type { DuckDB } from './load.ts';

/** The family of a type by its name. */
export function duckdbFamily(type: string): Family {
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BIGNUM)$/.test(type)) return 'integer';
  if (/^DECIMAL/.test(type)) return 'decimal';
  if (/^(FLOAT|DOUBLE)$/.test(type)) return 'float';
  if (type === 'BOOLEAN') return 'boolean';
  if (/^(VARCHAR|ENUM|UUID)/.test(type)) return 'text';
  if (type === 'DATE') return 'date';
  if (/^TIMESTAMP/.test(type)) return 'timestamp';
  if (/^TIME/.test(type)) return 'time';
  return type === 'BLOB' ? 'bytes' : 'other';
}

/** Turns values into cells: whole numbers that JavaScript holds exactly as numbers, dates and times as ISO text. */
export function cellsOf(duckdb: DuckDB): (value: DuckDBValue) => Cell {
  const {
    DuckDBDateValue: DateValue,
    DuckDBDecimalValue: DecimalValue,
    DuckDBTimestampValue: TimestampValue,
    DuckDBTimestampTZValue: TimestampTZValue,
    DuckDBTimestampSecondsValue: SecondsValue,
    DuckDBTimestampMillisecondsValue: MillisecondsValue,
    DuckDBTimestampNanosecondsValue: NanosecondsValue,
    DuckDBListValue: ListValue,
    DuckDBStructValue: StructValue,
  } = duckdb;
  const cell = (value: DuckDBValue): Cell => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'bigint')
      return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
        ? Number(value)
        : value;
    if (typeof value !== 'object') return value;
    if (value instanceof DecimalValue) return decimalCell(value.toString());
    if (value instanceof DateValue) return value.toString();
    if (value instanceof TimestampTZValue)
      return shownTimestamp(new Date(Number(value.micros / 1000n)).toISOString().replace('Z', ''));
    if (
      value instanceof TimestampValue ||
      value instanceof SecondsValue ||
      value instanceof MillisecondsValue ||
      value instanceof NanosecondsValue
    )
      return shownTimestamp(value.toString());
    if (value instanceof ListValue) return value.items.map(cell);
    if (value instanceof StructValue)
      return Object.fromEntries(Object.entries(value.entries).map(([name, inner]) => [name, cell(inner)]));
    return String(value);
  };
  return cell;
}
