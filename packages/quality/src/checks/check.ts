/* A check of the short form, as `--checks completeness`: expectations that are made from what is known of the table. */

import type { Profile } from '../profile/profile.ts';
import type { ExpectationConfig, Severity } from '../suite/suite.ts';
import type { TableColumn } from '../table/column.ts';
import type { TableSchema } from './schema.ts';

export interface CheckInput {
  readonly columns: readonly TableColumn[];
  /** A JSON Schema of a row. */
  readonly schema: TableSchema | undefined;
  /** Columns that name a row. */
  readonly key: readonly string[];
  /** Of an earlier report. */
  readonly baseline: Profile | undefined;
  /** Columns of other tables, by their names. */
  readonly references: ReadonlyMap<string, readonly string[]>;
  readonly timestampColumn: string | undefined;
  readonly maxAgeMs: number;
  /** Share of values that must be there where no schema says more. */
  readonly minCompleteness: number;
  readonly nowMs: number;
}
export interface Made {
  readonly expectations: readonly ExpectationConfig[];
  /** Why there are none, or fewer than could be. */
  readonly skipped?: string | undefined;
}
export interface Check {
  readonly name: string;
  /** For --help. */
  readonly about: string;
  make(input: CheckInput): Made;
}

/** A line of a check, with the reason for it. */
export const made = (
  check: string,
  type: string,
  kwargs: Readonly<Record<string, unknown>>,
  reason: string,
  severity: Severity = 'critical',
): ExpectationConfig => ({ type, kwargs, severity, meta: { check, reason } });
