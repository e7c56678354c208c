/* drift: columns are distributed as they were when an earlier report was made. */

import type { ExpectationConfig } from '../suite/suite.ts';
import type { ColumnProfile } from '../profile/profile.ts';
import { made, type Check } from './check.ts';

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
  const counts = top.length > 0 ? top.map((t) => t.count) : (histogram?.counts ?? []);
  const rows = counts.reduce((a, b) => a + b, 0);
  if (rows === 0) return [];
  const weights = counts.map((c) => c / rows);
  // What lies beyond the least and the greatest of then counts with them.
  const partition =
    top.length > 0
      ? { values: top.map((t) => t.value), weights }
      : { bins: ['-inf', ...histogram!.bins.slice(1, -1), 'inf'], weights };
  return [
    made(
      'drift',
      'expect_column_distribution_to_match',
      { column: name, partition_object: partition, sample_size: rows },
      'distributed as in the earlier report: no difference that is both large and no chance',
    ),
  ];
}
