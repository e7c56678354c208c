/* What the operator that holds rows against expectations is asked for. */

import type { CalcPlan } from '#expr';
import type { FreshnessWatchSpec } from './freshness.ts';

/** What becomes of a row that an expectation does not hold for, the weakest first. */
export const checkActions = ['warn', 'drop', 'dead-letter', 'fail'] as const;
export type CheckAction = (typeof checkActions)[number];

export interface CheckSpec {
  /** expect_column_values_to_not_be_null */
  readonly expectation: string;
  readonly subject: string;
  /** In words. */
  readonly text: string;
  readonly action: CheckAction;
  /** critical, warning or info. */
  readonly severity: string;
}
export interface CheckRowsSpec {
  readonly table: string;
  readonly fields: readonly string[];
  readonly checks: readonly CheckSpec[];
  /** Of rows that any check does not hold for: which do not, one BOOLEAN a check. */
  readonly find: CalcPlan;
  /** The rows that go on. */
  readonly pass: CalcPlan;
  /** What is asked of how old the newest row is: it is only noted here, for the status of the job. */
  readonly freshness: FreshnessWatchSpec | undefined;
}

/** Counters of the operator: rows that were looked at, and those that check i does not hold for. */
export const rowsChecked = 'numRowsChecked';
export const rowsUnexpected = (check: number): string => `numRowsUnexpected.${check}`;
