/* expect_column_distribution_to_match: whether a column is distributed as a sample that was taken earlier. Great Expectations has
 * no such one among its core since 1.0: its tests by chi-square and by Kolmogorov and Smirnov were left behind.
 *
 * It fails where the difference is both large, by the population stability index, and no chance, by the chi-square test of both
 * samples. Large samples differ by chance in nothing that is large, small ones in nothing that is sure. */

import { cellKey } from '../cell.ts';
import { expectation, type CheckContext } from '../expectation/expectation.ts';
import { homogeneity, stabilityIndex } from '../statistics/chi-square.ts';
import { column, count, number, object, optional, share } from '../suite/args.ts';
import { columnNamed } from '../table/column.ts';
import { binCounts, valueCounts } from './distribution-counts.ts';
import { readPartition, type Partition } from './partition.ts';

/** A change that is told of: above a quarter it is usually called a shift, below a tenth none. */
const thresholdDefault = 0.1;
const significanceDefault = 0.001;

export const distributionToMatch = expectation({
  type: 'expect_column_distribution_to_match',
  scope: 'column',
  args: {
    column,
    partition_object: object,
    sample_size: count,
    threshold: optional(number, thresholdDefault),
    significance: optional(share, significanceDefault),
  },
  check: async (args, context) => {
    const { weights, observed } = await countsBy(readPartition(args.partition_object), args.column, context);
    const earlier = weights.map((w) => w * args.sample_size);
    const { chiSquared, degrees, pValue } = homogeneity(observed, earlier);
    const index = stabilityIndex(observed, earlier);
    return {
      success: index <= args.threshold || pValue >= args.significance,
      result:
        context.format.format === 'BOOLEAN_ONLY'
          ? {}
          : {
              observed_value: Number(index.toFixed(12)),
              details: { p_value: pValue, chi_squared: chiSquared, degrees_of_freedom: degrees },
            },
    };
  },
});

/** Counts by the cells of the partition; what is outside of it has cells of its own. */
async function countsBy(
  partition: Partition,
  name: string,
  context: CheckContext,
): Promise<{ readonly weights: readonly number[]; readonly observed: readonly number[] }> {
  const { name: known } = columnNamed(context.table.columns, name);
  if (partition.kind === 'bins') {
    const [left, right] = partition.tailWeights ?? [0, 0];
    const { below, inside, above } = await binCounts(context, known, partition.bins);
    return { weights: [left, ...partition.weights, right], observed: [below, ...inside, above] };
  }
  const found = new Map((await valueCounts(context, known)).map(([value, rows]) => [cellKey(value), rows]));
  const expected = partition.values.map((value) => {
    const rows = found.get(cellKey(value)) ?? 0;
    found.delete(cellKey(value));
    return rows;
  });
  const others = [...found.values()].reduce((a, b) => a + b, 0);
  return { weights: [...partition.weights, 0], observed: [...expected, others] };
}
