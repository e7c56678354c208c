/* What the operator is asked for that judges by the clock how old the newest row is. */

import type { CalcPlan } from '#expr';

/** The newest value of a column may be no older than so. */
export interface FreshnessCheckSpec {
  /** expect_column_max_to_be_between */
  readonly expectation: string;
  /** The column. */
  readonly subject: string;
  /** In words. */
  readonly text: string;
  readonly severity: string;
  readonly delayMaxMs: number;
  /** The bound itself is too old. */
  readonly strict: boolean;
}
/** Checks, and what is computed of each row for them: one timestamp a check, NULL for a row that does not count. */
export interface FreshnessWatchSpec {
  readonly checks: readonly FreshnessCheckSpec[];
  readonly newest: CalcPlan;
}
export interface FreshnessSpec extends FreshnessWatchSpec {
  readonly table: string;
  /** Windows of the clock, which results stand in. */
  readonly windowMs: number;
}

/** Gauge of the newest value of check i, ms since the epoch: -Infinity before the first. */
export const newestValue = (check: number): string => `newestValue.${check}`;
