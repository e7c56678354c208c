/* Aggregates in two phases: what a kernel holds of a slot goes out as columns, and another adds such columns to its cells.
 *
 *   rows ─▶ kernel near the source ─▶ partial columns ─▶ exchange ─▶ kernel of the key: the cells as of the rows themselves
 *
 * Only calls whose result is the same in whatever order rows are put together have partials: no DISTINCT, nothing by arrival,
 * no floating point, no DECIMAL whose sum could pass 38 digits. Flink: two-phase aggregation, "Performance Tuning". */

import {
  types,
  wideAt,
  withNullable,
  type Column,
  type ColumnBuilder,
  type ExactColumn,
  type LogicalType,
} from '#data';
import type { AggregateCall } from '#expr';
import type { Kernel } from './kernel.ts';

/** Partial columns of rows, as one kernel sees them: entry i is row `from + i`. */
export interface PartialRows {
  readonly slots: Int32Array;
  readonly columns: readonly Column[];
  readonly from: number;
  readonly count: number;
}
export interface PartialKernel extends Kernel {
  /** What these slots hold, into `builders` from `first` on: one for each of `partialTypes`. */
  appendPartials(builders: readonly ColumnBuilder[], first: number, slots: Int32Array, count: number): void;
  /** Adds what slots of another kernel of the same call held. */
  addPartials(rows: PartialRows): void;
}

/** A sum over so many digits passes 38 after 10^12 rows. */
const summedDigitsMax = 26;

/** The columns of a call's partials; undefined: it has none. Rows that take back others are not asked about. */
export function partialTypes({
  fn,
  distinct,
  argTypes,
  type,
}: AggregateCall): readonly LogicalType[] | undefined {
  if (distinct) return undefined;
  const [arg] = argTypes;
  switch (fn) {
    case 'COUNT':
      return argTypes.length > 1 ? undefined : [types.BIGINT];
    case 'SUM':
    case '$SUM0':
    case 'AVG':
      return sumType(arg!, type);
    case 'MIN':
    case 'MAX':
      return ordered.has(arg!.kind) ? [withNullable(arg!, true)] : undefined;
    default:
      return undefined;
  }
}
function sumType(arg: LogicalType, result: LogicalType): readonly LogicalType[] | undefined {
  if (integers.has(arg.kind)) return [types.BIGINT, types.BIGINT];
  if (arg.kind !== 'DECIMAL' || arg.precision > summedDigitsMax || result.kind !== 'DECIMAL')
    return undefined;
  return [types.decimal(38, result.scale), types.BIGINT];
}
const integers: ReadonlySet<string> = new Set(['TINYINT', 'SMALLINT', 'INT', 'BIGINT']);
const ordered: ReadonlySet<string> = new Set([
  ...integers,
  'DECIMAL',
  'BOOLEAN',
  'CHAR',
  'VARCHAR',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMP_LTZ',
]);

/** Numbers of rows by slot, as a partial column. */
export function appendCounts(
  builder: ColumnBuilder,
  counts: Float64Array,
  slots: Int32Array,
  count: number,
): void {
  builder.appendRows({ layout: 'exact', wide: false, valid: undefined, values: counts }, slots, count);
}
/** Adds a partial column of such numbers. */
export function addCounts(counts: Float64Array, column: Column, { slots, from, count }: PartialRows): void {
  const numbers = column as ExactColumn;
  if (numbers.wide) for (let i = 0; i < count; i++) counts[slots[i]!]! += Number(wideAt(numbers, from + i));
  else for (let i = 0; i < count; i++) counts[slots[i]!]! += numbers.values[from + i]!;
}
