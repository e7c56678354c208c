/* What an expectation is: a name, arguments, and a check that asks the table and gives Great Expectations' result.
 *
 *   suite ─▶ readArgs ─▶ check(args, context) ── aggregates ──▶ one scan for all checks
 *                                             ── samples ────▶ a query where rows are unexpected
 *                                             ─▶ { success, result } */

import type { Json } from '../cell.ts';
import type { RowTest } from '../row-test.ts';
import type { ArgsOf, ArgSpecs } from '../suite/args.ts';
import type { CheckedTable } from '../table/checked-table.ts';
import type { Asker } from '../table/scan.ts';
import type { ResultFormat } from './result-format.ts';

export interface CheckContext {
  readonly table: CheckedTable;
  readonly scan: Asker;
  /** Rows that are looked at: row_condition. */
  readonly where: RowTest;
  readonly format: ResultFormat;
}

/** A row that broke an expectation, for people. */
export interface Sample {
  /** Its place from 0, or the values of its key. */
  readonly at: Json;
  readonly value: Json;
}
export interface Outcome {
  readonly success: boolean;
  readonly result: Readonly<Record<string, Json>>;
  readonly samples?: readonly Sample[];
}

export interface Expectation {
  /** expect_column_values_to_be_unique */
  readonly type: string;
  /** What it looks at; decides how it is grouped in reports. */
  readonly scope: 'table' | 'column' | 'pair' | 'multicolumn' | 'query';
  readonly args: ArgSpecs;
  /** Of those that are decided for each row alone: what is asked of it, as plain data. */
  readonly rowTest?: (args: Readonly<Record<string, unknown>>) => RowTest;
  /** Of the same: which rows count; without, all do. */
  readonly considered?: (args: Readonly<Record<string, unknown>>) => RowTest;
  check(args: Readonly<Record<string, unknown>>, context: CheckContext): Promise<Outcome>;
}

/** Declares one, with the types of its arguments. */
export function expectation<const S extends ArgSpecs>(definition: {
  readonly type: string;
  readonly scope: Expectation['scope'];
  readonly args: S;
  readonly check: (args: ArgsOf<S>, context: CheckContext) => Promise<Outcome>;
}): Expectation {
  return {
    ...definition,
    check: (args, context) => definition.check(args as ArgsOf<S>, context),
  };
}
