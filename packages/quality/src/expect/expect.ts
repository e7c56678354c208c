/* Expectations from TypeScript: lines of a suite, written as calls, which run together when they are awaited.
 *
 *   await expect(table).column('id').toBeUnique().column('total').toBeBetween(0, 1e6, { mostly: 0.99 }); */

import { UserError } from '#base';
import type { Cell } from '../cell.ts';
import { findingOf, titleOf } from '../report/report.ts';
import type { ExpectationConfig, Severity } from '../suite/suite.ts';
import type { CheckedTable } from '../table/checked-table.ts';
import { failed, validateTable, type ValidateOptions, type ValidationResult } from '../validate.ts';

export interface LineOptions {
  /** The share of rows that must be as expected: 1 by default. */
  readonly mostly?: number;
  /** Rows that are looked at: 'status == "paid" and total > 0'. */
  readonly where?: string;
  readonly severity?: Severity;
}
export interface BoundOptions extends LineOptions {
  readonly strictMin?: boolean;
  readonly strictMax?: boolean;
}
type Bound = number | bigint | string | null;

/** What was expected did not hold; `result` has it all. */
export class ExpectationsFailed extends UserError {
  readonly result: ValidationResult;

  constructor(result: ValidationResult) {
    const broken = result.results.filter((r) => failed(r, false));
    const lines = broken.map((r) => {
      const { subject, text, args } = titleOf(r);
      return `${subject}: ${text}${args === '' ? '' : ` (${args})`}: ${findingOf(r)}`;
    });
    super('QLT4001', {
      message: `${result.meta.table}: ${broken.length} of ${result.results.length} expectations failed\n  ${lines.join('\n  ')}`,
    });
    this.result = result;
  }
}

/** Lines so far. Awaited, they are checked in one scan: resolves with the result, throws ExpectationsFailed when one that is
 *  critical does not hold. */
export class TableExpectations implements PromiseLike<ValidationResult> {
  readonly #table: CheckedTable;
  readonly #options: ValidateOptions;
  readonly #lines: ExpectationConfig[] = [];

  constructor(table: CheckedTable, options: ValidateOptions) {
    this.#table = table;
    this.#options = options;
  }
  column(name: string): ColumnExpectations {
    return new ColumnExpectations(this, name);
  }
  /** Any expectation by its name in suites. */
  to(type: string, kwargs: Readonly<Record<string, unknown>>, options: LineOptions = {}): this {
    const { mostly, where, severity } = options;
    this.#lines.push({
      type,
      severity,
      kwargs: {
        ...kwargs,
        ...(mostly === undefined ? {} : { mostly }),
        ...(where === undefined ? {} : { row_condition: where }),
      },
    });
    return this;
  }
  toHaveRowCountBetween(min: number | null, max: number | null = null, options?: LineOptions): this {
    return this.to('expect_table_row_count_to_be_between', { min_value: min, max_value: max }, options);
  }
  toHaveColumns(names: readonly string[]): this {
    return this.to('expect_table_columns_to_match_ordered_list', { column_list: names });
  }
  toHaveUniqueRowsBy(names: readonly string[], options?: LineOptions): this {
    return this.to('expect_compound_columns_to_be_unique', { column_list: names }, options);
  }
  /** Checks all lines; throws nothing for what does not hold. */
  result(): Promise<ValidationResult> {
    return validateTable(this.#table, { name: 'expect', expectations: this.#lines }, this.#options);
  }
  /** Awaiting it is how it runs. */
  then<A = ValidationResult, B = never>(
    held?: ((result: ValidationResult) => A | PromiseLike<A>) | null,
    broke?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.result()
      .then((result) => {
        if (result.results.some((r) => failed(r, false))) throw new ExpectationsFailed(result);
        return result;
      })
      .then(held, broke);
  }
}

/** Lines about one column; each gives the table's back. */
export class ColumnExpectations {
  readonly #of: TableExpectations;
  readonly #column: string;

  constructor(of: TableExpectations, column: string) {
    this.#of = of;
    this.#column = column;
  }
  /** Any expectation of a column by its name in suites. */
  to(type: string, kwargs: Readonly<Record<string, unknown>> = {}, options?: LineOptions): TableExpectations {
    return this.#of.to(type, { column: this.#column, ...kwargs }, options);
  }
  toNotBeNull(options?: LineOptions): TableExpectations {
    return this.to('expect_column_values_to_not_be_null', {}, options);
  }
  toBeNull(options?: LineOptions): TableExpectations {
    return this.to('expect_column_values_to_be_null', {}, options);
  }
  toBeUnique(options?: LineOptions): TableExpectations {
    return this.to('expect_column_values_to_be_unique', {}, options);
  }
  toBeBetween(min: Bound, max: Bound, options: BoundOptions = {}): TableExpectations {
    return this.to('expect_column_values_to_be_between', bounds(min, max, options), options);
  }
  toBeInSet(values: readonly Cell[], options?: LineOptions): TableExpectations {
    return this.to('expect_column_values_to_be_in_set', { value_set: values }, options);
  }
  toNotBeInSet(values: readonly Cell[], options?: LineOptions): TableExpectations {
    return this.to('expect_column_values_to_not_be_in_set', { value_set: values }, options);
  }
  toMatchRegex(pattern: string | RegExp, options?: LineOptions): TableExpectations {
    return this.to('expect_column_values_to_match_regex', { regex: patternText(pattern) }, options);
  }
  toNotMatchRegex(pattern: string | RegExp, options?: LineOptions): TableExpectations {
    return this.to('expect_column_values_to_not_match_regex', { regex: patternText(pattern) }, options);
  }
  toHaveLengthBetween(min: number | null, max: number | null, options: BoundOptions = {}): TableExpectations {
    return this.to('expect_column_value_lengths_to_be_between', bounds(min, max, options), options);
  }
  toBeOfType(type: string): TableExpectations {
    return this.to('expect_column_values_to_be_of_type', { type_: type });
  }
  toBeIncreasing(options?: LineOptions): TableExpectations {
    return this.to('expect_column_values_to_be_increasing', {}, options);
  }
  toHaveMaxBetween(min: Bound, max: Bound, options: BoundOptions = {}): TableExpectations {
    return this.to('expect_column_max_to_be_between', bounds(min, max, options), options);
  }
  toHaveMinBetween(min: Bound, max: Bound, options: BoundOptions = {}): TableExpectations {
    return this.to('expect_column_min_to_be_between', bounds(min, max, options), options);
  }
  toHaveMeanBetween(min: Bound, max: Bound, options: BoundOptions = {}): TableExpectations {
    return this.to('expect_column_mean_to_be_between', bounds(min, max, options), options);
  }
  toHaveSumBetween(min: Bound, max: Bound, options: BoundOptions = {}): TableExpectations {
    return this.to('expect_column_sum_to_be_between', bounds(min, max, options), options);
  }
}
const bounds = (min: Bound, max: Bound, { strictMin, strictMax }: BoundOptions): Record<string, unknown> => ({
  min_value: min,
  max_value: max,
  ...(strictMin === undefined ? {} : { strict_min: strictMin }),
  ...(strictMax === undefined ? {} : { strict_max: strictMax }),
});
/** Flags stand in front, as in suites. */
const patternText = (pattern: string | RegExp): string =>
  typeof pattern === 'string'
    ? pattern
    : `${/[ims]/.test(pattern.flags) ? `(?${pattern.flags.replaceAll(/[^ims]/g, '')})` : ''}${pattern.source}`;
