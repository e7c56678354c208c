/* What was found of the expectations of a job's tables. */

import type { NodeMetrics } from '#dataflow';
import {
  newestValue,
  rowsChecked,
  rowsUnexpected,
  type CheckAction,
  type CheckRowsSpec,
  type FreshnessSpec,
  type FreshnessWatchSpec,
  type JobPlan,
} from '#job';

export interface CheckCounts {
  readonly table: string;
  /** expect_column_values_to_not_be_null */
  readonly expectation: string;
  readonly column: string;
  /** In words: values to be between, min_value 0. */
  readonly text: string;
  readonly action: CheckAction;
  /** critical, warning or info. */
  readonly severity: string;
  /** Rows that were looked at. */
  readonly evaluated: number;
  readonly unexpected: number;
  /** Of an expectation of how old the newest row may be. */
  readonly freshness?: Freshness;
}
export interface Freshness {
  /** Ms since the epoch; null: no row has come. */
  readonly newest: number | null;
  readonly delayMaxMs: number;
  /** It is too old by the clock. */
  readonly fails: boolean;
}
/** What the age of rows is judged by, ms since the epoch. */
interface Clock {
  readonly now: number;
  /** A table that has given no row is as old as the run. */
  readonly startedAt: number;
}

/** Expectations of rows, in the order of their suites, then those of their age. Counts are of this run. */
export function checksOf(plan: JobPlan, metrics: readonly NodeMetrics[], clock: Clock): CheckCounts[] {
  const found = plan.nodes.flatMap((node): CheckCounts[] => {
    if (node.kind !== 'operator') return [];
    const own = metrics.filter((m) => m.id === node.id);
    const sum = (counter: string): number => own.reduce((n, m) => n + (m.counters[counter] ?? 0), 0);
    if (node.operator === 'freshness') {
      const { table, ...watch } = node.spec as FreshnessSpec;
      const rows = own.reduce((n, m) => n + m.rowsIn, 0);
      return freshnessOf(table, watch, own, rows, clock);
    }
    if (node.operator !== 'check-rows') return [];
    const { table, checks, freshness } = node.spec as CheckRowsSpec;
    const ofRows = checks.map(({ expectation, subject, text, action, severity }, i) => ({
      table,
      expectation,
      column: subject,
      text,
      action,
      severity,
      evaluated: sum(rowsChecked),
      unexpected: sum(rowsUnexpected(i)),
    }));
    if (freshness === undefined) return ofRows;
    return [...ofRows, ...freshnessOf(table, freshness, own, sum(rowsChecked), clock)];
  });
  // A job that reads a table and what is said of it watches its age twice.
  const ages = new Set<string>();
  return found.filter(({ table, column, freshness }) => {
    if (freshness === undefined) return true;
    const key = JSON.stringify([table, column, freshness.delayMaxMs]);
    if (ages.has(key)) return false;
    ages.add(key);
    return true;
  });
}

function freshnessOf(
  table: string,
  { checks }: FreshnessWatchSpec,
  metrics: readonly NodeMetrics[],
  evaluated: number,
  { now, startedAt }: Clock,
): CheckCounts[] {
  return checks.map(({ expectation, subject, text, severity, delayMaxMs, strict }, i) => {
    const newest = metrics.reduce(
      (most, m) => Math.max(most, m.gauges[newestValue(i)] ?? -Infinity),
      -Infinity,
    );
    const age = now - (newest === -Infinity ? startedAt : newest);
    return {
      table,
      expectation,
      column: subject,
      text,
      action: 'warn',
      severity,
      evaluated,
      unexpected: 0,
      freshness: {
        newest: newest === -Infinity ? null : newest,
        delayMaxMs,
        fails: strict ? age >= delayMaxMs : age > delayMaxMs,
      },
    };
  });
}
