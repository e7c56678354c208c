/* expect_column_{max,min,mean,median,stdev,sum}_to_be_between and those of how many values are there or differ. */

import { UserError } from '#base';
import { domainSql } from '../expectation/check-rows.ts';
import { aggregateExpectation } from '../expectation/between.ts';
import type { CheckContext } from '../expectation/expectation.ts';
import { notNull } from '../expectation/row-expectation.ts';
import { columnNamed, isNumeric, type Family, type TableColumn } from '../table/column.ts';
import { groupsOf } from './groups.ts';

const isNumber = (family: Family): boolean => isNumeric(family) || family === 'boolean';

/** A column as a DOUBLE. Throws QLT2002 for what is no number. */
export function numberOf({ table }: CheckContext, name: string): string {
  const { family, type } = columnNamed(table.columns, name);
  if (!isNumber(family))
    throw new UserError('QLT2002', { message: `column "${name}" is ${type}, expected a number` });
  const quoted = table.dialect.quote(name);
  return table.dialect.double(family === 'boolean' ? `CAST(${quoted} AS INTEGER)` : quoted);
}
const filter = (context: CheckContext): string => `FILTER (WHERE ${domainSql(context)})`;
const quoted = ({ table }: CheckContext, { name }: TableColumn): string => table.dialect.quote(name);

/** PostgreSQL has no greatest and least boolean. */
const ordered = (context: CheckContext, column: TableColumn): string =>
  column.family === 'boolean' ? `CAST(${quoted(context, column)} AS INTEGER)` : quoted(context, column);
const extreme = (type: string, name: 'max' | 'min') =>
  aggregateExpectation({
    type,
    family: ({ family }) => family,
    takes: (family) => family !== 'other' && family !== 'bytes',
    value: async (column, context) => {
      const value = await context.scan.ask(`${name}(${ordered(context, column)}) ${filter(context)}`);
      return column.family === 'boolean' && value !== null ? Boolean(value) : value;
    },
  });
export const maxToBeBetween = extreme('expect_column_max_to_be_between', 'max');
export const minToBeBetween = extreme('expect_column_min_to_be_between', 'min');

export const meanToBeBetween = aggregateExpectation({
  type: 'expect_column_mean_to_be_between',
  takes: isNumber,
  value: ({ name }, context) => context.scan.ask(`avg(${numberOf(context, name)}) ${filter(context)}`),
});
export const medianToBeBetween = aggregateExpectation({
  type: 'expect_column_median_to_be_between',
  takes: isNumber,
  value: ({ name }, context) =>
    context.scan.ask(
      `${context.table.dialect.quantile(numberOf(context, name), 0.5, true)} ${filter(context)}`,
    ),
});
export const stdevToBeBetween = aggregateExpectation({
  type: 'expect_column_stdev_to_be_between',
  takes: isNumber,
  value: ({ name }, context) =>
    context.scan.ask(`stddev_samp(${numberOf(context, name)}) ${filter(context)}`),
});
/** Of no rows it is 0. */
export const sumToBeBetween = aggregateExpectation({
  type: 'expect_column_sum_to_be_between',
  takes: isNumber,
  value: (column, context) =>
    context.scan.ask(`coalesce(sum(${ordered(context, column)}) ${filter(context)}, 0)`),
});

const distinct = async (column: TableColumn, context: CheckContext): Promise<number> =>
  await context.scan.count('count(*)', groupsOf(context, [column.name], notNull(column.name)));
const present = async (column: TableColumn, context: CheckContext): Promise<number> =>
  await context.scan.count(`count(${quoted(context, column)}) ${filter(context)}`);

export const uniqueValueCountToBeBetween = aggregateExpectation({
  type: 'expect_column_unique_value_count_to_be_between',
  value: distinct,
});
/** Of the values that are there; 0 where there is none. */
export const proportionOfUniqueValuesToBeBetween = aggregateExpectation({
  type: 'expect_column_proportion_of_unique_values_to_be_between',
  value: async (column, context) => {
    const [different, all] = await Promise.all([distinct(column, context), present(column, context)]);
    return all === 0 ? 0 : different / all;
  },
});
/** Of all rows; 0 where there is none. */
export const proportionOfNonNullValuesToBeBetween = aggregateExpectation({
  type: 'expect_column_proportion_of_non_null_values_to_be_between',
  value: async (column, context) => {
    const [there, all] = await Promise.all([
      present(column, context),
      context.scan.count(`count(*) ${filter(context)}`),
    ]);
    return all === 0 ? 0 : there / all;
  },
});
