/* drift: columns are distributed as they were when an earlier report was made. */

import type { ExpectationConfig } from '../suite/suite.ts';
import type { ColumnProfile } from '../profile/profile.ts';
import { made, type Check } from './check.ts';

/** Relative entropy in nats; beyond it a distribution is told of as changed. */
const divergenceMax = 0.1;
/** Weight that is left for what was not there then. */
const holdout = 0.01;

export const drift: Check = {
  name: 'drift',
  about: 'columns are distributed as in the report --baseline',
  make: ({ baseline, columns }) => {
    if (baseline === undefined)
      return { expectations: [], skipped: 'it needs an earlier report: --baseline FILE' };
    const names = new Set(columns.map((c) => c.name));
    const lines = baseline.columns
      .filter((c) => names.has(c.name) && !isKey(c, baseline.rows))
      .flatMap(linesOf);
    return {
      expectations: lines,
      skipped: lines.length === 0 ? 'the earlier report has no distributions' : undefined,
    };
  },
};
/** Keys grow: that they did says nothing. */
const isKey = ({ family, distinct, nulls }: ColumnProfile, rows: number): boolean =>
  family === 'integer' && nulls === 0 && distinct === rows;

function linesOf({ name, histogram, top }: ColumnProfile): ExpectationConfig[] {
  const reason = `as in the earlier report, up to a divergence of ${divergenceMax}`;
  const share = (counts: readonly number[]): number[] => {
    const all = counts.reduce((a, b) => a + b, 0);
    return counts.map((c) => c / all);
  };
  const common = { column: name, threshold: divergenceMax, tail_weight_holdout: holdout };
  const type = 'expect_column_kl_divergence_to_be_less_than';
  if (top.length > 0) {
    const partition = { values: top.map((t) => t.value), weights: share(top.map((t) => t.count)) };
    return [made('drift', type, { ...common, partition_object: partition }, reason)];
  }
  if (histogram === null) return [];
  const partition = { bins: histogram.bins, weights: share(histogram.counts) };
  return [
    made('drift', type, { ...common, internal_weight_holdout: holdout, partition_object: partition }, reason),
  ];
}
