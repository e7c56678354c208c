/* Columns: the values of one field over the rows of a batch.
 *
 *   i32    BOOLEAN (0, 1), TINYINT, SMALLINT, INT, DATE (days), TIME (ms of day), INTERVAL_YEAR_MONTH, NULL
 *   f64    FLOAT (already rounded by Math.fround), DOUBLE
 *   exact  BIGINT, DECIMAL (unscaled), INTERVAL_DAY_TIME (ms): narrow or wide, per batch
 *            narrow  Float64Array of integers, |x| ≤ 2^53 - 1, never -0
 *            wide    BigInt64Array for BIGINT and INTERVAL; for DECIMAL two lanes a value (low 64 bits, high 64 bits)
 *   time   epoch milliseconds in a Float64Array, and nanoseconds within the millisecond, absent when all are 0
 *   bytes  CHAR, VARCHAR (UTF-8), BINARY, VARBINARY, VARIANT, BITMAP: start and length into a byte buffer; rows may share bytes
 *   row    child columns, one a field
 *   list   ARRAY: start and length into an element column;  map: MAP, MULTISET: the same over keys and values
 *
 * `valid[row]` is 1 for a value and 0 for null; absent when nothing is null. What lies at a null row is arbitrary.
 * Arrays may be longer than the batch has rows. A column is read-only to everyone but its producer.
 */

export interface I32Column {
  readonly layout: 'i32';
  readonly valid: Uint8Array | undefined;
  readonly values: Int32Array;
}
export interface F64Column {
  readonly layout: 'f64';
  readonly valid: Uint8Array | undefined;
  readonly values: Float64Array;
}
export interface NarrowColumn {
  readonly layout: 'exact';
  readonly wide: false;
  readonly valid: Uint8Array | undefined;
  readonly values: Float64Array;
}
export interface WideColumn {
  readonly layout: 'exact';
  readonly wide: true;
  readonly valid: Uint8Array | undefined;
  /** One lane a value, or two (low, high) for DECIMAL: see `lanes`. */
  readonly lanes: 1 | 2;
  readonly values: BigInt64Array;
}
export type ExactColumn = NarrowColumn | WideColumn;
export interface TimeColumn {
  readonly layout: 'time';
  readonly valid: Uint8Array | undefined;
  readonly millis: Float64Array;
  readonly nanos: Int32Array | undefined;
}
export interface BytesColumn {
  readonly layout: 'bytes';
  readonly valid: Uint8Array | undefined;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly data: Uint8Array;
}
export interface RowColumn {
  readonly layout: 'row';
  readonly valid: Uint8Array | undefined;
  readonly fields: readonly Column[];
  /** Where the row is NULL, each field's own validity says so too. */
  readonly nullsReachFields?: boolean;
}
export interface ListColumn {
  readonly layout: 'list';
  readonly valid: Uint8Array | undefined;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly element: Column;
}
export interface MapColumn {
  readonly layout: 'map';
  readonly valid: Uint8Array | undefined;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly keys: Column;
  readonly values: Column;
}
export type Column =
  | I32Column
  | F64Column
  | ExactColumn
  | TimeColumn
  | BytesColumn
  | RowColumn
  | ListColumn
  | MapColumn;

/** The greatest magnitude of a narrow value. */
export const narrowMax = Number.MAX_SAFE_INTEGER;

/** The 128-bit value of row `row` of a two-lane wide column. */
export function wideAt(column: WideColumn, row: number): bigint {
  if (column.lanes === 1) return column.values[row]!;
  return (column.values[row * 2 + 1]! << 64n) | BigInt.asUintN(64, column.values[row * 2]!);
}
