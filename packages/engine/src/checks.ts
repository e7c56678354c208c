/* What was found of the expectations of a job's tables. */

import type { NodeMetrics } from '#dataflow';
import { rowsChecked, rowsUnexpected, type CheckAction, type CheckRowsSpec, type JobPlan } from '#job';

export interface CheckCounts {
  readonly table: string;
  /** expect_column_values_to_not_be_null */
  readonly expectation: string;
  readonly column: string;
  readonly action: CheckAction;
  /** Rows that were looked at. */
  readonly evaluated: number;
  readonly unexpected: number;
}

/** Expectations of rows, in the order of their suites. Counts are of this run. */
export function checksOf(plan: JobPlan, metrics: readonly NodeMetrics[]): CheckCounts[] {
  return plan.nodes.flatMap((node) => {
    if (node.kind !== 'operator' || node.operator !== 'check-rows') return [];
    const { table, checks } = node.spec as CheckRowsSpec;
    const own = metrics.filter((m) => m.id === node.id);
    const sum = (counter: string): number => own.reduce((n, m) => n + (m.counters[counter] ?? 0), 0);
    return checks.map(({ expectation, subject, action }, i) => ({
      table,
      expectation,
      column: subject,
      action,
      evaluated: sum(rowsChecked),
      unexpected: sum(rowsUnexpected(i)),
    }));
  });
}
