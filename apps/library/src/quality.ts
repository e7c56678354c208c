/// <reference types="node" preserve="true" />
/* millrace/quality: checks of files and tables from a program. */

import './ambient-types.ts';
import './node-version.ts';
import { realWorld } from '#host';
import {
  TableExpectations,
  validateTable,
  type CheckedTable,
  type Suite,
  type ValidateOptions,
  type ValidationResult,
} from '#quality';

export {
  countsOf,
  ExpectationsFailed,
  openFile,
  openPostgresTable,
  profileTable,
  readSuite,
  reportHtml,
  reportJson,
  reportJunit,
  reportText,
  suggestSuite,
} from '#quality';
export type {
  Cell,
  CheckedTable,
  DuckDBOptions,
  ExpectationConfig,
  ExpectationResult,
  LineOptions,
  PostgresOptions,
  Profile,
  Report,
  Severity,
  Suite,
  TableColumn,
  TableExpectations,
  ValidationResult,
} from '#quality';

/** `nowMs`: what now() is in parameters; the clock's by default. */
export type CheckOptions = Omit<ValidateOptions, 'nowMs'> & Partial<Pick<ValidateOptions, 'nowMs'>>;

const withClock = (options: CheckOptions): ValidateOptions => ({ nowMs: realWorld().now(), ...options });

/** Begins lines about a table: await them, and what does not hold is thrown. */
export const expect = (table: CheckedTable, options: CheckOptions = {}): TableExpectations =>
  new TableExpectations(table, withClock(options));

/** A suite against a table. Throws ExternalError when the table's system fails. */
export const validate = (
  table: CheckedTable,
  suite: Suite,
  options: CheckOptions = {},
): Promise<ValidationResult> => validateTable(table, suite, withClock(options));
