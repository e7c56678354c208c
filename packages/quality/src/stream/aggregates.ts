/* Expectations of a window's rows as a whole: one aggregate each, and the bounds that it must lie between. */

import { UserError } from '#base';
import type { BoundArgs } from '../expectation/between.ts';
import { millraceDialect, isNumber } from '../dialect/millrace.ts';
import { testSql } from '../dialect/test-sql.ts';
import { columnNamed, type Family, type TableColumn } from '../table/column.ts';
import type { BoundExpectation, ExpectationConfig } from '../suite/suite.ts';
import type { Summary } from './quality-query.ts';
import type { StreamTable } from './stream-table.ts';

interface Aggregate {
  /** What is observed, over the aggregates that it asks for. */
  readonly value: (column: TableColumn, ask: (sql: string) => string) => string;
  /** Families of columns that it takes; all by default. */
  readonly takes?: (family: Family) => boolean;
  /** How the value compares: as the column, or as a number. */
  readonly asColumn?: boolean;
}

const { quote, double } = millraceDialect;
const number = ({ name, family }: TableColumn): string =>
  double(family === 'boolean' ? `CAST(${quote(name)} AS INTEGER)` : quote(name));
const ofNumbers = (fn: (sql: string) => string): Aggregate => ({
  takes: isNumber,
  value: (column, ask) => ask(fn(number(column))),
});
const extreme = (fn: 'MAX' | 'MIN'): Aggregate => ({
  asColumn: true,
  takes: (family) => family !== 'other' && family !== 'bytes' && family !== 'boolean',
  value: ({ name }, ask) => ask(`${fn}(${quote(name)})`),
});
const distinct = ({ name }: TableColumn): string => `COUNT(DISTINCT ${quote(name)})`;
const present = ({ name }: TableColumn): string => `COUNT(${quote(name)})`;
const share = (part: string, whole: string): string =>
  `CASE WHEN ${whole} = 0 THEN CAST(0 AS DOUBLE) ELSE CAST(${part} AS DOUBLE) / ${whole} END`;

const ofColumn: Readonly<Record<string, Aggregate>> = {
  expect_column_max_to_be_between: extreme('MAX'),
  expect_column_min_to_be_between: extreme('MIN'),
  expect_column_mean_to_be_between: ofNumbers((sql) => `AVG(${sql})`),
  expect_column_stdev_to_be_between: ofNumbers((sql) => `STDDEV_SAMP(${sql})`),
  expect_column_median_to_be_between: ofNumbers((sql) => millraceDialect.quantile(sql, 0.5, true)),
  // Of no values it is 0. Whole numbers are summed as such.
  expect_column_sum_to_be_between: {
    takes: isNumber,
    value: (column, ask) => {
      const exact = column.family === 'integer' || column.family === 'decimal';
      return `COALESCE(${ask(`SUM(${exact ? quote(column.name) : number(column)})`)}, 0)`;
    },
  },
  expect_column_unique_value_count_to_be_between: { value: (column, ask) => ask(distinct(column)) },
  expect_column_proportion_of_unique_values_to_be_between: {
    value: (column, ask) => share(ask(distinct(column)), ask(present(column))),
  },
  expect_column_proportion_of_non_null_values_to_be_between: {
    value: (column, ask) => share(ask(present(column)), ask('COUNT(*)')),
  },
};
const rowCounts = new Set(['expect_table_row_count_to_be_between', 'expect_table_row_count_to_equal']);

export const isAggregate = (type: string): boolean => type in ofColumn || rowCounts.has(type);

/** Throws QLT2001 and QLT2002 for a column that does not fit. */
export function aggregateOf(
  config: ExpectationConfig,
  { args, where }: BoundExpectation,
  table: StreamTable,
): Summary {
  const filter =
    where.kind === 'true' ? '' : ` FILTER (WHERE ${testSql(where, table.columns, millraceDialect)})`;
  const elements = `COUNT(*)${filter}`;
  const asks = (ask: (sql: string) => string) => (sql: string) => ask(`${sql}${filter}`);
  if (rowCounts.has(config.type)) {
    const equal = args['value'] as number | undefined;
    const bounds = equal === undefined ? args : { min_value: equal, max_value: equal };
    return {
      config,
      elements,
      value: (ask) => ask(elements),
      success: (value) => betweenSql(value, bounds as unknown as BoundArgs, 'integer', 'the row count'),
    };
  }
  const { value, takes, asColumn } = ofColumn[config.type]!;
  const column = columnNamed(table.columns, args['column'] as string);
  if (takes?.(column.family) === false)
    throw new UserError('QLT2002', {
      message: `column "${column.name}" is ${column.type}, which ${config.type} does not take`,
    });
  return {
    config,
    elements,
    value: (ask) => value(column, asks(ask)),
    success: (found) =>
      betweenSql(
        found,
        args as unknown as BoundArgs,
        asColumn === true ? column.family : 'float',
        `column "${column.name}"`,
      ),
  };
}

/** What is not there is not between. */
function betweenSql(value: string, args: BoundArgs, family: Family, what: string): string {
  const literal = (bound: NonNullable<BoundArgs['min_value']>): string => {
    const sql = millraceDialect.literal(bound, family);
    if (sql !== undefined) return sql;
    throw new UserError('QLT2002', { message: `${what} cannot be compared to ${JSON.stringify(bound)}` });
  };
  const { min_value: min, max_value: max, strict_min: strictMin, strict_max: strictMax } = args;
  const sides = [`(${value}) IS NOT NULL`];
  if (min !== undefined && min !== null) sides.push(`(${value}) ${strictMin ? '>' : '>='} ${literal(min)}`);
  if (max !== undefined && max !== null) sides.push(`(${value}) ${strictMax ? '<' : '<='} ${literal(max)}`);
  return sides.join(' AND ');
}
