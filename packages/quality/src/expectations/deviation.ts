/* expect_column_value_z_scores_to_be_less_than, expect_column_values_to_not_be_outliers: each value against what the whole
 * column is like, which is asked first. */

import { checkRows, domainSql, failing } from '../expectation/check-rows.ts';
import { expectation, type CheckContext } from '../expectation/expectation.ts';
import { mostly, notNull } from '../expectation/row-expectation.ts';
import type { RowTest } from '../row-test.ts';
import { column, flag, number, oneOf, optional } from '../suite/args.ts';
import { numberOf } from './statistics.ts';

async function meanAndDeviation(
  context: CheckContext,
  name: string,
): Promise<[number | null, number | null]> {
  const sql = numberOf(context, name);
  const where = `FILTER (WHERE ${domainSql(context)})`;
  const [mean, deviation] = await Promise.all([
    context.scan.ask(`avg(${sql}) ${where}`),
    context.scan.ask(`stddev_samp(${sql}) ${where}`),
  ]);
  const finite = (value: unknown): number | null =>
    typeof value === 'number' && Number.isFinite(value) ? value : null;
  return [finite(mean), finite(deviation)];
}

/** Of a column without spread no value has a z-score: none is unexpected. */
export const valueZScoresToBeLessThan = expectation({
  type: 'expect_column_value_z_scores_to_be_less_than',
  scope: 'column',
  args: { column, mostly, threshold: number, double_sided: flag },
  check: async (args, context) => {
    const [mean, deviation] = await meanAndDeviation(context, args.column);
    const considered = notNull(args.column);
    const test: RowTest =
      mean === null || deviation === null || deviation === 0
        ? { kind: 'true' }
        : {
            kind: 'distance',
            column: args.column,
            center: mean,
            scale: deviation,
            limit: args.double_sided ? Math.abs(args.threshold) : args.threshold,
            absolute: args.double_sided,
          };
    return await checkRows(context, {
      columns: [args.column],
      shape: 'value',
      considered,
      mostly: args.mostly,
      unexpected: failing(context, considered, test),
    });
  },
});

/** iqr: beyond the quartiles by `multiplier` times their distance; std: off the mean by as many standard deviations or more. */
export const valuesToNotBeOutliers = expectation({
  type: 'expect_column_values_to_not_be_outliers',
  scope: 'column',
  args: { column, mostly, method: optional(oneOf('iqr', 'std'), 'iqr'), multiplier: optional(number, 1.5) },
  check: async (args, context) => {
    const considered = notNull(args.column);
    const test =
      args.method === 'iqr'
        ? await insideQuartiles(context, args.column, args.multiplier)
        : await nearMean(context, args.column, args.multiplier);
    return await checkRows(context, {
      columns: [args.column],
      shape: 'value',
      considered,
      mostly: args.mostly,
      unexpected: failing(context, considered, test),
    });
  },
});
async function insideQuartiles(context: CheckContext, name: string, multiplier: number): Promise<RowTest> {
  const sql = numberOf(context, name);
  const where = `FILTER (WHERE ${domainSql(context)})`;
  const { quantile } = context.table.dialect;
  const [low, high] = (await Promise.all(
    [0.25, 0.75].map((q) => context.scan.ask(`${quantile(sql, q, true)} ${where}`)),
  )) as (number | null)[];
  if (low === null || high === null) return { kind: 'true' };
  const reach = multiplier * (high! - low!);
  return { kind: 'between', column: name, bounds: { min: low! - reach, max: high! + reach } };
}
async function nearMean(context: CheckContext, name: string, multiplier: number): Promise<RowTest> {
  const [mean, deviation] = await meanAndDeviation(context, name);
  if (mean === null || deviation === null) return { kind: 'true' };
  if (deviation * multiplier <= 0) return { kind: 'compare', column: name, operator: '=', value: mean };
  return {
    kind: 'distance',
    column: name,
    center: mean,
    scale: 1,
    limit: multiplier * deviation,
    absolute: true,
  };
}
